import { describe, expect, it } from "vitest";
import {
  answered,
  isDead,
  isResting,
  missed,
  patience,
  present,
} from "../../../drivers/modbus/absence.ts";
import { holding, Line, type Piece } from "./line.ts";

describe("a unit is dead", () => {
  const outage = (...cycles: [began: number, ended: number][]) => {
    const absence = present();
    for (const [began, ended] of cycles) missed(absence, "MODBUS_TIMEOUT", began, ended, 0);
    return { absence, now: cycles.at(-1)![1] };
  };

  it("only after three seconds and two cycles", () => {
    const table: [[number, number][], boolean][] = [
      [[[0, 9000]], false],
      [
        [
          [0, 1000],
          [1000, 2999],
        ],
        false,
      ],
      [
        [
          [0, 1000],
          [1000, 3000],
        ],
        true,
      ],
      [
        [
          [0, 10],
          [100, 110],
          [200, 210],
        ],
        false,
      ],
    ];
    for (const [cycles, expected] of table) {
      const { absence, now } = outage(...cycles);
      expect([isDead(absence, now), isResting(absence, now)]).toEqual([expected, expected]);
    }
  });

  it("and is then asked after 0.5, 1, 2, … 10 s, less up to a fifth", () => {
    for (const [random, factor] of [
      [0, 1],
      [0.999999, 0.8],
    ] as const) {
      const { absence } = outage([0, 1000]);
      const waits: number[] = [];
      let now = 4000;
      for (let probe = 0; probe < 8; probe++) {
        missed(absence, "MODBUS_TIMEOUT", now - 250, now, random);
        waits.push((absence.notBefore - now) / factor);
        now = absence.notBefore + 250;
      }
      expect(waits.map(Math.round)).toEqual([500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000]);
    }
  });

  it("until it answers", () => {
    const { absence, now } = outage([0, 1000], [2000, 4000]);
    answered(absence);
    expect([isDead(absence, now), isResting(absence, now)]).toEqual([false, false]);
    missed(absence, "MODBUS_TIMEOUT", now, now + 1000, 0);
    expect(isDead(absence, now + 60_000)).toBe(false);
  });

  it("and is waited for shortly, and for the whole timeout now and then", () => {
    const { absence, now } = outage([0, 1000], [2000, 4000]);
    expect(patience(present(), 1000, 5, now)).toBe(1000);
    absence.patientAt = 4000;
    expect(patience(absence, 1000, 5, 20_000)).toBe(50);
    expect(patience(absence, 1000, 20, 20_000)).toBe(80);
    absence.slowestMs = 300;
    expect(patience(absence, 1000, 5, 20_000)).toBe(600);
    expect(patience(absence, 1000, 5, 204_000)).toBe(1000);
    expect(patience(absence, 1000, 5, 220_000)).toBe(600);
    expect(patience(absence, 500, 5, 220_000)).toBe(500);
  });
});

/** Twenty units polled every second for `minutes`, the dead one first; how long each round of the living took, in ms. */
async function rounds(
  framing: "rtu" | "tcp",
  dead: Piece[] | null,
  minutes = 10,
  latencyMs = 30,
): Promise<number[]> {
  const line = new Line(framing);
  line.latencyMs = latencyMs;
  if (dead) line.conduct = ({ unit }) => (unit === 1 ? dead : null);
  const connection = line.open(1000);
  const readers = Array.from({ length: 20 }, (_, i) =>
    connection.source(`u${i}`, i + 1, holding(0)),
  );
  const took: number[] = [];
  const start = line.clock.now();
  for (let second = 1; second <= minutes * 60; second++) {
    const from = line.clock.now();
    const reads = readers.map((reader) => reader.read());
    const living = Promise.all(reads.slice(1)).then((readings) => {
      took.push(line.clock.now() - from);
      expect(readings.every((reading) => reading.failure === null)).toBe(true);
    });
    await line.run(Promise.all([living, reads[0]]));
    await line.run(line.clock.sleep(start + second * 1000 - line.clock.now()));
  }
  await connection.close();
  return took;
}

