/** The bank as a whole: quiet when healthy, speaks of wear, and gives the same whatever way the same rows come. */
import { describe, expect, test } from "vitest";
import { actOn } from "../../../agent/core/signal/act.ts";
import { type BankState, newBank, sense } from "../../../agent/core/signal/bank.ts";
import type { SignalChange } from "../../../agent/core/signal/change.ts";
import {
  DAY,
  HOUR,
  modelOf,
  play,
  type Row,
  raisedOf,
  randomOf,
  rowsOf,
  START,
  wear,
} from "./rig.ts";

const worn = rowsOf(24, 3, wear(15, 4));

/** What happened, without the numbers that scaling changes. */
const gist = (changes: readonly SignalChange[]) =>
  changes.map(({ id, status, at, version, episode }) => ({ id, status, at, version, episode }));

function expectNoNaN(value: unknown, path: string): void {
  if (typeof value === "number") expect(Number.isFinite(value), path).toBe(true);
  else if (typeof value === "object" && value !== null)
    for (const [key, one] of Object.entries(value)) expectNoNaN(one, `${path}.${key}`);
}

describe("what it says", () => {
  test("two healthy months: nothing", () => {
    expect(play(modelOf(), rowsOf(60, 2))).toEqual([]);
  });

  test("wear: within a day and a half, with baseline, effect, onset and trace", () => {
    const [first] = play(modelOf(), worn);
    expect(first?.id).toBe("vibration-drift");
    expect(first?.at).toBeGreaterThan(START + 15 * DAY);
    expect(first?.at).toBeLessThan(START + 16.5 * DAY);
    expect(first?.baseline?.id).toBe("vibration/producing/1");
    expect(first?.baseline?.mean).toBeCloseTo(1.8, 1);
    expect(first?.onset).toBeGreaterThan(START + 14.5 * DAY);
    expect(first?.onset).toBeLessThan(first?.at ?? 0);
    expect(first?.evidence.effect).toBeGreaterThan(0.03);
    expect(first?.evidence.trace.length).toBeGreaterThan(5);
    expect(first?.evidence.settings).toBe("sha256:test");
  });

  test("a threshold gives a time to it, and severity follows from that", () => {
    const model = modelOf();
    const { drift } = model.channels[1]!;
    if (drift) drift.threshold = 7.2;
    const changes = play(model, worn).filter(({ id }) => id === "vibration-drift");
    const told = changes.filter(({ evidence }) => evidence.estimate?.p50Ms != null);
    const last = told.at(-1);
    const failure = START + 23 * DAY;
    expect(last?.severity).not.toBe("advisory");
    expect(
      Math.abs((last?.at ?? 0) + (last?.evidence.estimate?.p50Ms ?? 0) - failure),
    ).toBeLessThan(2 * DAY);
    expect(changes[0]?.evidence.estimate?.none).toBe("no-slope");
  });

  test("a stuck sensor is named as such within ten minutes, and not as wear", () => {
    let held = Number.NaN;
    const from = START + 9 * DAY + DAY / 2;
    const rows = rowsOf(10, 4, (x, at) => {
      if (at < from) return;
      if (Number.isNaN(held)) held = x[1]!;
      x[1] = held;
    });
    const changes = play(modelOf(), rows);
    expect(raisedOf(changes)).toEqual(["vibration-data-quality"]);
    expect(changes[0]?.evidence.reason).toBe("stuck");
    expect(changes[0]!.at - from).toBeLessThanOrEqual(10 * 60_000);
  });

  test("a lost sensor is a gap; a machine of which nothing arrives is not", () => {
    const from = START + 8 * DAY + DAY / 2;
    const lost = rowsOf(9, 5, (x, at) => {
      if (at >= from) x[2] = Number.NaN;
    });
    const silent = rowsOf(9, 5, (x, at) => {
      if (at >= from) x.fill(Number.NaN);
    });
    const changes = play(modelOf(), lost);
    expect(changes.map(({ evidence }) => evidence.reason)).toEqual(["gap"]);
    expect(changes[0]!.at - from).toBeLessThanOrEqual(10 * 60_000);
    expect(raisedOf(play(modelOf(), silent))).toEqual([]);
  });

  test("one wild sample is nothing, and leaves nothing behind", () => {
    const wild = START + 14 * DAY + 10 * HOUR;
    const model = modelOf();
    for (const channel of model.channels)
      channel.zone = { name: "own", ab: 500, bc: 1000, cd: 2000 };
    for (const value of [65_535, -3e38]) {
      const rows = rowsOf(16, 7, (x, at) => {
        if (at === wild) x[2] = x[1] = value;
      });
      expect(raisedOf(play(model, rows))).toEqual([]);
    }
  });

  test("a step of single samples is told within minutes", () => {
    const from = START + 9 * DAY + DAY / 2;
    const rows = rowsOf(10, 6, (x, at) => {
      if (at >= from) x[2]! += 3;
    });
    const step = play(modelOf(), rows).find(({ kind }) => kind === "step");
    expect(step?.channel).toBe("motorCurrent");
    expect(step!.at - from).toBeLessThanOrEqual(10 * 60_000);
    expect(step?.evidence.effect).toBeGreaterThan(0.5);
  });
});

