/** Causes upstream: one alarm for one cause, the others held back with its name, and heard when they outlast it. */
import { describe, expect, test } from "vitest";
import { type BankState, newBank } from "../../../agent/core/signal/bank.ts";
import { bareEvidence, NONE, type SignalChange } from "../../../agent/core/signal/change.ts";
import { type Finding, raise, type Signals } from "../../../agent/core/signal/life.ts";
import type { BankModel } from "../../../agent/core/signal/model.ts";
import { LIMIT } from "../../../agent/core/signal/settings-plant.ts";
import { holdBack } from "../../../agent/core/signal/upstream.ts";
import { DAY, HOUR, modelOf, play, rowsOf, type Spoil, START, wear } from "./rig.ts";

/** The vibration follows from the current, say. */
function following(): BankModel {
  const model = modelOf();
  model.channels[1]!.upstream = ["motorCurrent"];
  return model;
}

/** Noon of a day. */
const noon = (day: number): number => START + day * DAY + 12 * HOUR;

/** The sensor of the current gives nothing from one instant to another. */
const lost =
  (from: number, to: number): Spoil =>
  (x, at) => {
    if (at >= from && at < to) x[2] = Number.NaN;
  };
const both =
  (...spoils: Spoil[]): Spoil =>
  (x, at) => {
    for (const spoil of spoils) spoil(x, at);
  };
/** Half as much vibration again between two instants. */
const shaken =
  (from: number, to: number): Spoil =>
  (x, at) => {
    if (at >= from && at < to) x[1]! *= 1.5;
  };

const of = (changes: readonly SignalChange[], id: string): SignalChange[] =>
  changes.filter((one) => one.id === id);
const words = (changes: readonly SignalChange[]): string[] =>
  changes.map(({ status, evidence }) => `${status} ${evidence.upstream ?? "-"}`);
const CAUSE = "motor-current-data-quality";

describe("a finding whose cause is upstream", () => {
  const worn = rowsOf(18, 3, both(wear(10, 4), lost(noon(9), noon(14))));
  const changes = play(following(), worn);
  const drift = of(changes, "vibration-drift");

  test("is held back from the first, and names what it waits for", () => {
    expect(of(changes, CAUSE)[0]).toMatchObject({ status: "raised", severity: "advisory" });
    expect(words(drift)[0]).toBe(`suppressed ${CAUSE}`);
    expect(drift[0]).toMatchObject({ version: 1, episode: 1, kind: "drift" });
    // Worse and worse, and quiet all the same.
    expect(drift[1]?.status).toBe("resumed");
  });

  test("is heard when it outlasts its cause by six hours of running", () => {
    const gone = of(changes, CAUSE).find(({ status }) => status === "cleared")!;
    const resumed = drift[1]!;
    expect(resumed.evidence.upstream).toBeUndefined();
    // Half a shift on that day is left, then the next one begins at six.
    expect(resumed.at - gone.at).toBeGreaterThanOrEqual(6 * HOUR);
    expect(resumed.at).toBeLessThan(noon(15));
    expect(drift.slice(2).map(({ status }) => status)).toContain("updated");
  });

  test("without the cause named, it is told as before", () => {
    const free = of(play(modelOf(), worn), "vibration-drift");
    expect(free[0]).toMatchObject({ status: "raised", at: drift[0]?.at });
    expect(free[0]?.evidence).toEqual({ ...drift[0]?.evidence, upstream: undefined });
  });

  test("a restart at any row changes nothing", () => {
    const model = following();
    const whole = newBank(model);
    play(model, worn, whole);
    for (const cut of [12_500, 16_000, 20_700, 21_000]) {
      const before = newBank(model);
      const first = play(model, worn.slice(0, cut), before);
      const after = JSON.parse(JSON.stringify(before)) as BankState;
      expect([...first, ...play(model, worn.slice(cut), after)]).toEqual(changes);
      expect(JSON.stringify(after)).toBe(JSON.stringify(whole));
    }
  });
});

describe("what stands already", () => {
  test("is held back when its cause shows later, and clears without another word", () => {
    const rows = rowsOf(16, 3, both(shaken(noon(9), noon(11)), lost(noon(10), noon(14))));
    const drift = of(play(following(), rows), "vibration-drift");
    const turns = words(drift).filter((one) => one !== "updated -");
    expect(turns).toEqual(["raised -", `suppressed ${CAUSE}`, `cleared ${CAUSE}`]);
  });

  test("limits are told whatever is upstream", () => {
    const model = following();
    model.channels[1]!.limit = { ...LIMIT, high: 2.3 };
    const rows = rowsOf(12, 3, both(shaken(noon(10), noon(11)), lost(noon(9), noon(12))));
    const limit = of(play(model, rows), "vibration-limit");
    expect(limit[0]).toMatchObject({ status: "raised", severity: "alarm" });
  });

  test("a sensor that fails while its finding is held back says no more than that", () => {
    const stuck: Spoil = (x, at) => {
      if (at >= noon(11)) x[1] = 3;
    };
    const rows = rowsOf(12, 3, both(shaken(noon(9), noon(12)), lost(noon(8), noon(12)), stuck));
    const changes = play(following(), rows);
    expect(words(of(changes, "vibration-drift"))).toEqual([`suppressed ${CAUSE}`]);
    expect(of(changes, "vibration-data-quality")[0]?.evidence.reason).toBe("stuck");
  });
});

test("causes that another configuration names hold for what is open, too", () => {
  const about = (id: string, channel: string, upstream?: string[]): Finding => ({
    ...{ id, kind: "drift", detector: "drift", channel, severity: "advisory", onset: null },
    ...{ baseline: null, evidence: bareEvidence("up", "s"), ...(upstream && { upstream }) },
  });
  const signals: Signals = {};
  const late = (hours: number) => ({ at: hours * HOUR, runMs: hours * HOUR });
  raise(signals, about("current-drift", "current"), 0);
  raise(signals, about("vibration-drift", "vibration"), 0);
  raise(signals, about("vibration-drift", "vibration", ["current"]), HOUR);
  expect(words(holdBack(signals, late(1), NONE))).toEqual(["suppressed current-drift"]);
  raise(signals, about("vibration-drift", "vibration"), 2 * HOUR);
  expect(holdBack(signals, late(2), NONE)).toEqual([]);
  expect(words(holdBack(signals, late(8), NONE))).toEqual(["resumed -"]);
});
