/**
 * `replay --journal`: final windows made anew from the intervals and counts of a store, to be compared with what was
 * published. Provisional windows are not made: they said what was known at their end, and the journal knows more.
 */

import { agreementOf, type Entry } from "../core/annotation/agreement.ts";
import type { CountsInput, DecisionInput } from "../core/annotation/entered.ts";
import type { CountFact, IntervalFact, RecordFact } from "../core/fact.ts";
import type { ConfigInput } from "../core/input.ts";
import type { AssetModel, PlantModel } from "../core/model.ts";
import type { Millis, Span } from "../core/time.ts";
import { WINDOW_KINDS } from "../core/vocabulary.ts";
import { recount } from "../core/window/recount.ts";
import { addPieces, noPieces, type Pieces, type WindowSums } from "../core/window/sums.ts";
import { type Chain, seal } from "../record/chain.ts";
import { message } from "../record/message.ts";
import type { Reader, StoredWindow } from "../store/read.ts";
import { rulesInForce } from "./in-force.ts";

const EVER: Span = { from: 0, to: Number.MAX_SAFE_INTEGER };

/** What windows are made anew from: a store, or the excerpt of one. */
export type JournalSource = Pick<Reader, "inputs" | "windows" | "intervals" | "counts">;

/** Prints the latest revision of every final window that was made up to `until`, in the order they were made. */
export function replayJournal(
  reader: JournalSource,
  until: Millis | null,
  print: (line: string) => void,
): void {
  const { configs, entered } = readInputs(reader);
  const models = new Map(configs.map(({ hash, model }) => [hash, model]));
  const assets = new Set([...models.values()].flatMap((model) => model.assets.map(({ id }) => id)));
  const windows = [...assets].flatMap((asset) =>
    kindsOf(models.values()).flatMap((kind) => reader.windows(asset, kind, EVER.from, EVER.to)),
  );
  const chain: Chain = { nextSeq: 1, heads: {}, replayed: true };
  for (const stored of windows.filter(({ body }) => body.final).sort(inOrder)) {
    if (until !== null && stored.time > until) continue;
    const model = models.get(stored.configHash);
    if (!model) continue;
    const asset = model.assets.find(({ id }) => id === stored.asset);
    if (!asset) continue;
    const told = toldUnder(configs, stored, model);
    const sealed = seal(chain, message(remade(reader, stored, entered, asset), told));
    print(`{"topic":${JSON.stringify(sealed.topic)},"payload":${sealed.payload}}`);
  }
}

/** A machine that left the configuration is told under its last one, by the gateway that has it since. */
function toldUnder(
  configs: ConfigInput[],
  { asset, time }: StoredWindow,
  model: PlantModel,
): PlantModel {
  const now = configs.findLast(({ at }) => at <= time)?.model ?? model;
  if (now.assets.some(({ id }) => id === asset)) return model;
  return { ...model, agent: now.agent, root: now.root };
}

/** Configurations, and what people entered, in order. */
function readInputs(reader: JournalSource): { configs: ConfigInput[]; entered: Entered } {
  const configs: ConfigInput[] = [];
  const entered: Entered = { entries: [], others: [] };
  const rules = rulesInForce();
  for (const input of reader.inputs(EVER.from, EVER.to)) {
    rules.see(input);
    if (input.kind === "config") configs.push(input);
    if (input.kind === "reason")
      entered.entries.push({ input, deciders: rules.decidersOf(input.asset) });
    if (input.kind === "decision" || input.kind === "counts") entered.others.push(input);
  }
  return { configs, entered };
}

/** Kinds of windows in a journal; a contract's periods bear its name. */
export function kindsOf(models: Iterable<PlantModel>): string[] {
  const contracts = [...models].flatMap(({ contracts = [] }) => contracts.map(({ id }) => id));
  return [...WINDOW_KINDS, ...[...new Set(contracts)].map((id) => `period:${id}`)];
}

/** What people entered, in order, each annotation with who decided what then. */
interface Entered {
  entries: Entry[];
  others: (DecisionInput | CountsInput)[];
}

function inOrder(a: StoredWindow, b: StoredWindow): number {
  if (a.time !== b.time) return a.time - b.time;
  if (a.asset !== b.asset) return a.asset < b.asset ? -1 : 1;
  const kind = WINDOW_KINDS.indexOf(a.body.kind) - WINDOW_KINDS.indexOf(b.body.kind);
  return kind || a.body.from - b.body.from;
}

function remade(
  reader: JournalSource,
  stored: StoredWindow,
  { entries, others }: Entered,
  { microStopMs }: AssetModel,
): RecordFact {
  const { asset, time, configHash, body } = stored;
  const isKnown = (input: { asset: string; at: Millis }): boolean =>
    input.asset === asset && input.at <= time;
  const own = others.filter(isKnown);
  const decisions = own.filter((input) => input.kind === "decision");
  const { holding } = agreementOf(
    entries.filter(({ input }) => isKnown(input)),
    decisions,
  );
  const counts: CountFact[] = [...reader.counts(asset, body.from, body.to)];
  const sums = recount(
    body.sums,
    body,
    intervalsOf(reader, asset, body, microStopMs),
    counts,
    holding,
    microStopMs,
  );
  const late = own
    .filter((input) => input.kind === "counts")
    .filter(({ from }) => body.from <= from && from < body.to)
    .reduce((sum, { reject }) => sum + reject, 0);
  if (late !== 0) takeScrap(sums, body.sums, late);
  return { kind: "record", asset, time, configHash, class: "window", body: { ...body, sums } };
}

/** Late scrap is no booking: which recipe it was taken from stands in the recorded window, if its sum is right. */
function takeScrap(sums: WindowSums, recorded: WindowSums, late: number): void {
  const total = (of: WindowSums): Pieces => {
    const pieces = noPieces();
    for (const row of Object.values(of.recipes)) addPieces(pieces, row);
    return pieces;
  };
  const [made, told] = [total(sums), total(recorded)];
  if (made.good - told.good !== late && told.reject - made.reject !== late) return;
  for (const [key, { good, reject }] of Object.entries(recorded.recipes)) {
    const row = sums.recipes[key];
    if (row) Object.assign(row, { good, reject });
  }
}

/** The intervals of a window with the stops that reach into it whole, the one before, and those a micro-stop after. */
function intervalsOf(
  reader: JournalSource,
  asset: string,
  { from, to }: Span,
  microStopMs: Millis,
): IntervalFact[] {
  const reach = to + microStopMs + 1;
  const inside = [...reader.intervals(asset, from - 1, reach)];
  const first = Math.min(inside[0]?.stopFrom ?? from, from);
  const last = inside.at(-1);
  const end = last?.stop === "stop" ? Math.max(last.to + 1, reach) : reach;
  return first < from || end > reach ? [...reader.intervals(asset, first - 1, end)] : inside;
}