describe("the same rows give the same", () => {
  test("cut anywhere by a snapshot and a restore, to the bit", () => {
    const model = modelOf();
    const whole = newBank(model);
    const changes = play(model, worn, whole);
    for (const cut of [1, 777, 5_003, 9_360, 21_610, 23_001, 30_007]) {
      let bank: BankState = newBank(model);
      const before = play(model, worn.slice(0, cut), bank);
      bank = JSON.parse(JSON.stringify(bank)) as BankState;
      const after = play(model, worn.slice(cut), bank);
      expect([...before, ...after]).toEqual(changes);
      expect(JSON.stringify(bank)).toBe(JSON.stringify(whole));
    }
  });

  test("rescaled channels", () => {
    const scaled = worn.map(({ x, now }): Row => {
      return { now, x: [x[0]! * 0.01 + 3, x[1]! * 25.4, x[2]! * 1000 - 40] };
    });
    expect(gist(play(modelOf(), scaled))).toEqual(gist(play(modelOf(), worn)));
  });

  test("permuted channels", () => {
    const model = modelOf();
    const [load, vibration, current] = model.channels;
    const other = { ...model, channels: [current!, load!, vibration!], load: 1 };
    const rows = worn.map(({ x, now }): Row => ({ now, x: [x[2]!, x[0]!, x[1]!] }));
    expect(gist(play(other, rows))).toEqual(gist(play(model, worn)));
  });

  test("a healthy week more before raises nothing more, and delays nothing", () => {
    const shifted = rowsOf(7, 9).map(
      ({ x, now }): Row => ({ x, now: { ...now, at: now.at - 7 * DAY } }),
    );
    const plain = play(modelOf(), worn);
    const longer = play(modelOf(), [...shifted, ...worn]);
    expect(raisedOf(longer)).toEqual(raisedOf(plain));
    expect(Math.abs(longer[0]!.at - plain[0]!.at)).toBeLessThan(DAY / 2);
  });
});

describe("what comes in badly", () => {
  test("NaN, infinities and huge numbers never come out as NaN", () => {
    const bad = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e308, -1e308, 0];
    const rows = rowsOf(20, 7, (x, at) => {
      const k = at / 60_000;
      if (k % 97 < 3) x[k % 3] = bad[k % bad.length]!;
      if (at > START + 15 * DAY) x[1]! *= 1.5;
    });
    const model = modelOf();
    const bank = newBank(model);
    const changes = play(model, rows, bank);
    expect(changes.length).toBeGreaterThan(0);
    expectNoNaN(changes, "changes");
    expectNoNaN(bank, "bank");
  });

  test("a constant channel and a clock that goes back do no harm", () => {
    const rows = rowsOf(12, 8, (x) => {
      x[2] = 5;
    });
    const back = rows
      .slice(9_000)
      .map(({ x, now }) => ({ x, now: { ...now, at: now.at - DAY / 24 } }));
    const model = modelOf();
    const changes = play(model, [...rows.slice(0, 9_000), ...back]);
    expect(raisedOf(changes)).toEqual(["motor-current-data-quality"]);
  });

  test("a quiet row gives the one shared empty list", () => {
    const model = modelOf();
    const bank = newBank(model);
    const [first, second] = worn;
    expect(sense(model, bank, first!.x, first!.now)).toBe(
      sense(model, bank, second!.x, second!.now),
    );
  });
});

describe("maintenance", () => {
  test("clears what is open and learns anew, as the next version of the baseline", () => {
    const model = modelOf();
    const bank = newBank(model);
    play(model, worn.slice(0, 18 * 1440), bank);
    const act = {
      signal: null,
      act: "maintenance",
      until: null,
      points: null,
      by: "jo",
      why: "new bearing",
    } as const;
    const cleared = actOn(model, bank, { ...act, at: START + 18 * DAY });
    expect(cleared.map(({ id, status, by }) => [id, status, by])).toEqual([
      ["vibration-drift", "cleared", "jo"],
    ]);
    const later = rowsOf(20, 11).map(
      ({ x, now }): Row => ({
        x: [x[0]!, x[1]! * 1.3, x[2]!],
        now: { ...now, at: now.at + 18 * DAY },
      }),
    );
    expect(play(model, later, bank)).toEqual([]);
    expect(bank.books[1]?.bases[0]?.[0]).toBe(2);
  });

  test("without it a new level stays a finding for ever: wear is not learned", () => {
    const rows = rowsOf(60, 12, (x, at) => {
      if (at > START + 15 * DAY) x[1]! *= 1.25;
    });
    const model = modelOf();
    const bank = newBank(model);
    const drift = play(model, rows, bank).filter(({ kind }) => kind === "drift");
    expect(drift.every(({ status }) => status !== "cleared")).toBe(true);
    expect(bank.signals["vibration-drift"]?.stage).toBe("raised");
  });

  test("slow wear is no scatter from day to day: 0.1 % a day is told in the end", () => {
    const random = randomOf(31);
    let day = -1;
    let off = 0;
    const rows = rowsOf(160, 14, (x, at) => {
      const today = Math.floor((at - START) / DAY);
      if (today !== day) off = 0.04 * (random() + random() - 1);
      day = today;
      x[2]! *= (1 + off) * (1 + 0.001 * Math.max(0, (at - START) / DAY - 40));
    });
    const drift = play(modelOf(), rows).filter(({ id }) => id === "motor-current-drift");
    expect(drift[0]).toMatchObject({ status: "raised", evidence: { reason: "up" } });
    expect(drift[0]!.at).toBeGreaterThan(START + 40 * DAY);
  });

  test("a change beyond what a block counts for is told in its size", () => {
    const rows = rowsOf(30, 15, (x, at) => {
      if (at > START + 20 * DAY) x[2]! += 20;
    });
    const last = play(modelOf(), rows).findLast(({ id }) => id === "motor-current-drift");
    expect(last?.status).toBe("updated");
    expect(last?.evidence.effect).toBeGreaterThan(19);
    expect(last?.evidence.effect).toBeLessThan(21);
  });
});
