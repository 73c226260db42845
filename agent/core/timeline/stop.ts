/** Stops judged whole (accounting rule 11): a maximal run that is neither producing nor unknown, across any schedule. */

import type { StopClass } from "../journal.ts";
import type { Millis } from "../time.ts";
import type { Attribution, Condition } from "../vocabulary.ts";
import type { Segment } from "./track.ts";

/** The stop that covers the settled end. */
export interface OpenStop {
  from: Millis;
  /** Condition before it. */
  left: Condition | null;
  /** Holds setup, engineering or maintenance. */
  planned: boolean;
  /** Holds a fault that is not attributed to others. */
  failure: boolean;
  class: StopClass;
}

export interface Stop extends OpenStop {
  /** null while it lasts. */
  end: Millis | null;
  /** With `unknown` read as `producing` on both sides. */
  prime: StopClass;
}

const PLANNED: Condition[] = ["setup", "engineering", "maintenance"];
const OTHERS: Attribution[] = ["customer", "third-party", "force-majeure"];

export const isStop = (condition: Condition): boolean =>
  condition !== "producing" && condition !== "unknown";

/** A fault that the supplier may have to answer for. */
export const isFailure = (condition: Condition, attribution: Attribution): boolean =>
  condition === "fault" && !OTHERS.includes(attribution);

export const isOthers = (attribution: Attribution): boolean => OTHERS.includes(attribution);

/**
 * The stop that segment `i` belongs to. `before`: the settled beginning of the stop that covers the first segment.
 * Length is elapsed time; shorter than `microStopMs`, bounded and unplanned makes it a micro-stop.
 * `fails`: whether a segment that ends at `end` (null: it lasts) holds a failure, annotations included.
 */
export function stopAt(
  segments: Segment[],
  i: number,
  microStopMs: Millis,
  before: OpenStop | null,
  fails: (segment: Segment, end: Millis | null) => boolean,
): Stop {
  const [first, last] = runAround(segments, i);
  const run = segments.slice(first, last + 1);
  const known = before ?? {
    from: run[0]?.from ?? 0,
    left: segments[first - 1]?.condition ?? null,
    planned: false,
    failure: false,
  };
  const { from, left } = known;
  const planned = known.planned || run.some((s) => PLANNED.includes(s.condition));
  const failure =
    known.failure || run.some((s, k) => fails(s, segments[first + k + 1]?.from ?? null));
  const after = segments[last + 1];
  const end = after?.from ?? null;
  const short = end !== null && end - from < microStopMs && !planned && left !== null;
  const bounded = left === "producing" && after?.condition === "producing";
  return {
    from,
    left,
    planned,
    failure,
    end,
    class: short && bounded ? "micro" : "stop",
    prime: short ? "micro" : "stop",
  };
}

/** Indexes of the first and last segment of the stop around `i`. */
function runAround(segments: Segment[], i: number): [number, number] {
  const stands = (at: number): boolean => isStop(segments[at]?.condition ?? "unknown");
  let first = i;
  while (stands(first - 1)) first--;
  let last = i;
  while (stands(last + 1)) last++;
  return [first, last];
}
