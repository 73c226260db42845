/** Instants as text: RFC 3339 in UTC with milliseconds. */
import type { Millis } from "../core/time.ts";

export const iso = (at: Millis): string => new Date(at).toISOString();
export const isoOrNull = (at: Millis | null): string | null => (at === null ? null : iso(at));
