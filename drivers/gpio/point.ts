/** A GPIO point as configured, checked by the schema when the configuration was loaded. */
import type { PointOptions } from "../driver.ts";
import type { Bias } from "./commands.ts";

export interface GpioPoint {
  id: string;
  /** Name or offset of the line. */
  line: string;
  activeLow: boolean;
  debounceMs: number;
  bias: Bias;
  /** Its value is the number of pulses so far, not the level. */
  counts: boolean;
}

const DEBOUNCE_MS = 20;

/** Options: `line`, `activeLow`, `debounce` (ms), `bias`, `counts`. */
export function parsePoint(options: PointOptions): GpioPoint {
  return {
    id: options.id,
    line: String(options["line"]),
    activeLow: options["activeLow"] === true,
    debounceMs: (options["debounce"] as number | undefined) ?? DEBOUNCE_MS,
    bias: (options["bias"] as Bias | undefined) ?? "as-is",
    counts: options["counts"] === true,
  };
}
