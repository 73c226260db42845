/** What a detector found, as a finding with its evidence. Called when something changes, never on a quiet row; judges nothing. */
import type { Millis } from "../time.ts";
import { SAMPLE } from "./baseline.ts";
import type { Book } from "./book.ts";
import {
  FAULT,
  FAULTS,
  LEVEL,
  REST,
  S_FAST,
  S_LEVEL,
  S_REST,
  S_SIDE,
  S_TAIL,
  SEEN,
} from "./cells.ts";
import { bareEvidence, type Evidence, type SignalChange } from "./change.ts";
import type { Diary } from "./diary.ts";
import type { Context, Gate } from "./gate.ts";
import { type Finding, raise, relent, type Signals } from "./life.ts";
import { limitAt } from "./limit.ts";
import type { BankModel, Severity, SignalKind } from "./model.ts";
import { baselineRef, finite, traceOf } from "./proof.ts";
import type { StartFinding } from "./starts.ts";
import { GAP } from "./validity.ts";

/** The part of a bank that reports read. */
export interface Reported {
  gate: Gate;
  cells: number[][];
  books: Book[];
  diary: Diary;
  signals: Signals;
}

export const signalId = (model: BankModel, channel: number, kind: SignalKind): string =>
  `${model.channels[channel]!.slug}-${kind}`;

/** Evidence with what is known of the row. */
export function evidenceAt(model: BankModel, now: Context, reason: string): Evidence {
  const evidence = bareEvidence(reason, model.settings);
  evidence.state = now.state;
  evidence.recipe = now.recipe;
  evidence.runMs = now.runMs;
  evidence.last = now.at;
  return evidence;
}

/** What is judged against what was learned. Limits and zones are set by people, and are told whatever the cause. */
const LEARNED: readonly SignalKind[] = ["drift", "step", "start-up", "coast-down"];

export function findingOf(
  model: BankModel,
  channel: number,
  kind: SignalKind,
  severity: Severity,
  evidence: Evidence,
  onset: Millis | null,
): Finding {
  const { id, upstream } = model.channels[channel]!;
  return {
    id: signalId(model, channel, kind),
    kind,
    detector: kind,
    channel: id,
    severity,
    onset,
    baseline: null,
    evidence,
    ...(upstream && LEARNED.includes(kind) && { upstream }),
  };
}

/** A sensor that cannot be believed any more, or can again. */
export function validityChange(
  model: BankModel,
  bank: Reported,
  channel: number,
  x: ArrayLike<number>,
  now: Context,
): SignalChange | null {
  const cell = bank.cells[channel]!;
  const fault = cell[FAULT]!;
  if (fault === 0) return relent(bank.signals, signalId(model, channel, "data-quality"), now.at);
  if (fault === GAP && !isAlone(x, channel)) {
    cell[FAULT] = 0;
    cell[SEEN] = bank.gate.clock;
    return null;
  }
  const evidence = evidenceAt(model, now, FAULTS[fault] ?? "none");
  const began = bank.gate.clock - (fault === GAP ? cell[SEEN]! : cell[REST]!);
  evidence.first = now.at - began;
  if (fault !== GAP) evidence.value = cell[0]!;
  const finding = findingOf(model, channel, "data-quality", "advisory", evidence, evidence.first);
  return raise(bank.signals, finding, now.at);
}

/** When nothing of the machine arrives it is the line that is silent, not the sensor. */
function isAlone(x: ArrayLike<number>, channel: number): boolean {
  if (x.length === 1) return true;
  for (let i = 0; i < x.length; i += 1) {
    const v = x[i]!;
    if (i !== channel && v - v === 0) return true;
  }
  return false;
}

export function limitChange(
  model: BankModel,
  bank: Reported,
  channel: number,
  v: number,
  now: Context,
): SignalChange | null {
  const cell = bank.cells[channel]!;
  const level = cell[LEVEL]!;
  const { limit } = model.channels[channel]!;
  const id = signalId(model, channel, "limit");
  if (limit === null || level === 0) return relent(bank.signals, id, now.at);
  const evidence = evidenceAt(model, now, level > 0 ? "high" : "low");
  evidence.value = v;
  evidence.limit = limitAt(limit, level);
  evidence.trace = traceOf(model, bank, channel);
  const severity = Math.abs(level) === 2 ? "alarm" : "warning";
  const onset = now.at - limit.onMs;
  const finding = findingOf(model, channel, "limit", severity, evidence, onset);
  return raise(bank.signals, finding, now.at);
}

export function stepChange(
  model: BankModel,
  bank: Reported,
  channel: number,
  v: number,
  base: number[],
  now: Context,
): SignalChange | null {
  const cell = bank.cells[channel]!;
  const side = cell[S_SIDE]!;
  const { step } = model.channels[channel]!;
  if (step === null || side === 0) {
    return relent(bank.signals, signalId(model, channel, "step"), now.at);
  }
  const evidence = evidenceAt(model, now, side > 0 ? "up" : "down");
  evidence.value = v;
  const effect = cell[S_REST]! - cell[S_LEVEL]!;
  evidence.effect = finite(effect);
  evidence.sigmas = finite(effect / base[SAMPLE]!);
  evidence.statistic = Math.abs(cell[S_FAST]!);
  evidence.against = Math.max(step.least, step.margin * cell[S_TAIL]!);
  evidence.limit = v - effect;
  evidence.trace = traceOf(model, bank, channel);
  const onset = now.at - step.onMs;
  evidence.first = onset;
  const finding = findingOf(model, channel, "step", "advisory", evidence, onset);
  const expected = v - cell[S_REST]!;
  finding.baseline = baselineRef(model.channels[channel]!, base, bank.diary, expected);
  return raise(bank.signals, finding, now.at);
}

/** A feature of starts: coast-down by itself, all else start-up, one signal for each. */
export function startChange(
  model: BankModel,
  bank: Reported,
  channel: number,
  found: StartFinding,
  now: Context,
): SignalChange | null {
  const kind = found.feature === "coast" ? "coast-down" : "start-up";
  if (!found.raised) return relent(bank.signals, signalId(model, channel, kind), now.at);
  const evidence = evidenceAt(model, now, `${found.feature}-${found.sigmas > 0 ? "up" : "down"}`);
  evidence.value = found.value;
  evidence.limit = found.usual;
  evidence.effect = found.value - found.usual;
  evidence.sigmas = found.sigmas;
  return raise(bank.signals, findingOf(model, channel, kind, "advisory", evidence, null), now.at);
}