const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

describe("one dead among twenty", () => {
  it.each([
    ["rtu", 30],
    ["rtu", 8],
    ["tcp", 30],
    ["tcp", 8],
  ] as const)(
    "costs the others less than a tenth of their cycle time (%s, answers in %d ms)",
    async (framing, latencyMs) => {
      const healthy = mean(await rounds(framing, null, 1, latencyMs));
      const harmed = await rounds(framing, [], 10, latencyMs);
      expect(harmed).toHaveLength(600);
      expect(mean(harmed) / healthy).toBeLessThan(1.1);
      expect(harmed.filter((ms) => ms > 1.1 * healthy).length).toBeLessThan(90);
    },
  );

  it("costs no more behind a gateway that says so late", async () => {
    const line = new Line("tcp");
    const healthy = mean(await rounds("tcp", null, 2));
    const harmed = await rounds("tcp", [{ after: 200, bytes: line.frame([1, 0x83, 11]) }], 2);
    expect(mean(harmed) / healthy).toBeLessThan(1.1);
  });
});

describe("a dead unit", () => {
  it("costs nothing while it rests, keeps its reason, and is back within 10 s and a poll", async () => {
    const line = new Line();
    const connection = line.open(1000);
    const [sick, fine] = [1, 2].map((unit) => connection.source(`u${unit}`, unit, holding(0)));
    line.conduct = ({ unit }) => (unit === 1 ? [] : null);
    for (let second = 0; second < 60; second++) {
      const reading = await line.run(sick!.read());
      expect(reading).toMatchObject({ failure: "MODBUS_TIMEOUT" });
      expect(reading.samples.size).toBe(0);
      await line.run(fine!.read());
      await line.run(line.clock.sleep(1000));
    }
    const asked = line.sent.filter(({ asked }) => asked.unit === 1).length;
    expect(asked).toBeLessThan(14);
    line.conduct = () => null;
    const start = line.clock.now();
    while ((await line.run(sick!.read())).failure !== null) await line.run(line.clock.sleep(1000));
    expect(line.clock.now() - start).toBeLessThanOrEqual(11_000);
    expect(connection.health()).toMatchObject({ reconnects: 0, state: "up" });
    await connection.close();
  });

  it.each([
    [5, true],
    [6, true],
    [10, false],
    [11, false],
  ])("is not one that answers exception %i: asked every time is %s", async (code, isAsked) => {
    const line = new Line();
    const connection = line.open(1000);
    const reader = connection.source("main", 1, holding(0));
    line.conduct = (asked) => [{ after: 5, bytes: line.frame([1, asked.code | 0x80, code]) }];
    for (let poll = 0; poll < 20; poll++) {
      const { failure, samples } = await line.run(reader.read());
      const sample = samples.get("h0");
      const reason = failure ?? (sample?.quality === "bad" ? sample.reason : "good");
      expect(reason).toBe(`MODBUS_EXCEPTION_${code}`);
      await line.run(line.clock.sleep(1000));
    }
    expect(line.sent.length === 20).toBe(isAsked);
    expect(line.opened).toBe(1);
    await connection.close();
  });

  it("is asked at once when the port was lost and is open again", async () => {
    const line = new Line();
    const connection = line.open(1000);
    const [sick, fine] = [1, 2].map((unit) => connection.source(`u${unit}`, unit, holding(0)));
    line.conduct = ({ unit }) => (unit === 1 ? [] : null);
    for (let second = 0; second < 40; second++) {
      await line.run(Promise.all([sick!.read(), fine!.read()]));
      await line.run(line.clock.sleep(500));
    }
    line.conduct = () => null;
    line.cut();
    await line.run(line.clock.sleep(600));
    expect((await line.run(sick!.read())).failure).toBeNull();
    await connection.close();
  });
});
