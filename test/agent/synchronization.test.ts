/** Clock quality from what a host shows, and the identity of its boot. */
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bootId, clockQuality, probeClock } from "../../agent/synchronization.ts";

const NOW = Date.parse("2026-11-23T05:00:00Z");
const HOUR = 3_600_000;

describe("clockQuality", () => {
  it.each([
    ["never set", { utc: 0, reports: false, syncedAt: null }, "unsynced"],
    ["never set, with an old mark", { utc: 1_000, reports: true, syncedAt: 500 }, "unsynced"],
    ["client waits for its first answer", { utc: NOW, reports: true, syncedAt: null }, "unsynced"],
    ["nothing known", { utc: NOW, reports: false, syncedAt: null }, "holdover"],
    ["just synchronized", { utc: NOW, reports: true, syncedAt: NOW - 1_000 }, "synced"],
    ["at the limit", { utc: NOW, reports: true, syncedAt: NOW - 2 * HOUR }, "synced"],
    ["lost since", { utc: NOW, reports: true, syncedAt: NOW - 2 * HOUR - 1 }, "holdover"],
  ] as const)("%s", (_name, evidence, quality) => {
    expect(clockQuality(evidence)).toBe(quality);
  });
});

describe("what the host says", () => {
  let run = "";
  beforeEach(() => {
    run = mkdtempSync(join(tmpdir(), "run-"));
  });
  afterEach(() => rmSync(run, { recursive: true }));

  it("is nothing without a time client", () => {
    expect(probeClock(NOW, run)).toEqual({ utc: NOW, reports: false, syncedAt: null });
  });

  it("is the age of the mark of systemd-timesyncd", () => {
    mkdirSync(join(run, "systemd/timesync"), { recursive: true });
    expect(probeClock(NOW, run)).toEqual({ utc: NOW, reports: true, syncedAt: null });
    const mark = join(run, "systemd/timesync/synchronized");
    writeFileSync(mark, "");
    utimesSync(mark, (NOW - 5_000) / 1000, (NOW - 5_000) / 1000);
    expect(probeClock(NOW, run)).toEqual({ utc: NOW, reports: true, syncedAt: NOW - 5_000 });
  });

  it("names the boot, or makes every start a boot of its own", () => {
    const file = join(run, "boot_id");
    expect(bootId(file)).not.toBe(bootId(file));
    writeFileSync(file, "58a8e690-d22a-4795-bde0-c95dbebe8444\n");
    expect(bootId(file)).toBe("58a8e690-d22a-4795-bde0-c95dbebe8444");
  });
});
