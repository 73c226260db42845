/** The health of a line: quiet on its usual noise, wiring told from a device, an absent device left to others. */
import { describe, expect, test } from "vitest";
import { type BusOutcome, newBus, senseBus } from "../../../agent/core/signal/bus-health.ts";
import type { SignalChange } from "../../../agent/core/signal/change.ts";
import { HOUR, randomOf } from "./rig.ts";

const MODEL = { source: "meter", slug: "meter", settings: "s" };

interface Line {
  frames: number;
  timeouts: number;
  latencyMs: number;
}
const USUAL: Line = { frames: 0.002, timeouts: 0.003, latencyMs: 20 };

/** A cycle a second; the line is another from `turn` on. */
function listen(
  hours: number,
  turn: number,
  after: Partial<Line>,
  back = Infinity,
): SignalChange[] {
  const bus = newBus();
  const random = randomOf(5);
  const changes: SignalChange[] = [];
  for (let at = 0; at < hours * HOUR; at += 1000) {
    const line = at < turn * HOUR || at > back * HOUR ? USUAL : { ...USUAL, ...after };
    const luck = random();
    const latencyMs = line.latencyMs * (0.8 + 0.4 * random());
    let now: BusOutcome = { at, code: null, latencyMs };
    if (luck < line.frames) now = { at, code: "MODBUS_FRAME", latencyMs: null };
    else if (luck < line.frames + line.timeouts)
      now = { at, code: "MODBUS_TIMEOUT", latencyMs: null };
    changes.push(...senseBus(MODEL, bus, now));
  }
  return changes;
}

const brief = (changes: SignalChange[]) =>
  changes.map(({ id, status, evidence }) => `${id} ${status} ${evidence.reason}`);

describe("bus health", () => {
  test("a week of usual noise: nothing", () => {
    expect(listen(168, 999, {})).toEqual([]);
  });

  test("broken frames are wiring, told within two hours, over when they are", () => {
    const changes = listen(30, 10, { frames: 0.05 }, 16);
    expect(brief(changes).at(0)).toBe("meter-bus raised wiring");
    expect(changes[0]!.at).toBeLessThan(12 * HOUR);
    expect(changes[0]!.evidence.value).toBeGreaterThan(0.03);
    expect(brief(changes).at(-1)).toBe("meter-bus cleared wiring");
  });

  test("lost answers at the usual pace are wiring; later answers are the device", () => {
    expect(brief(listen(14, 10, { timeouts: 0.08 }))[0]).toBe("meter-bus raised wiring");
    const slow = listen(14, 10, { timeouts: 0.02, latencyMs: 60 });
    expect(brief(slow)[0]).toBe("meter-bus raised device");
  });

  test("a device that says nothing at all is not a bad line", () => {
    expect(listen(20, 10, { frames: 0, timeouts: 1 })).toEqual([]);
  });

  test("restored from a snapshot it goes on to the bit", () => {
    const [one, two] = [newBus(), newBus()];
    let other = two;
    for (let at = 0; at < 12 * HOUR; at += 1000) {
      const now: BusOutcome = {
        at,
        code: at % 7000 === 0 ? "MODBUS_FRAME" : null,
        latencyMs: 10 + (at % 13),
      };
      senseBus(MODEL, one, now);
      senseBus(MODEL, other, now);
      if (at % 999_000 === 0) other = JSON.parse(JSON.stringify(other)) as typeof two;
    }
    expect(JSON.stringify(other)).toBe(JSON.stringify(one));
  });
});
