/**
 * Hysteresis of a statistic against its limit: on after a run of rows above, off after a run of rows below a level
 * that follows the decaying peak of the alarm. Refuses to know what the statistic is.
 */
import type { MspcSettings } from "./settings-stream.ts";

export interface Latch {
  raised: boolean;
  /** Rows in a row above the limit (quiet) or below the clearing level (raised). */
  run: number;
  peak: number;
}

export function newLatch(): Latch {
  return { raised: false, run: 0, peak: 0 };
}

type LatchSettings = Pick<
  MspcSettings,
  "on" | "rowsOn" | "off" | "ofPeak" | "peakDecay" | "rowsOff"
>;

/** True on the row at which it turned. */
export function latchOn(latch: Latch, value: number, settings: LatchSettings): boolean {
  if (!latch.raised) {
    latch.run = value > settings.on ? latch.run + 1 : 0;
    if (latch.run < settings.rowsOn) return false;
    latch.peak = value;
  } else {
    latch.peak = Math.max(value, latch.peak * settings.peakDecay);
    const low = Math.max(settings.on * settings.off, settings.ofPeak * latch.peak);
    latch.run = value < low ? latch.run + 1 : 0;
    if (latch.run < settings.rowsOff) return false;
  }
  latch.raised = !latch.raised;
  latch.run = 0;
  return true;
}
