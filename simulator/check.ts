/**
 * Compares published window records with the exact truth. With sampling, each condition bucket may be off by
 * the published edge uncertainty plus the true runs shorter than two polls; pieces by those of the edge polls.
 * Judges numbers only: signatures, order and completeness of records are other checks.
 */
import type { Millis, Span } from "../agent/core/time.ts";
import { CONDITIONS, type Condition } from "../agent/core/vocabulary.ts";
import { type Machine, type Pieces, piecesBefore } from "./machine.ts";
import type { PlantAxis } from "./plant-axis.ts";
import { type TrueRun, truth } from "./truth.ts";

/** What is compared of a `uptime.window/1` payload. */
export interface WindowRecord {
  id: string;
  window: { kind: string; from: string; to: string; lengthMs: Millis };
  conditionMs: Record<string, Millis>;
  edgeUncertaintyMs: Millis;
  counts: CountsOf & { recovered: CountsOf };
  countsOutside: CountsOf;
}

type CountsOf = { total: number | null; good: number | null };

/** What the checker knows about the observer. */
export interface Observed {
  pollMs: Millis;
  axis: PlantAxis;
  /** When the asset could not be seen, on the agent's axis: `blindWatch` computes it. */
  blind: Span[];
  /** By how much each edge of a blind span may really lie elsewhere. 0 for spans from the same inputs. */
  slackMs: Millis;
  /** Axis instants of the first and the last good cycle. */
  firstGood: Millis;
  lastGood: Millis;
}

export interface Finding {
  /** Id of the window, or the asset for sums over all windows. */
  window: string;
  /** Such as `conditionMs.fault` or `total`. */
  field: string;
  expected: string;
  got: number | null;
  message: string;
}

export interface Verdict {
  windows: number;
  findings: Finding[];
  /** True runs shorter than two polls that lie in the windows: sampling may not have seen them. */
  shortRuns: TrueRun[];
}

/** Checks windows of one asset, each by itself; with windows that tile a span also the sum of their pieces. */
export function checkWindows(
  machine: Machine,
  records: WindowRecord[],
  observed: Observed,
): Verdict {
  const findings: Finding[] = [];
  const short = new Map<Millis, TrueRun>();
  for (const record of records) {
    const span = spanOf(record);
    for (const run of shortRuns(machine, span, observed)) short.set(run.from, run);
    findings.push(...checkTimes(machine, record, span, observed));
    findings.push(...checkCounts(machine, record, span, observed));
  }
  findings.push(...checkSum(machine, records, observed));
  const ordered = [...short.values()].sort((a, b) => a.from - b.from);
  return { windows: records.length, findings, shortRuns: ordered };
}

const spanOf = ({ window }: WindowRecord): Span => ({
  from: Date.parse(window.from),
  to: Date.parse(window.to),
});

/** True runs below two polls that reach into the plant time of a window; clipped ones are judged whole. */
function shortRuns(machine: Machine, window: Span, observed: Observed): TrueRun[] {
  const limit = 2 * observed.pollMs;
  return observed.axis.booked(window.from, window.to).flatMap((span) => {
    const from = Math.max(machine.start, span.from - limit);
    const { runs } = truth(machine, from, span.to + limit);
    // The outermost two are clipped by our own look around.
    return runs
      .slice(from === machine.start ? 0 : 1, -1)
      .filter((run) => run.to - run.from < limit && run.to > span.from && run.from < span.to);
  });
}

/** What each bucket would hold if every visible instant had been seen. */
function expectedMs(
  machine: Machine,
  window: Span,
  blind: Span[],
  axis: PlantAxis,
): Record<Condition, Millis> {
  const sum = truth(machine, machine.start, machine.start).conditionMs;
  sum.unknown = lengthOf(blind);
  const visible = without(window, blind).flatMap(({ from, to }) => axis.booked(from, to));
  for (const { from, to } of visible) {
    const { conditionMs } = truth(machine, from, to);
    for (const word of CONDITIONS) sum[word] += conditionMs[word];
  }
  return sum;
}

