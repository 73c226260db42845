/** A driver's reading as an input of the core. Trouble stays data: bad points and failed sources carry their reason. */
import type { Reading } from "../drivers/driver.ts";
import type { CycleInput } from "./core/input.ts";
import type { Millis } from "./core/time.ts";

/** `at`: the arrival of the last reply on the axis. */
export function cycleOf(asset: string, source: string, reading: Reading, at: Millis): CycleInput {
  const { failure } = reading;
  const cycle: CycleInput = { kind: "cycle", at, asset, source, values: {}, bad: {}, failure };
  if (failure !== null) return cycle;
  let good = false;
  for (const [point, sample] of reading.samples) {
    if (sample.quality === "good") {
      cycle.values[point] = sample.value;
      good = true;
    } else cycle.bad[point] = sample.reason;
  }
  if (!good) cycle.lone = true;
  else if (reading.tookMs !== undefined) cycle.tookMs = Math.round(reading.tookMs);
  return cycle;
}
