import { describe, expect, it } from "vitest";
import { holding, Line, outcome } from "./line.ts";

const SERIAL = ["rtu", "ascii"] as const;

describe.each(SERIAL)("a line of %s frames", (framing) => {
  it("reads all tables, and answers of single characters", async () => {
    const line = new Line(framing);
    line.word = (_unit, address) => address + 7;
    line.conduct = (_asked, good) =>
      [...line.frame(good)].map((byte, i) => ({ after: 5 + i, bytes: Buffer.from([byte]) }));
    const connection = line.open();
    const reader = connection.source("main", 9, [
      { id: "a", table: "holding", address: 3, type: "uint16" },
      { id: "b", table: "input", address: 500, type: "uint16" },
      { id: "c", table: "coil", address: 4, type: "bool" },
      { id: "d", table: "discrete", address: 5, type: "bool" },
    ]);
    expect(outcome(await line.run(reader.read()))).toEqual({ a: 10, b: 507, c: true, d: false });
    expect(line.sent.map(({ asked }) => asked.code).sort()).toEqual([1, 2, 3, 4]);
    await connection.close();
    expect(line.clock.asleep).toBe(0);
  });

  it("tells what the answers took: not the gaps, the wait for others, or what was lost", async () => {
    const line = new Line(framing);
    const connection = line.driver(1000, { charMs: 0, gapMs: 40 }).open("line", {}, line.clock);
    const reader = connection.source("main", 1, holding(0, 100));
    const other = connection.source("other", 2, holding(0, 1));
    line.conduct = ({ unit }) => (unit === 2 ? [] : null);
    line.latencyMs = 30;
    const [lost, first] = await line.run(Promise.all([other.read(), reader.read()]));
    expect(lost).toMatchObject({ failure: "MODBUS_TIMEOUT" });
    expect(lost.tookMs).toBeUndefined();
    expect(first.at - lost.at).toBeGreaterThan(1000);
    expect(first.tookMs).toBe(60);
    line.conduct = ({ address }) => (address === 100 ? [] : null);
    expect(await line.run(reader.read())).toMatchObject({ failure: null, tookMs: 30 });
    await connection.close();
  });

  it("keeps the gap after an answer, and 100 ms after unasked bytes", async () => {
    const line = new Line(framing);
    const connection = line.driver(1000, { charMs: 0, gapMs: 40 }).open("line", {}, line.clock);
    const reader = connection.source("main", 1, holding(0, 100));
    await line.run(reader.read());
    const [first, second] = line.sent;
    expect(second!.at - first!.at).toBe(line.latencyMs + 40);
    line.noise(Buffer.from([1, 2, 3]));
    const noiseAt = line.clock.now();
    expect(outcome(await line.run(reader.read()))).toEqual({ h0: 0, h100: 100 });
    expect(line.sent[2]!.at - noiseAt).toBe(100);
    expect(connection.health().strays).toBe(3);
    await connection.close();
  });

  it.each([
    ["no answer", () => [], 1000],
    ["half an answer", (good: Buffer) => [good.subarray(0, 4)], 1000],
    ["noise", () => [Buffer.from([0x3a, 0x99, 0x99, 0x99, 0x99, 0x99, 0x99])], 5],
  ] as const)(
    "is quiet after %s until a late answer must have passed",
    async (_what, bad, failed) => {
      const line = new Line(framing);
      const connection = line.open();
      const reader = connection.source("main", 1, holding(0, 1));
      line.conduct = (_asked, good) => bad(line.frame(good)).map((bytes) => ({ after: 5, bytes }));
      const start = line.clock.now();
      expect((await line.run(reader.read())).failure).toMatch(/MODBUS_(TIMEOUT|FRAME)/);
      expect(line.clock.now() - start).toBe(failed);
      line.conduct = () => null;
      expect(outcome(await line.run(reader.read()))).toEqual({ h0: 0, h1: 1 });
      expect(line.sent[1]!.at - start).toBe(failed + 1000);
      await connection.close();
    },
  );

  it("reopens after three polls without a sound frame, and reads again", async () => {
    const line = new Line(framing);
    const connection = line.open();
    const reader = connection.source("main", 1, holding(0));
    line.conduct = () => [];
    for (let poll = 0; poll < 3; poll++) {
      await line.run(line.clock.sleep(1000));
      await line.run(reader.read());
    }
    expect(line.sent).toHaveLength(3);
    expect(connection.health()).toMatchObject({ state: "down", lastFailure: "MODBUS_TIMEOUT" });
    line.conduct = () => null;
    await line.run(line.clock.sleep(1000));
    expect(outcome(await line.run(reader.read()))).toEqual({ h0: 0 });
    expect(line.opened).toBe(2);
    await connection.close();
  });

  it("is quiet after the third, too, though the port is new", async () => {
    const line = new Line(framing);
    const connection = line.open();
    const reader = connection.source("main", 1, holding(0));
    line.conduct = () => [];
    do {
      await line.run(line.clock.sleep(200));
      await line.run(reader.read());
    } while (connection.health().state !== "down");
    const lost = line.clock.now();
    line.conduct = () => null;
    const other = connection.source("other", 2, holding(0));
    expect(outcome(await line.run(other.read()))).toEqual({ h0: 0 });
    expect(line.opened).toBe(2);
    // As long again as the last, short probe was waited for.
    expect(line.sent.at(-1)!.at - lost).toBeGreaterThanOrEqual(50);
    await connection.close();
  });

  it("fails, and does not hang, on a line that is never silent", async () => {
    const line = new Line(framing);
    const connection = line.open();
    const reader = connection.source("main", 1, holding(0));
    await line.run(reader.read());
    const start = line.clock.now();
    const babble = (): void => {
      line.noise(Buffer.from([0x55]));
      if (line.clock.now() - start < 5000) line.clock.at(1, babble);
    };
    babble();
    expect((await line.run(reader.read())).failure).toBe("MODBUS_FRAME");
    expect(line.clock.now() - start).toBeLessThan(1300);
    expect(line.sent).toHaveLength(1);
    await connection.close();
  });
});

