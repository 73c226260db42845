/** Kernel time stamps of edges on the driver's clock. Pure; the stamps of one watcher come from one clock. */

/** A stamp further from its arrival than this cannot be of the same clock. Milliseconds. */
const LONGEST_STALL_MS = 10_000;
const EARLY_MS = 5;

export interface StampClock {
  /** Driver time minus stamp; null before the first edge. */
  offset: number | null;
}

export const newStampClock = (): StampClock => ({ offset: null });

/**
 * The instant of an edge on the driver's clock, never later than its arrival. Kernels since 5.7 stamp with the very
 * clock that drivers are given (offset 0), so a stalled loop costs no precision. For other clocks (older kernels
 * stamp UTC) the offset is that of the edge that took the shortest way.
 */
export function instantOfStamp(clock: StampClock, stamp: number, arrival: number): number {
  const behind = arrival - (stamp + (clock.offset ?? 0));
  if (behind < (clock.offset === 0 ? -EARLY_MS : 0) || behind > LONGEST_STALL_MS)
    clock.offset = arrival - stamp;
  else clock.offset ??= 0;
  return Math.min(stamp + (clock.offset ?? 0), arrival);
}
