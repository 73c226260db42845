/**
 * Per-minute aggregates of condition channels: min, max, sum, n and last of the good cycles of a minute.
 * A value that repeats costs nothing until it changes, fails, or the minute ends.
 */
import type { AssetState, PointState } from "../asset.ts";
import type { Fact } from "../fact.ts";
import type { AssetPlan } from "../plant.ts";
import type { Millis } from "../time.ts";

const MINUTE = 60_000;

/** Adds the cycles that read the present value; `cycles` of the source are complete. */
export function addRepeats(point: PointState, cycles: number): void {
  const { channel } = point;
  if (!channel || !point.tracking) return;
  const times = cycles - channel.from;
  channel.from = cycles;
  const value = Number(point.value);
  if (times <= 0 || !Number.isFinite(value)) return;
  channel.min = channel.n === 0 ? value : Math.min(channel.min, value);
  channel.max = channel.n === 0 ? value : Math.max(channel.max, value);
  channel.sum += value * times;
  channel.n += times;
}

/** Before a good cycle of source `s` at `at`: gives out the minute that has ended. */
export function endMinute(
  state: AssetState,
  plan: AssetPlan,
  s: number,
  at: Millis,
  out: Fact[],
): void {
  const source = state.sources[s];
  if (!source || at < source.minute + MINUTE) return;
  for (const index of plan.pointsOfSource[s] ?? []) {
    const point = state.points[index];
    if (!point?.channel) continue;
    addRepeats(point, source.cycles);
    const { min, max, sum, n } = point.channel;
    if (n > 0) {
      const id = plan.model.points[index]?.id ?? "";
      const last = Number(point.value);
      out.push({
        kind: "aggregate",
        asset: state.id,
        point: id,
        at: source.minute,
        min,
        max,
        sum,
        n,
        last,
      });
    }
    point.channel = { min: 0, max: 0, sum: 0, n: 0, from: source.cycles };
  }
  source.minute = Math.floor(at / MINUTE) * MINUTE;
}
