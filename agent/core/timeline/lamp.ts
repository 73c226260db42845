/**
 * What a signal lamp shows: on, off or flashing, from the changes of its point alone (DESIGN 5.1).
 * A change is not believed at once: it waits 2 s, while what was shown before is taken to go on, and is then
 * dated back to itself. Knows no colours and no conditions.
 *
 *   at least 2 edges in [first edge, first edge + 2 s): flashing from the first edge (0.5 Hz has 2, 5 Hz has 20);
 *   1 edge: on or off from that edge;  flashing without an edge for 2 s: on or off from its last edge.
 */
import type { Millis } from "../time.ts";

/** How long a change is watched, half-open. It is a `within` of the settle time (accounting rule 7). */
export const LAMP_MS: Millis = 2000;

/** 5 Hz, and one edge more for jitter. Above it the lamp is driven by alternating or chopped current: it shows nothing. */
const MOST_EDGES = 21;

export type Shown = "on" | "off" | "flashing" | "flickering";

/** An instant of the lamp, and the previous good cycle of its source, null where there was none. */
export interface LampEdge {
  at: Millis;
  mono: Millis;
  edgeFrom: Millis | null;
}

export interface LampState {
  isLit: boolean;
  /** What the lamp is taken to show; a change since `from` is not in it yet. */
  shows: Shown;
  /** Begin of what is being watched: the first value, the first edge, while flashing the last one. null: steady. */
  from: LampEdge | null;
  /** Edges that are watched, oldest first; only as many as tell flashing from flickering. */
  edges: LampEdge[];
}

const steady = (isLit: boolean): Shown => (isLit ? "on" : "off");
const isSteady = (shown: Shown): boolean => shown === "on" || shown === "off";

/** The first value: believed as it is, but if two edges follow within 2 s, the lamp was flashing already. */
export const firstLamp = (isLit: boolean, now: LampEdge): LampState => ({
  isLit,
  shows: steady(isLit),
  from: now,
  edges: [],
});

/** An edge to `isLit` at `now`. Deadlines at or before it have been run. */
export function seeLamp(lamp: LampState, isLit: boolean, now: LampEdge): void {
  lamp.isLit = isLit;
  lamp.edges = [...lamp.edges.slice(-MOST_EDGES), now];
  if (isSteady(lamp.shows)) {
    lamp.from ??= now;
    return;
  }
  lamp.from = now;
  lamp.shows = flashOf(lamp.edges.filter((edge) => edge.mono > now.mono - LAMP_MS).length);
}

const flashOf = (edges: number): Shown => (edges > MOST_EDGES ? "flickering" : "flashing");

/** Monotonic instant at which a watch ends, null while the lamp is steady. */
export const lampDue = (lamp: LampState): Millis | null =>
  lamp.from === null ? null : lamp.from.mono + LAMP_MS;

/** Ends a watch that is due. Returns since when the lamp shows what `shows` now says, null when that is nothing new. */
export function settleLamp(lamp: LampState): LampEdge | null {
  const { from, edges, shows } = lamp;
  if (from === null) return null;
  const [first] = edges;
  if (isSteady(shows) && first && edges.length === 1 && first.mono > from.mono) {
    lamp.from = first;
    return null;
  }
  if (isSteady(shows) && edges.length > 1) {
    lamp.shows = flashOf(edges.length);
    lamp.from = edges.at(-1) ?? from;
    return from;
  }
  lamp.shows = steady(lamp.isLit);
  lamp.from = null;
  lamp.edges = [];
  return lamp.shows === shows ? null : from;
}

/** The first edge that is not decided yet: a lamp that is lost from sight now is not known since then. */
export const undecidedSince = (lamp: LampState): LampEdge | null =>
  isSteady(lamp.shows) ? (lamp.edges[0] ?? null) : null;
