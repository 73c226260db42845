/**
 * Oracle, step 1: what each point was known to be. Written from accounting rules 2, 3 and 8 alone, naive on purpose:
 * the whole list of cycles at once, plain arrays, searches from the start. Shares no code with the core.
 */
import type { CycleInput } from "../../agent/core/input.ts";
import type { AssetModel, CounterModel, Value } from "../../agent/core/model.ts";
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
export function readPoints(asset: AssetModel, cycles: CycleInput[]): PointHistory[] {
  return asset.points.map((point) => {
    const history: PointHistory = { good: [], bad: [], counts: [] };
    const source = asset.sources[point.source]?.id;
    let marked = false;
    let jump: Good | null = null;
    cycles.forEach((cycle, i) => {
      if (cycle.source !== source) return;
      const at = cycle.at;
      const reason = cycle.failure ?? cycle.bad[point.id];
      if (reason !== undefined) {
        marked = true;
        history.bad.push({ i, at, reason });
        return;
      }
      if (cycle.lone) return;
      const last = history.good.at(-1);
      const waiting = READINGS.unchangedConfirmsJump && history.bad.at(-1)?.reason === "COUNT_JUMP";
      const value = cycle.values[point.id] ?? (waiting && marked ? jump?.value : undefined);
      if (value === undefined) {
        if (marked || !last) return;
        // Nothing changed is a sample of the same value, with all that may have happened since the last one.
        const same = { i, at, value: last.value };
        const step = point.counter && counted(point.counter, last, null, same);
        if (step) history.counts.push(step);
        history.good.push({ i, at, value: last.value });
        return;
      }
      if (point.counter && last) {
        const step = counted(point.counter, last, jump, { i, at, value });
        jump = step === null ? { i, at, value } : null;
        if (step === null) {
          marked = true;
          history.bad.push({ i, at, reason: "COUNT_JUMP" });
          return;
        }
        history.counts.push(step);
      }
      marked = false;
      history.good.push({ i, at, value });
    });
    return history;
  });
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
