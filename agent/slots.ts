/**
 * Which polls share a wake-up. Waking costs more than asking (2 to 4 times the CPU when every poll has its own
 * timer), so due polls meet on a common grid and sources take few phases. Pure; knows no clock.
 */
import type { Millis } from "./core/time.ts";

/** What decides about the grid: how often a source is polled, and over what. */
export interface Paced {
  connection: string;
  pollMs: Millis;
}

export interface Slots {
  /** Distance of two slots. */
  gridMs: number;
  /** Phase of each source, in the order given: its first poll is due that long after the start. */
  phases: Millis[];
}

const MIN_GRID_MS = 20;
const MAX_GRID_MS = 250;
const SLOTS_PER_PERIOD = 4;
/** Sources that one wake-up may serve before the last of them starts noticeably late. */
const SOURCES_PER_SLOT = 32;

/** A grid that all periods are multiples of, where there is one, and a phase on it for every source. */
export function planSlots(sources: readonly Paced[]): Slots {
  if (sources.length === 0) return { gridMs: MAX_GRID_MS, phases: [] };
  const shortest = Math.min(...sources.map((source) => source.pollMs));
  const gridMs = gridOf(sources, shortest);
  const perPeriod = Math.max(Math.min(SLOTS_PER_PERIOD, Math.floor(shortest / gridMs)), 1);
  const used = Math.min(Math.ceil(sources.length / SOURCES_PER_SLOT), perPeriod);
  return { gridMs, phases: phasesOf(sources, used, Math.floor(shortest / gridMs / used) * gridMs) };
}

/** The slot a poll is made in: the first at or after `due`. Milliseconds since the start, as all here. */
export const slotOf = (due: Millis, gridMs: number): number => Math.ceil(due / gridMs) * gridMs;

/** The slot that has come at `elapsed`; timers fire up to 1 ms early, and that is on time. */
export const slotReached = (elapsed: number, gridMs: number): number =>
  Math.floor((elapsed + 1) / gridMs) * gridMs;

function gridOf(sources: readonly Paced[], shortest: Millis): Millis {
  const common = sources.reduce((divisor, source) => gcd(divisor, source.pollMs), 0);
  const quarter = Math.floor(shortest / SLOTS_PER_PERIOD);
  const cap = Math.min(Math.max(quarter, MIN_GRID_MS), MAX_GRID_MS);
  const exact = divisors(common).filter((grid) => grid >= MIN_GRID_MS);
  const fitting = exact.findLast((grid) => grid <= cap) ?? exact.find((grid) => grid <= shortest);
  // Without one, polls wait up to a fine grid for their slot: as often as asked, no drift, some jitter.
  return fitting ?? Math.min(MIN_GRID_MS, shortest);
}

/**
 * Sources of one connection stay together: they queue for it anyway, and answers that come in a row cost
 * fewer wake-ups. The fullest connections are placed first, each into the emptiest slot.
 */
function phasesOf(sources: readonly Paced[], used: number, stepMs: Millis): Millis[] {
  const sizes = new Map<string, number>();
  for (const { connection } of sources) sizes.set(connection, (sizes.get(connection) ?? 0) + 1);
  const loads = new Array<number>(used).fill(0);
  const chosen = new Map<string, number>();
  for (const [connection, size] of [...sizes].sort((a, b) => b[1] - a[1])) {
    const emptiest = loads.indexOf(Math.min(...loads));
    chosen.set(connection, emptiest);
    loads[emptiest] = (loads[emptiest] ?? 0) + size;
  }
  return sources.map(({ connection }) => (chosen.get(connection) ?? 0) * stepMs);
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

function divisors(n: number): number[] {
  const found: number[] = [];
  for (let i = 1; i * i <= n; i++) {
    if (n % i === 0) found.push(i, n / i);
  }
  return found.sort((a, b) => a - b);
}
