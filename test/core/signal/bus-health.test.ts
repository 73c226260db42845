/** The health of a line: what is usual, what is told and by which name, what counts for nothing. */
import { describe, expect, test } from "vitest";
import { newBank, sense } from "../../../agent/core/signal/bank.ts";
import type { BusCycle } from "../../../agent/core/signal/bus-block.ts";
import {
  type BusModel,
  type BusState,
  newBus,
  senseBus,
} from "../../../agent/core/signal/bus-health.ts";
import type { SignalChange } from "../../../agent/core/signal/change.ts";
import type { Signals } from "../../../agent/core/signal/life.ts";
import { DAY, HOUR, MINUTE, modelOf, raisedOf, randomOf, rowsOf, wear } from "./rig.ts";

const MODEL: BusModel = { source: "meter", points: 4, slug: "bus-meter", settings: "s" };
const GOOD: BusCycle = { bad: {}, failure: null };
const failed = (failure: string): BusCycle => ({ bad: {}, failure });
const partly = (...reasons: string[]): BusCycle => ({
  bad: Object.fromEntries(reasons.map((reason, i) => [`p${i}`, reason])),
  failure: null,
});

interface Heard {
  bus: BusState;
  signals: Signals;
}

/** What a cycle at `at` is, every 10 s of `[from, to)`. */
function listen(
  from: number,
  to: number,
  cycleAt: (at: number) => BusCycle,
  { bus, signals }: Heard = learned(),
): SignalChange[] {
  const changes: SignalChange[] = [];
  for (let at = from; at < to; at += 10_000)
    changes.push(...senseBus(MODEL, bus, signals, cycleAt(at), at));
  return changes;
}

const fresh = (): Heard => ({ bus: newBus(MODEL), signals: {} });

/** A line with a little of everything until `turn`; then `after` is drawn for this share of its cycles. */
function turning(turn: number, share: number, after: BusCycle, tookMs = 20) {
  const random = randomOf(5);
  return (at: number): BusCycle => {
    const luck = random();
    if (at >= turn && luck < share) return after;
    if (luck > 0.998) return failed("MODBUS_FRAME");
    if (luck > 0.995) return failed("MODBUS_TIMEOUT");
    const ms = at >= turn ? tookMs : 20;
    return { ...GOOD, tookMs: Math.round(ms * (0.8 + 0.4 * random())) };
  };
}

const LEARNED = 6 * DAY;
const usual = turning(0, 0, GOOD);
const known = fresh();
listen(0, LEARNED, usual, known);
const learned = (): Heard => structuredClone(known);

const brief = (changes: SignalChange[]) =>
  changes.map(({ id, status, evidence }) => `${id} ${status} ${evidence.reason}`);

describe("what is told", () => {
  test("broken frames are wiring, told within hours, and over when they are", () => {
    const sick = turning(LEARNED, 0.05, failed("MODBUS_FRAME"));
    const changes = listen(LEARNED, LEARNED + 30 * HOUR, (at) =>
      at < LEARNED + 6 * HOUR ? sick(at) : usual(at),
    );
    expect(brief(changes).at(0)).toBe("bus-meter-bus raised wiring");
    expect(brief(changes).at(-1)).toBe("bus-meter-bus cleared wiring");
    const [{ at, onset, baseline, evidence }] = changes as [SignalChange];
    expect(at).toBeLessThan(LEARNED + 2 * HOUR);
    expect(onset).toBeGreaterThan(LEARNED - HOUR);
    expect(baseline).toMatchObject({ id: "bus-meter/line/1", n: 720 });
    expect(evidence.value).toBeGreaterThan(0.03);
    expect(evidence.limit).toBeLessThan(0.01);
    expect(evidence.good).toBeCloseTo(1 - evidence.value!, 9);
  });

  test("lost answers at the usual pace are wiring", () => {
    const lost = turning(LEARNED, 0.08, failed("MODBUS_TIMEOUT"));
    expect(brief(listen(LEARNED, LEARNED + 4 * HOUR, lost))[0]).toBe("bus-meter-bus raised wiring");
    const unit = turning(LEARNED, 0.08, failed("MODBUS_EXCEPTION_11"));
    expect(brief(listen(LEARNED, LEARNED + 4 * HOUR, unit))[0]).toBe("bus-meter-bus raised wiring");
  });

  test("later answers are the device, lost ones or none beside them", () => {
    for (const share of [0, 0.02]) {
      const slow = turning(LEARNED, share, failed("MODBUS_TIMEOUT"), 60);
      const [raised] = listen(LEARNED, LEARNED + 4 * HOUR, slow);
      expect(raised).toMatchObject({ status: "raised", evidence: { reason: "device" } });
      expect(raised?.evidence.value).toBeGreaterThan(45);
      expect(raised?.evidence.limit).toBeCloseTo(17, 0);
    }
  });

  test("broken frames beside later answers are wiring", () => {
    const both = turning(LEARNED, 0.06, failed("MODBUS_FRAME"), 50);
    expect(brief(listen(LEARNED, LEARNED + 4 * HOUR, both))[0]).toBe("bus-meter-bus raised wiring");
  });

  test("a line that is bad from its first day is told, and never usual", () => {
    const heard = fresh();
    const [raised] = listen(0, 7 * DAY, turning(0, 0.06, failed("MODBUS_FRAME")), heard);
    expect(raised).toMatchObject({ status: "raised", baseline: null });
    expect(raised?.at).toBeLessThan(8 * HOUR);
    expect(raised?.evidence).toMatchObject({ reason: "wiring", limit: 0.04 });
    expect(heard.bus.frames).toMatchObject({ learnedAt: -1 });
  });
});