describe("a wrong answer gives no value", () => {
  const WRONG: [string, (good: number[]) => number[]][] = [
    ["another unit", ([, ...rest]) => [2, ...rest]],
    ["another function", ([unit, , ...rest]) => [unit!, 4, ...rest]],
    ["a byte count too large", ([unit, code, , ...rest]) => [unit!, code!, 6, ...rest]],
    ["a byte count too small", ([unit, code, , ...rest]) => [unit!, code!, 2, ...rest]],
    ["fewer registers", ([unit, code]) => [unit!, code!, 2, 0xde, 0xad]],
    ["more registers", ([unit, code]) => [unit!, code!, 6, 0xde, 0xad, 0xde, 0xad, 0xde, 0xad]],
    ["an exception of another unit", ([, code]) => [2, code! | 0x80, 6]],
    ["a write's echo", () => [1, 6, 0, 0, 0xde, 0xad]],
    ["the request itself", () => [1, 3, 0, 0, 0, 2]],
  ];
  it.each(
    SERIAL.flatMap((framing) => WRONG.map(([what, alter]) => [framing, what, alter] as const)),
  )("%s: %s", async (framing, _what, alter) => {
    const line = new Line(framing);
    const connection = line.open();
    const reader = connection.source("main", 1, holding(0, 1));
    line.conduct = (_asked, good) => [{ after: 5, bytes: line.frame(alter(good)) }];
    expect((await line.run(reader.read())).failure).toMatch(/MODBUS_(TIMEOUT|FRAME)/);
    line.conduct = () => null;
    expect(outcome(await line.run(reader.read()))).toEqual({ h0: 0, h1: 1 });
    await connection.close();
  });

  it.each(SERIAL)("%s: a damaged check sum", async (framing) => {
    const line = new Line(framing);
    const connection = line.open();
    const reader = connection.source("main", 1, holding(0, 1));
    for (let at = 1; at < line.frame(new Array(7).fill(0)).length - 2; at++) {
      line.conduct = (_asked, good) => {
        const bytes = line.frame(good);
        bytes[at]! ^= 1;
        return [{ after: 5, bytes }];
      };
      expect((await line.run(reader.read())).failure).toMatch(/MODBUS_(TIMEOUT|FRAME)/);
      line.conduct = () => null;
      await line.run(line.clock.sleep(2000));
      expect(outcome(await line.run(reader.read()))).toEqual({ h0: 0, h1: 1 });
    }
    await connection.close();
  });
});
