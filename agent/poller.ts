/**
 * Reads every source at its pace: absolute monotonic deadlines, few wake-ups, one timer for all.
 * Never catches up after a stall and never reads one source twice at once; what was left out is counted.
 * Interprets nothing: readings go on as they came.
 */
import type { Reading, SourceReader } from "../drivers/driver.ts";
import type { Clock } from "./clock.ts";
import type { Millis } from "./core/time.ts";
import { bookLateness, type LatenessSummary, noLateness, summarize } from "./lateness.ts";
import { type Paced, planSlots, slotOf, slotReached } from "./slots.ts";

export interface PolledSource extends Paced {
  asset: string;
  source: string;
  reader: SourceReader;
}

/** What the poller reports. A callback that throws ends the poller: see {@link Poller.done}. */
export interface PollEvents {
  /** A read has settled, or lines reported an edge between reads. Not called after `stop()`. */
  deliver(asset: string, source: string, reading: Reading): void;
  /** A wake-up, after its polls were begun: each occupied slot, and at least every 250 ms. */
  slot(mono: number): void;
  /** `n` polls were left out: the loop stood, or an earlier read of the source still runs (`POLL_MISSED`). */
  missed(asset: string, source: string, n: number): void;
  /** Nothing ran between these monotonic instants, longer than `stallMs`. Called before the polls go on. */
  stalled(from: number, to: number): void;
  /** A reader broke its contract by rejecting. It is booked as a failed read (`INTERNAL`) as well. */
  defect(asset: string, source: string, error: unknown): void;
}

export interface PollerStatistics extends LatenessSummary {
  missed: number;
}

export interface Poller {
  /** Ends polling. Reads under way are left to the driver's deadline. Never rejects. Idempotent. */
  stop(): Promise<void>;
  /** Resolves after `stop()`, rejects with what a callback threw. */
  done: Promise<void>;
  statistics(): PollerStatistics;
}

/** The longest the loop sleeps: what follows a reading waits for the next wake-up. */
const MAX_SLEEP_MS = 250;

/** A source on its way: `due` is the next deadline, milliseconds since the poller's start. */
interface Lane extends PolledSource {
  due: Millis;
  busy: boolean;
}

/** Begins at once: the first sources are polled before this returns. `stallMs` is the shortest hold limit. */
export function startPoller(
  clock: Clock,
  sources: readonly PolledSource[],
  stallMs: Millis,
  events: PollEvents,
): Poller {
  const { gridMs, phases } = planSlots(sources);
  const lanes = sources.map((source, i): Lane => ({ ...source, due: phases[i] ?? 0, busy: false }));
  const maxSleepMs = Math.min(MAX_SLEEP_MS, stallMs / 2);
  const lateness = noLateness();
  const ending = new AbortController();
  const start = clock.mono();
  let alive = start;
  let missed = 0;
  let thrown: { error: unknown } | null = null;

  const read = async (lane: Lane): Promise<void> => {
    lane.busy = true;
    const reading = await readSafely(lane, clock, events);
    lane.busy = false;
    if (ending.signal.aborted) return;
    alive = clock.mono();
    events.deliver(lane.asset, lane.source, reading);
  };
  const fail = (error: unknown): void => {
    thrown ??= { error };
    ending.abort();
  };
  const hear = (source: PolledSource, reading: Reading): void => {
    if (ending.signal.aborted) return;
    try {
      events.deliver(source.asset, source.source, reading);
    } catch (error) {
      fail(error);
    }
  };
  const miss = (lane: Lane, n: number): void => {
    missed += n;
    if (n > 0) events.missed(lane.asset, lane.source, n);
  };
  /** Begins the reads of the slot that has come. One read serves all deadlines that passed. */
  const poll = (lane: Lane, slot: number): void => {
    if (lane.due > slot) return;
    const passed = Math.floor((slot - lane.due) / lane.pollMs) + 1;
    lane.due += passed * lane.pollMs;
    if (lane.busy) {
      miss(lane, passed);
      return;
    }
    miss(lane, passed - 1);
    const planned = start + slotOf(lane.due - lane.pollMs, gridMs);
    bookLateness(lateness, clock.mono() - planned);
    read(lane).catch(fail);
  };
  const nextWake = (slot: number, elapsed: number): number => {
    let next = Math.max(slotReached(elapsed + maxSleepMs, gridMs), slot + gridMs);
    for (const lane of lanes) next = Math.min(next, slotOf(lane.due, gridMs));
    return start + next;
  };
  const loop = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      const now = clock.mono();
      if (now - alive > stallMs) events.stalled(alive, now);
      alive = now;
      const slot = slotReached(now - start, gridMs);
      for (const lane of lanes) poll(lane, slot);
      events.slot(now);
      await clock.sleep(nextWake(slot, now - start), ending.signal);
    }
    if (thrown) throw thrown.error;
  };

  for (const source of sources) source.reader.edges?.((reading) => hear(source, reading));
  const done = loop().finally(() => ending.abort());
  return {
    done,
    stop: () => {
      ending.abort();
      return done.catch(() => undefined);
    },
    statistics: () => ({ ...summarize(lateness), missed }),
  };
}

/** Drivers promise never to reject. One that does loses its reading, not the gateway its other machines. */
async function readSafely(lane: Lane, clock: Clock, events: PollEvents): Promise<Reading> {
  try {
    return await lane.reader.read();
  } catch (error) {
    events.defect(lane.asset, lane.source, error);
    return { samples: new Map(), failure: "INTERNAL", at: clock.mono(), requests: 0 };
  }
}
