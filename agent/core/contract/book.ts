/**
 * Adds pieces of timeline and counts to the sums of a contract's periods, or takes them off again. Every number moves
 * by the same rule in both directions, so that late knowledge leaves no trace of what it replaced.
 */
import type { CountFact, IntervalFact } from "../journal.ts";
import { type Millis, overlapMs } from "../time.ts";
import type { Pieces } from "../window/sums.ts";
import type { ContractAsset, ContractModel } from "./model.ts";
import { pace } from "./pace.ts";
import {
  type Circumstance,
  capabilityOf,
  inBase,
  lossOf,
  type Place,
  placeOf,
  wholeOf,
} from "./place.ts";
import type { AssetFold, ContractState } from "./state.ts";
import { addLoss, claimOf, rowOf, type Sides, type Tally, tidy } from "./tally.ts";

export const NEVER: Millis = Number.MAX_SAFE_INTEGER;

/** How the stop that a piece belongs to is judged. */
export interface Judgement {
  micro: boolean;
  /** With `unknown` read as `producing` on both sides. */
  prime: boolean;
  /** Capability, thousandths, of the running that it interrupts: what stops does not run better than before. */
  permille: number;
}

/** Of what is no stop. */
export const NO_STOP: Judgement = { micro: false, prime: false, permille: 1000 };

export type Sign = 1 | -1;

/** One asset of a contract while something is booked. */
export interface Desk {
  model: ContractModel;
  state: ContractState;
  asset: ContractAsset;
  fold: AssetFold;
}

export function deskOf(model: ContractModel, state: ContractState, id: string): Desk | null {
  const asset = model.assets.find((each) => each.id === id);
  const fold = state.folds[id];
  return asset && fold ? { model, state, asset, fold } : null;
}

/** Books a piece to every period it meets. Returns its downtime, pending included, in milliseconds. */
export function bookPiece(desk: Desk, piece: IntervalFact, judged: Judgement, sign: Sign): Millis {
  let downMs = 0;
  for (const part of partsOf(desk, piece)) {
    const place = placeOf(desk.model, part, circumstance(part, judged.micro));
    const isDown = place.bucket === "down" || place.bucket === "pending";
    if (isDown) downMs += part.to - part.from;
    if (isDown || place.bucket === "up" || place.bucket === "blind")
      pace(desk.model, desk.state.pace, part, isDown, sign);
    bookPart(desk, part, place, judged, sign);
  }
  return downMs;
}

function bookPart(desk: Desk, part: Part, place: Place, judged: Judgement, sign: Sign): void {
  const isSame = judged.micro === judged.prime;
  const prime = isSame ? place : placeOf(desk.model, part, circumstance(part, judged.prime));
  for (const period of desk.state.periods) {
    const ms = sign * overlapMs(part, period.from, period.to);
    const tally = period.tallies[desk.asset.id];
    if (ms === 0 || !tally) continue;
    addSides(desk, tally.judged, part, place, judged, ms);
    addSides(desk, tally.prime, part, prime, { ...judged, micro: judged.prime }, ms);
    addWhole(desk, tally, part, judged, ms);
    addRow(desk, tally, part, judged.micro, ms);
    if (sign < 0) tidy(tally);
  }
}

const circumstance = ({ noticeMs, notified }: Part, micro: boolean): Circumstance => ({
  micro,
  noticeMs,
  notified,
});

type Part = IntervalFact & Pick<Circumstance, "noticeMs" | "notified">;

