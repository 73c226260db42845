/**
 * How an agent's time axis maps to plant time when its clock is stepped: forward leaves a hole in the axis,
 * backward makes it stand still. Follows accounting rule 13; knows only the steps of a scenario.
 */
import type { Millis, Span } from "../agent/core/time.ts";
import type { Scenario } from "./scenario.ts";

/** A stretch of plant time on the axis. */
interface Stretch extends Span {
  /** Axis minus plant time while the axis moves. */
  offset: Millis;
  /** The instant at which the axis stood during the whole stretch, null while it moved. */
  heldAt: Millis | null;
}

export interface PlantAxis {
  /** Plant time that was booked in the axis span `[from, to)`. */
  booked(from: Millis, to: Millis): Span[];
  /** Plant time during which the axis stood inside `[from, to)`: its pieces count there, its time nowhere. */
  held(from: Millis, to: Millis): Span[];
  /** Parts of the axis that no plant time belongs to, `[at, at + step)` of each step forward. */
  holes: Span[];
}

/** The axis of an agent that runs through the scenario and sees every clock step. */
export function plantAxis(scenario: Scenario): PlantAxis {
  const stretches: Stretch[] = [];
  const holes: Span[] = [];
  let axis = scenario.from;
  let plant = scenario.from;
  let offset = 0;
  const runTo = (end: Millis): void => {
    const moves = Math.min(end, Math.max(plant, axis - offset));
    if (moves > plant) stretches.push({ from: plant, to: moves, offset, heldAt: axis });
    if (end > moves) stretches.push({ from: moves, to: end, offset, heldAt: null });
    axis = Math.max(axis, end + offset);
    plant = end;
  };
  for (const event of scenario.events) {
    if (event.kind !== "clock-step") continue;
    runTo(event.at);
    offset += event.stepMs;
    const jumped = event.at + offset;
    if (jumped > axis) {
      holes.push({ from: axis, to: jumped });
      axis = jumped;
    }
  }
  runTo(Number.MAX_SAFE_INTEGER);
  return {
    booked: (from, to) => {
      return stretches.flatMap((one) => {
        if (one.heldAt !== null) return [];
        const start = Math.max(one.from, from - one.offset);
        const end = Math.min(one.to, to - one.offset);
        return end > start ? [{ from: start, to: end }] : [];
      });
    },
    held: (from, to) => {
      const standing = (at: Millis | null): boolean => at !== null && from <= at && at < to;
      return stretches.filter((one) => standing(one.heldAt)).map(({ from, to }) => ({ from, to }));
    },
    holes,
  };
}