function checkTimes(
  machine: Machine,
  record: WindowRecord,
  window: Span,
  observed: Observed,
): Finding[] {
  const findings: Finding[] = [];
  const blind = clip(observed.blind, window);
  const expected = expectedMs(machine, window, blind, observed.axis);
  const slack = 2 * blind.length * observed.slackMs;
  const short = lengthOf(shortRuns(machine, window, observed));
  const allowed = record.edgeUncertaintyMs + short + slack;
  let sum = 0;
  for (const word of CONDITIONS) {
    const got = record.conditionMs[camel(word)] ?? null;
    sum += got ?? 0;
    const limit = word === "unknown" ? slack : allowed;
    if (got !== null && Math.abs(got - expected[word]) <= limit) continue;
    const range = `${expected[word]} ± ${limit} ms`;
    findings.push(finding(record.id, `conditionMs.${camel(word)}`, range, got));
  }
  const length = window.to - window.from;
  if (sum !== length || record.window.lengthMs !== length) {
    findings.push(finding(record.id, "conditionMs", `a sum of ${length} ms`, sum));
  }
  return findings;
}

function checkCounts(
  machine: Machine,
  record: WindowRecord,
  window: Span,
  observed: Observed,
): Finding[] {
  const first = observed.firstGood + 1;
  const from = Math.max(first, window.from);
  const low = made(machine, observed.axis, from, Math.max(from, edgeBefore(window.to, observed)));
  const early = Math.max(first, edgeBefore(window.from, observed));
  const high = made(machine, observed.axis, early, Math.max(early, window.to));
  return (["total", "good"] as const).flatMap((field) => {
    const got = booked(record, field);
    if (got !== null && got >= low[field] && got <= high[field]) return [];
    return [finding(record.id, field, `${low[field]} to ${high[field]} pieces`, got)];
  });
}

/** Pieces of windows that tile a span, exactly: what the counters showed at the last look minus at the first. */
function checkSum(machine: Machine, records: WindowRecord[], observed: Observed): Finding[] {
  const spans = records.map(spanOf).sort((a, b) => a.from - b.from);
  const tiles = spans.every((span, i) => i === 0 || span.from === spans[i - 1]?.to);
  const covers =
    (spans[0]?.from ?? Number.POSITIVE_INFINITY) <= observed.firstGood &&
    (spans.at(-1)?.to ?? 0) > observed.lastGood;
  if (!tiles || !covers) return [];
  const expected = made(machine, observed.axis, observed.firstGood + 1, observed.lastGood + 1);
  return (["total", "good"] as const).flatMap((field) => {
    const got = records.reduce((sum, record) => sum + (booked(record, field) ?? 0), 0);
    if (got === expected[field]) return [];
    return [finding(machine.id, `${field} of all windows`, `${expected[field]} pieces`, got)];
  });
}

/** All pieces that a window knows of, wherever it books them; null where it says it does not know. */
function booked(record: WindowRecord, field: "total" | "good"): number | null {
  const { counts, countsOutside } = record;
  const inside = counts[field];
  if (inside === null) return null;
  return inside + (counts.recovered[field] ?? 0) + (countsOutside[field] ?? 0);
}

/** The last look at the counters before an instant was no earlier than this. */
function edgeBefore(instant: Millis, observed: Observed): Millis {
  const reach = observed.pollMs + observed.slackMs;
  const blind = observed.blind.find((span) => span.from < instant && instant - reach <= span.to);
  return Math.min(instant, blind?.from ?? instant) - reach;
}

/** Pieces in `[from, to)` of the axis, those made while it stood included. */
function made(machine: Machine, axis: PlantAxis, from: Millis, to: Millis): Pieces {
  const sum = { total: 0, good: 0 };
  for (const span of [...axis.booked(from, to), ...axis.held(from, to)]) {
    const before = piecesBefore(machine, span.from);
    const after = piecesBefore(machine, span.to);
    sum.total += after.total - before.total;
    sum.good += after.good - before.good;
  }
  return sum;
}

const camel = (word: Condition): string => (word === "external-fault" ? "externalFault" : word);

const lengthOf = (spans: Span[]): Millis => spans.reduce((sum, { from, to }) => sum + to - from, 0);

const clip = (spans: Span[], window: Span): Span[] =>
  spans
    .map(({ from, to }) => ({ from: Math.max(from, window.from), to: Math.min(to, window.to) }))
    .filter(({ from, to }) => to > from);

/** What is left of a window between ascending, disjoint spans inside it. */
function without(window: Span, spans: Span[]): Span[] {
  const edges = [window.from, ...spans.flatMap(({ from, to }) => [from, to]), window.to];
  const rest: Span[] = [];
  for (let i = 0; i + 1 < edges.length; i += 2) {
    rest.push({ from: edges[i] as Millis, to: edges[i + 1] as Millis });
  }
  return rest.filter(({ from, to }) => to > from);
}

function finding(window: string, field: string, expected: string, got: number | null): Finding {
  const message = `${window}: ${field} is ${got ?? "missing"}, truth says ${expected}`;
  return { window, field, expected, got, message };
}