/** The piece, cut where a plan with its notice begins or ends and where somebody was notified of its stop. */
function partsOf({ model, fold }: Desk, piece: IntervalFact): Part[] {
  const asksNotice = model.exclusions.some(({ noticeMs }) => noticeMs > 0);
  const plans = asksNotice ? fold.plans : [];
  const begin = piece.stopFrom ?? piece.from;
  const told =
    model.downtimeStart === "notification"
      ? (fold.notified.find((at) => at >= begin) ?? NEVER)
      : begin;
  if (plans.length === 0 && told <= piece.from)
    return [{ ...piece, noticeMs: NEVER, notified: true }];
  const cuts = [...plans.flatMap(({ from, to }) => [from, to]), told]
    .filter((at) => at > piece.from && at < piece.to)
    .sort((a, b) => a - b);
  const parts: Part[] = [];
  let from = piece.from;
  for (const to of [...new Set(cuts), piece.to]) {
    const over = plans.filter((plan) => plan.from <= from && plan.to > from);
    const noticeMs = over.length === 0 ? NEVER : Math.max(...over.map((plan) => plan.noticeMs));
    parts.push({ ...piece, from, to, noticeMs, notified: told <= from });
    from = to;
  }
  return parts;
}

function addSides(
  { model }: Desk,
  sides: Sides,
  piece: Part,
  place: Place,
  judged: Judgement,
  ms: Millis,
): void {
  if (place.bucket === null) {
    claimOf(sides, place.claim.code)[place.claim.kind] += ms;
    return;
  }
  sides.buckets[place.bucket] += ms;
  if (place.bucket !== "up") return;
  if (judged.micro || piece.condition === "producing") sides.run += ms;
  sides.lost += ms * (1000 - permilleOf(model, piece, judged));
}

/** Thousandths of full capability of time that is up. What others answer for is not held against the supplier. */
function permilleOf(model: ContractModel, piece: Part, { micro, permille }: Judgement): number {
  const least = Math.min(permille, capabilityOf(model, piece));
  if (!micro || least === 1000) return least;
  const { bucket } = placeOf(model, piece, circumstance(piece, false));
  return bucket === null || bucket === "excluded" ? 1000 : least;
}

function addWhole(
  { model }: Desk,
  { whole }: Tally,
  piece: IntervalFact,
  { micro, prime }: Judgement,
  ms: Millis,
): void {
  const judged = wholeOf(model, piece, micro);
  const primed = wholeOf(model, piece, prime);
  if (judged) whole.judged[judged] += ms;
  if (primed) whole.prime[primed] += ms;
}

/** Where production was lost, by ideal cycle, inside the denominator. */
function addRow(
  { model, asset }: Desk,
  tally: Tally,
  piece: IntervalFact,
  micro: boolean,
  ms: Millis,
): void {
  if (!inBase(model, piece) || piece.condition === "unknown") return;
  const row = rowOf(tally, piece.idealCycleUs);
  const loss = lossOf(asset, piece, micro);
  if (loss) addLoss(row, loss, ms);
  else row.producing += ms;
}

/** Books pieces to the period that holds their instant. Outside loading they count only where the calendar is the denominator. */
export function bookPieces({ model, state, asset }: Desk, count: CountFact, sign: Sign): void {
  for (const period of state.periods) {
    const tally = period.tallies[asset.id];
    if (count.at < period.from || count.at >= period.to || !tally) continue;
    const into = cellOf(model, tally, count);
    for (const role of ["total", "good", "reject"] as const) into[role] += sign * count[role];
    if (sign < 0) tidy(tally);
  }
}

function cellOf(model: ContractModel, tally: Tally, count: CountFact): Pieces {
  if (count.place === "outside" && model.denominator !== "calendar") return tally.outside;
  const row = rowOf(tally, count.idealCycleUs);
  return count.place === "recovered" ? row.recovered : row;
}

/** A stop ended at `at`: its downtime is one repair of the period that holds the end. */
export function bookRepair({ state, asset }: Desk, at: Millis, downMs: Millis, sign: Sign): void {
  if (downMs === 0) return;
  const seconds = Math.floor(downMs / 1000);
  for (const period of state.periods) {
    const repairs = period.tallies[asset.id]?.repairs;
    if (!repairs || at <= period.from || at > period.to) continue;
    repairs.count += sign;
    repairs.ms += sign * downMs;
    repairs.squareS += sign * seconds * seconds;
  }
}