describe("what counts", () => {
  test("single points that failed make a failed cycle, once and by the worst", () => {
    const heard = fresh();
    const cycles = [
      partly("MODBUS_TIMEOUT", "MODBUS_FRAME", "MODBUS_FRAME"),
      partly("MODBUS_FRAME", "MODBUS_TIMEOUT"),
      partly("MODBUS_TIMEOUT", "MODBUS_TIMEOUT"),
      partly("MODBUS_EXCEPTION_2", "IMPLAUSIBLE_JUMP"),
      failed("MODBUS_FRAME"),
      GOOD,
    ];
    listen(0, 60_000, (at) => cycles[at / 10_000]!, heard);
    expect(heard.bus.block).toMatchObject({ cycles: 6, frames: 3, lost: 1 });
  });

  test("points that fail while others answer are told like whole cycles", () => {
    const torn = turning(LEARNED, 0.05, partly("MODBUS_FRAME"));
    expect(brief(listen(LEARNED, LEARNED + 4 * HOUR, torn))[0]).toBe("bus-meter-bus raised wiring");
  });

  test("a device that is switched off every night, or restarts all day, is absent, not badly wired", () => {
    const nightly = (at: number) => (at % DAY < 8 * HOUR ? failed("MODBUS_TIMEOUT") : usual(at));
    const restarting = (at: number) =>
      at > LEARNED && at % (10 * MINUTE) < 50_000 ? failed("MODBUS_TIMEOUT") : usual(at);
    const refused = (at: number) =>
      at > LEARNED && at % MINUTE < 20_000 ? failed("MODBUS_REFUSED") : usual(at);
    for (const device of [nightly, restarting, refused])
      expect(listen(LEARNED, 14 * DAY, device)).toEqual([]);
  });

  test("a single broken frame in every block says nothing", () => {
    const single = (at: number) =>
      at % (10 * MINUTE) === 0 ? failed("MODBUS_FRAME") : { ...GOOD, tookMs: 20 };
    expect(listen(LEARNED, 10 * DAY, single)).toEqual([]);
  });

  test("contact that is lost for seconds is lost answers", () => {
    const loose = (at: number) =>
      at > LEARNED && at % (5 * MINUTE) < 20_000 ? failed("MODBUS_TIMEOUT") : usual(at);
    expect(brief(listen(LEARNED, LEARNED + 4 * HOUR, loose))[0]).toBe(
      "bus-meter-bus raised wiring",
    );
  });

  test("answers of which most are late, for whatever reason, are not the device's", () => {
    const random = randomOf(7);
    const busy = (at: number): BusCycle => {
      const late = at > LEARNED && random() < 0.6 ? 300 * random() : 0;
      return { ...GOOD, tookMs: Math.round(20 + 4 * random() + late) };
    };
    expect(listen(LEARNED, 14 * DAY, busy)).toEqual([]);
  });

  test("what nobody timed is judged by its frames alone", () => {
    const sick = (at: number) =>
      at > LEARNED && at % 120_000 === 0 ? failed("MODBUS_FRAME") : GOOD;
    expect(brief(listen(LEARNED, LEARNED + 6 * HOUR, sick))[0]).toBe("bus-meter-bus raised wiring");
  });
});

test("a machine that wears on a sound line is told, and its line is not", () => {
  const model = modelOf();
  const bank = newBank(model);
  const bus = newBus(MODEL);
  const changes: SignalChange[] = [];
  for (const { x, now } of rowsOf(24, 1, wear(12, 3))) {
    changes.push(...senseBus(MODEL, bus, bank.signals, usual(0), now.at));
    changes.push(...sense(model, bank, x, now));
  }
  expect(raisedOf(changes)).toContain("vibration-drift");
  expect(raisedOf(changes)).not.toContain("bus-meter-bus");
  expect(bus.latency.learnedAt).toBeGreaterThan(0);
});

test("restored from a snapshot it goes on to the bit", () => {
  const cycleAt = turning(LEARNED, 0.05, failed("MODBUS_FRAME"), 50);
  const cycles = Array.from({ length: 6 * 360 }, (_, i) => cycleAt(LEARNED + i * 10_000));
  const again = (at: number): BusCycle => cycles[(at - LEARNED) / 10_000]!;
  const [plain, cut] = [learned(), learned()];
  listen(LEARNED, LEARNED + 6 * HOUR, again, plain);
  for (let from = LEARNED; from < LEARNED + 6 * HOUR; from += 1_230_000) {
    Object.assign(cut, JSON.parse(JSON.stringify(cut)));
    listen(from, Math.min(from + 1_230_000, LEARNED + 6 * HOUR), again, cut);
  }
  expect(plain.signals["bus-meter-bus"]?.stage).toBe("raised");
  expect(JSON.stringify(cut)).toBe(JSON.stringify(plain));
  expect(JSON.stringify(plain.bus).length).toBeLessThan(1024);
});
