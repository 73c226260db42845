/** What calendars plan for a period: scheduled spans by calendar, and the same after a calendar was corrected. Plain arithmetic. */
import type { PeriodInput } from "../input.ts";
import type { Millis, Span } from "../time.ts";

export interface Planned {
  /** By calendar: `scheduled` spans as `from, to, from, to, …`; empty once another period closed after it. */
  scheduled: Record<string, Millis[]>;
  /** By calendar: their whole length. */
  scheduledMs: Record<string, Millis>;
}

/** The planned time of an input inside `[from, to)`, as a period keeps it. */
export function plannedOf(
  { scheduled }: Pick<PeriodInput, "scheduled">,
  from: Millis,
  to: Millis,
): Planned {
  const planned: Planned = { scheduled: {}, scheduledMs: {} };
  for (const [calendar, spans] of Object.entries(scheduled)) {
    const inside = clipped(spans, from, to);
    planned.scheduled[calendar] = inside.flatMap((span) => [span.from, span.to]);
    planned.scheduledMs[calendar] = inside.reduce((sum, span) => sum + span.to - span.from, 0);
  }
  return planned;
}

/**
 * The period as it was told, with what its calendars plan from `at` on: a correction is no news of the time before.
 * Calendars that were not told of before are taken whole.
 */
export function replanned(told: PeriodInput, anew: PeriodInput, at: Millis): PeriodInput {
  const scheduled = { ...told.scheduled };
  for (const [calendar, spans] of Object.entries(anew.scheduled)) {
    const before = told.scheduled[calendar];
    scheduled[calendar] = before
      ? joined(clipped(before, told.from, at), clipped(spans, at, told.to))
      : spans;
  }
  return { ...told, scheduled };
}

const clipped = (spans: readonly Span[], from: Millis, to: Millis): Span[] =>
  spans
    .map((span) => ({ from: Math.max(span.from, from), to: Math.min(span.to, to) }))
    .filter((span) => span.to > span.from);

/** One after the other; a span that was only cut in two is one again. */
function joined(before: Span[], after: Span[]): Span[] {
  const last = before.at(-1);
  const [first, ...rest] = after;
  if (!last || !first || last.to < first.from) return [...before, ...after];
  return [...before.slice(0, -1), { from: last.from, to: first.to }, ...rest];
}
