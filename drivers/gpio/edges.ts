/**
 * A line's edges as a level and a count: debounce on time stamps, pulses, and edges that were lost on the way.
 * Pure: time comes with the edges, in milliseconds on one monotonic axis. Electrical levels; what counts as on is
 * the line's `activeLow`.
 *
 * A level counts once it has stood for `debounceMs`, and is dated at the edge that began it. So contacts may bounce for
 * less than that, shorter disturbances are no pulses, and pulses and pauses above twice of it are all seen.
 * A change becomes certain a debounce after its edge; it is dated at most {@link DATED_BACK_MS} before that, because
 * inputs are released in order after a short hold.
 */

export const DATED_BACK_MS = 100;

export interface LineOptions {
  activeLow: boolean;
  /** 0 where the kernel has debounced already. */
  debounceMs: number;
}

export interface Line extends LineOptions {
  /** The level that counts; null before the first reading. */
  level: boolean | null;
  /** Rises of the active level since the driver began. */
  pulses: number;
  /** Edges that must have been lost: two of one direction in a row, or a reading that contradicts. */
  lost: number;
  /** The level after the last edge, and the instant of that edge. */
  raw: boolean;
  rawAt: number;
  /** The last reading that agreed. */
  readAt: number;
  /** First edge of the present bounce: edges closer together than `debounceMs`. */
  burstFrom: number;
}

/** The line now has this level, from `at` on. */
export interface Change {
  at: number;
  isOn: boolean;
  pulses: number;
}

/** A line that bounces for longer than this, and ten debounces, is not steady: nothing can be said of it. */
const UNSTEADY_MS = 1000;

export const newLine = (options: LineOptions): Line => ({
  ...options,
  level: null,
  pulses: 0,
  lost: 0,
  raw: false,
  rawAt: 0,
  readAt: 0,
  burstFrom: 0,
});

export const isOn = (line: Line): boolean => line.level !== null && line.level !== line.activeLow;

/**
 * An edge to `level` at `at`. One of the same direction as the last means that one between them was lost: soon after
 * what was known last, because edges are lost at the end of a burst, and while a line is read again. It is put where
 * both levels count, if there is room for that.
 */
export function takeEdge(line: Line, level: boolean, at: number): Change[] {
  if (line.level === null) return begin(line, level, at);
  if (level !== line.raw) return step(line, level, at);
  line.lost += 1;
  const known = Math.min(Math.max(line.rawAt, line.readAt), at);
  const lostAt = known + Math.min((at - known) / 2, 1.5 * line.debounceMs);
  return [...step(line, !level, lostAt), ...step(line, level, at)];
}

/** A reading of the line itself at `at`. One that contradicts the edges so far stands for an edge that was lost. */
export function takeReading(line: Line, level: boolean, at: number): Change[] {
  if (line.level === null) return begin(line, level, at);
  line.readAt = at;
  if (level === line.raw) return [];
  line.lost += 1;
  return step(line, level, at);
}

/** What has stood long enough by `now`. */
export function settle(line: Line, now: number): Change[] {
  if (line.raw === line.level || now - line.rawAt < line.debounceMs) return [];
  line.level = line.raw;
  if (isOn(line)) line.pulses += 1;
  return [{ at: dateOf(line), isOn: isOn(line), pulses: line.pulses }];
}

/** When {@link settle} has something to say, null while it has not. */
export const settlesAt = (line: Line): number | null =>
  line.level === null || line.raw === line.level ? null : line.rawAt + line.debounceMs;

/** Bounces without end: broken contact, or a signal faster than the debounce allows. */
export const isUnsteady = (line: Line, now: number): boolean =>
  now - line.rawAt < line.debounceMs &&
  line.rawAt - line.burstFrom > Math.max(UNSTEADY_MS, 10 * line.debounceMs);

/** What is said of the line at `now` may be contradicted by an edge that is dated before. */
export const isSettling = (line: Line, now: number): boolean =>
  settlesAt(line) !== null && now >= dateOf(line);

const dateOf = ({ rawAt, debounceMs }: Line): number =>
  rawAt + Math.max(0, debounceMs - DATED_BACK_MS);

/** Where a line stands when it is first seen is no change. */
function begin(line: Line, level: boolean, at: number): Change[] {
  Object.assign(line, { level, raw: level, rawAt: at, burstFrom: at });
  return [];
}

function step(line: Line, level: boolean, at: number): Change[] {
  const changes = settle(line, at);
  if (at - line.rawAt >= line.debounceMs) line.burstFrom = at;
  line.raw = level;
  line.rawAt = at;
  return line.debounceMs === 0 ? [...changes, ...settle(line, at)] : changes;
}
