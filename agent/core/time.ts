/** Time inside the core: integer milliseconds UTC and half-open spans `[from, to)`. Reads no clock. */

/** Milliseconds since 1970-01-01T00:00:00Z, or a length in milliseconds. Always an integer. */
export type Millis = number;

/** Half-open: contains `from`, does not contain `to`. */
export interface Span {
  from: Millis;
  to: Millis;
}

/** Length of the part of `a` that lies in `[from, to)`; 0 when they do not meet. */
export function overlapMs(a: Span, from: Millis, to: Millis): Millis {
  const start = a.from > from ? a.from : from;
  const end = a.to < to ? a.to : to;
  return end > start ? end - start : 0;
}
