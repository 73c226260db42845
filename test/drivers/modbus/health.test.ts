/** From the wire to the signal: what a sick line, a slow device and a bad neighbor become through the real driver. */
import { expect, test } from "vitest";
import { type BusState, newBus, senseBus } from "../../../agent/core/signal/bus-health.ts";
import type { Signals } from "../../../agent/core/signal/life.ts";
import { cycleOf } from "../../../agent/cycle.ts";
import type { Piece } from "./line.ts";
import { holding, Line } from "./line.ts";

const MODEL = { source: "main", points: 2, slug: "bus-main", settings: "s" };
const DAY = 86_400_000;
const POLL = 10_000;

/** Six days of a sound line, as the one below answers: two requests of 20 ms. */
const known: { bus: BusState; signals: Signals } = { bus: newBus(MODEL), signals: {} };
for (let at = 0; at < 6 * DAY; at += POLL) {
  const cycle = { bad: {}, failure: null, tookMs: 40 + (at % 3) };
  senseBus(MODEL, known.bus, known.signals, cycle, at);
}

/** What two hours of polling through the driver raise; a neighbor is read before it. */
async function raisedBy(line: Line, hasNeighbor = false): Promise<string[]> {
  const { bus, signals } = structuredClone(known);
  const connection = line.open(500);
  const reader = connection.source("main", 1, holding(0, 100));
  const other = connection.source("other", 2, holding(0));
  const raised: string[] = [];
  const { clock } = line;
  const start = clock.now();
  for (let n = 1; n <= 720; n++) {
    if (hasNeighbor) void other.read();
    const reading = await line.run(reader.read());
    const cycle = cycleOf("press-01", "main", reading, Math.floor(6 * DAY + reading.at - start));
    for (const { status, evidence } of senseBus(MODEL, bus, signals, cycle, cycle.at))
      if (status === "raised") raised.push(evidence.reason);
    await line.run(clock.sleep(start + n * POLL - clock.now()));
  }
  await connection.close();
  return raised;
}

const sound = (): Line => {
  const line = new Line("rtu");
  line.latencyMs = 20;
  return line;
};

test("frames that arrive broken are wiring, also those of some points only", async () => {
  const line = sound();
  let asked = 0;
  line.conduct = (_asked, good): Piece[] | null => {
    asked += 1;
    if (asked % 14 > 0) return null;
    const bytes = Buffer.from(line.frame(good));
    bytes[3]! ^= 0x10;
    return [{ after: 20, bytes }];
  };
  expect(await raisedBy(line)).toEqual(["wiring"]);
});

test("a device that answers later is the device", async () => {
  const line = sound();
  line.latencyMs = 45;
  expect(await raisedBy(line)).toEqual(["device"]);
});

test("a dead neighbor that costs the line half its time is no fault of this one, nor is a machine that drifts", async () => {
  const line = sound();
  line.conduct = ({ unit }) => (unit === 2 ? [] : null);
  line.word = (_unit, address, at) => address + Math.floor(at / 1000);
  expect(await raisedBy(line, true)).toEqual([]);
});
