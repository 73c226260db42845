/**
 * What a simulated machine says about itself: the PackML state numbers of PackTags (not the enumeration of
 * OPC UA, which counts differently), and what each means in our words. This is the truth's own reading:
 * it does not evaluate the agent's rules.
 */
import type { Condition } from "../agent/core/vocabulary.ts";

export const STATUS = {
  clearing: 1,
  stopped: 2,
  starting: 3,
  idle: 4,
  suspended: 5,
  execute: 6,
  stopping: 7,
  aborting: 8,
  aborted: 9,
  holding: 10,
  held: 11,
  resetting: 15,
} as const;

/**
 * The condition behind a status word. The guard bit (discrete input 3) is the outfeed guard: true while the
 * outfeed is occupied, so a suspended machine is blocked with it and starved without it. Held is a short
 * stop that the machine or its operator caused: idle, like every state that is none of the others.
 */
export function conditionOf(status: number, guard: boolean): Condition {
  switch (status) {
    case STATUS.execute:
      return "producing";
    case STATUS.suspended:
      return guard ? "blocked" : "starved";
    case STATUS.starting:
      return "setup";
    case STATUS.aborting:
    case STATUS.aborted:
      return "fault";
    default:
      return "idle";
  }
}
