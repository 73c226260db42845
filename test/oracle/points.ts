/**
 * Oracle, step 1: what each point was known to be. Written from accounting rules 2, 3 and 8 alone, naive on purpose:
 * the whole list of cycles at once, plain arrays, searches from the start. Shares no code with the core.
 */
import type { CycleInput } from "../../agent/core/input.ts";
import type { AssetModel, CounterModel, PointModel, Value } from "../../agent/core/model.ts";
import { type Count, count } from "./count.ts";
import { READINGS } from "./readings.ts";

/** A good sample, repeated or not. `i` is the index of its cycle. */
export interface Good {
  i: number;
  at: number;
  value: Value;
}

export interface Bad {
  i: number;
  at: number;
  reason: string;
}

export interface PointHistory {
  good: Good[];
  bad: Bad[];
  /** Every step of a counter, baseline excluded, zero steps of repeated samples included. */
  counts: Count[];
}

/** The samples of every point, in the order of the cycles. */
export const readPoints = (asset: AssetModel, cycles: CycleInput[]): PointHistory[] =>
  asset.points.map((point) => readPoint(point, asset.sources[point.source]?.id, cycles));

function readPoint(
  point: PointModel,
  source: string | undefined,
  cycles: CycleInput[],
): PointHistory {
  const history: PointHistory = { good: [], bad: [], counts: [] };
  let jump: Good | null = null;
  for (const [i, cycle] of cycles.entries()) {
    if (cycle.source !== source) continue;
    const { at } = cycle;
    const reason = cycle.failure ?? cycle.bad[point.id];
    if (reason !== undefined) history.bad.push({ i, at, reason });
    else if (!cycle.lone) {
      const value = valueIn(cycle, point, history, jump);
      if (value !== undefined) jump = take(point, history, jump, { i, at, value });
    }
  }
  return history;
}

/** Adds a value to the history; returns it where it is a jump that waits to be confirmed. */
function take(point: PointModel, history: PointHistory, jump: Good | null, now: Good): Good | null {
  const last = history.good.at(-1);
  if (point.counter && last) {
    const step = counted(point.counter, last, jump, now);
    if (step === null) {
      history.bad.push({ i: now.i, at: now.at, reason: "COUNT_JUMP" });
      return now;
    }
    history.counts.push(step);
  }
  history.good.push(now);
  return null;
}

/** The value a good cycle tells of a point: its own, or the last one when it is left out and not marked bad. */
function valueIn(
  cycle: CycleInput,
  point: PointModel,
  { good, bad }: PointHistory,
  jump: Good | null,
): Value | undefined {
  const last = good.at(-1);
  const marked = (bad.at(-1)?.i ?? -1) > (last?.i ?? -1);
  const waiting = READINGS.unchangedConfirmsJump && bad.at(-1)?.reason === "COUNT_JUMP";
  const unchanged = waiting && marked ? jump : marked ? undefined : last;
  return cycle.values[point.id] ?? unchanged?.value;
}

/** null: a jump. A value near an earlier jump confirms it: rebase, delta 0. */
function counted(model: CounterModel, last: Good, jump: Good | null, now: Good): Count | null {
  const base = { i: now.i, at: now.at, since: last.at };
  if (jump) {
    const near = count(
      model,
      BigInt(jump.value as number),
      BigInt(now.value as number),
      now.at - jump.at,
    );
    if (near?.near) return { ...base, delta: 0n, extra: 0n, flag: "COUNT_JUMP" };
  }
  const step = count(
    model,
    BigInt(last.value as number),
    BigInt(now.value as number),
    now.at - last.at,
  );
  return step && { ...base, delta: step.delta, extra: step.extra, flag: step.flag };
}
