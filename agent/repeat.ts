/**
 * Keeps a fault that lasts from filling the log: the first of identical lines passes, then one per interval,
 * which says how many were left out. Bounded in memory, whatever the texts.
 */

/** By line; insertion order is the order of the last line that passed. */
export type Repeats = Map<string, { since: number; leftOut: number }>;

/** One line of a kind per this time, milliseconds. */
export const REPEAT_MS = 60_000;
/** Distinct lines remembered; the one that passed longest ago is forgotten first. */
const MAX_LINES = 256;

/** Lines like this one left out since the last that passed, or null when this one is to be left out as well. */
export function admit(repeats: Repeats, line: string, mono: number): number | null {
  const seen = repeats.get(line);
  if (seen && mono - seen.since < REPEAT_MS) {
    seen.leftOut += 1;
    return null;
  }
  repeats.delete(line);
  const oldest = repeats.keys().next();
  if (repeats.size >= MAX_LINES && !oldest.done) repeats.delete(oldest.value);
  repeats.set(line, { since: mono, leftOut: 0 });
  return seen?.leftOut ?? 0;
}
