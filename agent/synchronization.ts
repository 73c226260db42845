/**
 * How far the operating system's UTC can be trusted, and which boot this is. Looks at files, changes nothing
 * and asks no daemon; what it cannot find out it calls `holdover`, never `synced`.
 */
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import type { Millis } from "./core/time.ts";
import type { ClockQuality } from "./core/vocabulary.ts";

/** What was found about the clock, see {@link probeClock}. */
export interface ClockEvidence {
  utc: Millis;
  /** A time client that reports its success (systemd-timesyncd) ran in this boot. */
  reports: boolean;
  /** When it last synchronized, on the same UTC; null: not in this boot. */
  syncedAt: Millis | null;
}

/** No agent was built before: a clock that reads less was never set (a Pi without RTC starts in 1970). */
const EARLIEST_UTC = Date.UTC(2025, 0, 1);
/** systemd-timesyncd asks at least every 2,048 s (PollIntervalMaxSec): three silent rounds and some. */
const SYNC_HOLDS_MS = 2 * 3_600_000;

/**
 * - `unsynced`: the clock is visibly wrong, or a client that would report success has not in this boot.
 *   Windows are not final meanwhile, so nothing merely unknown is called that.
 * - `synced`: proven, and recently.
 * - `holdover`: synchronized longer ago, or by something that leaves no mark we can read (chrony, an RTC,
 *   the host of a container).
 */
export function clockQuality({ utc, reports, syncedAt }: ClockEvidence): ClockQuality {
  if (utc < EARLIEST_UTC) return "unsynced";
  if (syncedAt === null) return reports ? "unsynced" : "holdover";
  return utc - syncedAt <= SYNC_HOLDS_MS ? "synced" : "holdover";
}

/** Reads the marks of systemd-timesyncd under `run`, normally `/run`. */
export function probeClock(utc: Millis, run = "/run"): ClockEvidence {
  const directory = `${run}/systemd/timesync`;
  // Touched on each successful synchronization; systemd-timesyncd.service(8), FILES.
  const mark = statSync(`${directory}/synchronized`, { throwIfNoEntry: false });
  return {
    utc,
    reports: existsSync(directory),
    syncedAt: mark ? Math.floor(mark.mtimeMs) : null,
  };
}

/** Differs between any two boots. Where the kernel names none, each start counts as a boot of its own. */
export function bootId(file = "/proc/sys/kernel/random/boot_id"): string {
  try {
    return readFileSync(file, "utf8").trim() || randomUUID();
  } catch {
    return randomUUID();
  }
}
