/** Holds inputs for a moment, so that they enter the core in the order of their instants (accounting rule 2). */
import type { Input } from "./core/input.ts";
import type { Millis } from "./core/time.ts";

/** Inputs wait this long for earlier ones that are still on their way. */
export const HOLD_MS = 200;

export interface Hold {
  offer(input: Input): void;
  /** Everything up to `until`, in order; equal instants as they were offered. */
  release(until: Millis): Input[];
}

export function createHold(): Hold {
  let held: Input[] = [];
  return {
    offer: (input) => void held.push(input),
    release(until) {
      if (held.length === 0) return [];
      held.sort((a, b) => a.at - b.at);
      const kept = held.findIndex((input) => input.at > until);
      const due = kept < 0 ? held : held.slice(0, kept);
      held = kept < 0 ? [] : held.slice(kept);
      return due;
    },
  };
}
