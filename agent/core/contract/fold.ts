/**
 * The settled timeline, interval by interval, into the sums of a contract. Stops are judged whole with the contract's
 * own limit: one that is still too short to be judged waits as a compact run, every other is booked as it goes.
 */

import type { PlanInput } from "../annotation/entered.ts";
import type { CountFact, IntervalFact } from "../journal.ts";
import type { Millis } from "../time.ts";
import { isStop } from "../timeline/stop.ts";
import type { Condition } from "../vocabulary.ts";
import {
  bookPiece,
  bookPieces,
  bookRepair,
  type Desk,
  deskOf,
  type Judgement,
  NO_STOP,
} from "./book.ts";
import type { ContractModel } from "./model.ts";
import { prunePace } from "./pace.ts";
import { permilleBefore } from "./place.ts";
import { type ContractState, plannedSpans, type Run } from "./state.ts";

const PLANNED: Condition[] = ["setup", "engineering", "maintenance"];
export const isPlanned = ({ condition }: IntervalFact): boolean => PLANNED.includes(condition);

/**
 * Books the next settled interval of an asset, under the annotations that hold. What was booked already is skipped;
 * other assets are ignored.
 */
export function bookInterval(model: ContractModel, state: ContractState, fact: IntervalFact): void {
  const desk = deskOf(model, state, fact.asset);
  if (!desk) return;
  const { fold } = desk;
  if (fold.from === null) beginAt(desk, fact);
  if (fact.to <= fold.to) return;
  const piece = fact.from < fold.to ? { ...fact, from: fold.to } : fact;
  if (isStop(piece.condition)) continueRun(desk, piece);
  else {
    endRun(desk, piece);
    bookPiece(desk, piece, NO_STOP, 1);
  }
  fold.last = piece.condition;
  fold.permille = permilleBefore(model, piece);
  fold.to = piece.to;
  prunePace(model, state.pace);
}

/** Books settled pieces. */
export function bookCount(model: ContractModel, state: ContractState, fact: CountFact): void {
  const desk = deskOf(model, state, fact.asset);
  if (desk) bookPieces(desk, fact, 1);
}

/** Notes when a plan was entered, for exclusions that ask for notice. Only what begins after the booked end counts. */
export function notePlan(model: ContractModel, state: ContractState, plan: PlanInput): void {
  const fold = deskOf(model, state, plan.asset)?.fold;
  if (!fold || plan.from < fold.to || plan.at >= plan.from) return;
  fold.plans.push({ from: plan.from, to: plan.to, noticeMs: plan.from - plan.at });
}

/** Notes when somebody was notified of an incident, for contracts whose downtime starts with it. */
export function noteNotified(
  model: ContractModel,
  state: ContractState,
  asset: string,
  at: Millis,
): void {
  const fold = deskOf(model, state, asset)?.fold;
  if (!fold || at < fold.to || fold.notified.includes(at)) return;
  fold.notified.push(at);
  fold.notified.sort((a, b) => a - b);
}

function beginAt(desk: Desk, first: IntervalFact): void {
  fillUnseen(desk, first.from);
  desk.fold.from = desk.fold.to;
}

/** Time of the periods before an asset's first interval was not observed by anybody: books it up to `until`. */
function fillUnseen({ model, state, fold, asset }: Desk, until: Millis): void {
  const desk = { model, state, fold, asset };
  for (const period of state.periods) {
    const end = Math.min(until, period.to);
    let from = Math.max(period.from, fold.to);
    const blind = (to: Millis, schedule: IntervalFact["schedule"]): void => {
      if (to <= from) return;
      const piece = unseen(asset.id, from, to, schedule);
      bookPiece(desk, piece, NO_STOP, 1);
      from = to;
    };
    for (const span of plannedSpans(model, period, asset.calendar, from, end)) {
      blind(span.from, "unscheduled");
      blind(span.to, "scheduled");
    }
    blind(end, "unscheduled");
  }
  fold.to = Math.max(fold.to, until);
}

/** A machine that was never seen was not seen up to `until` either. Those of `except` are about to be. */
export function noteUnseen(
  model: ContractModel,
  state: ContractState,
  until: Millis,
  except: readonly string[],
): void {
  for (const { id } of model.assets) {
    const desk = deskOf(model, state, id);
    if (desk?.fold.from === null && !except.includes(id)) fillUnseen(desk, until);
  }
}

const unseen = (
  asset: string,
  from: Millis,
  to: Millis,
  schedule: IntervalFact["schedule"],
): IntervalFact => ({
  kind: "interval",
  asset,
  from,
  to,
  condition: "unknown",
  cause: "agent-stopped",
  schedule,
  attribution: "none",
  recipe: "unassigned",
  idealCycleUs: null,
  reason: null,
  rule: null,
  stop: "none",
  stopPrime: "none",
  stopFrom: null,
  edgeFrom: null,
});

function continueRun(desk: Desk, piece: IntervalFact): void {
  const { fold, asset } = desk;
  const isFirst = piece.from === fold.from;
  const run: Run = fold.run ?? {
    from: piece.stopFrom ?? piece.from,
    left: isFirst ? null : fold.last,
    permille: isFirst ? 1000 : fold.permille,
    planned: false,
    decided: false,
    pieces: [],
    downMs: 0,
  };
  fold.run = run;
  run.planned ||= isPlanned(piece);
  run.pieces.push(piece);
  if (run.decided || run.planned || piece.to - run.from >= asset.microStopMs) bookRun(desk, run);
}

/** Books what waits of a stop as one that is no micro-stop. */
function bookRun(desk: Desk, run: Run): void {
  run.decided = true;
  const judged = { ...NO_STOP, permille: run.permille };
  for (const piece of run.pieces) run.downMs += bookPiece(desk, piece, judged, 1);
  run.pieces = [];
}

function endRun(desk: Desk, after: IntervalFact): void {
  const { fold } = desk;
  const { run } = fold;
  if (!run) return;
  fold.run = null;
  const { permille } = run;
  const judged = run.decided
    ? { ...NO_STOP, permille }
    : { ...judge(run.left, after.condition, run.pieces[0]), permille };
  for (const piece of run.pieces) run.downMs += bookPiece(desk, piece, judged, 1);
  bookRepair(desk, after.from, run.downMs, 1);
}

/**
 * A short, unplanned stop between two conditions. Where its surroundings are not known the core's own judgement
 * stands (accounting rule 11).
 */
export function judge(
  left: Condition | null,
  right: Condition | null,
  piece: IntervalFact | undefined,
): Omit<Judgement, "permille"> {
  if (left === null || right === null)
    return { micro: piece?.stop === "micro", prime: piece?.stopPrime === "micro" };
  return { micro: left === "producing" && right === "producing", prime: true };
}

/** Judges the stop that covers the booked end as one that goes on: for looking at a copy, never for the state itself. */
export function endNow(model: ContractModel, state: ContractState): void {
  for (const { id } of model.assets) {
    const desk = deskOf(model, state, id);
    if (desk?.fold.run) bookRun(desk, desk.fold.run);
  }
}
