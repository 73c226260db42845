import { describe, expect, it } from "vitest";
import { ASCII } from "../../../drivers/modbus/ascii.ts";
import { busReport, passMs, requestMs, shareOf } from "../../../drivers/modbus/bustime.ts";
import { MBAP } from "../../../drivers/modbus/frame.ts";
import { charMs, paceOf, type SerialLine } from "../../../drivers/modbus/pace.ts";
import { RTU } from "../../../drivers/modbus/rtu.ts";
import { holding, Line } from "./line.ts";

const line = (baudRate: number, more: Partial<SerialLine> = {}): SerialLine => ({
  baudRate,
  parity: "even",
  stopBits: 1,
  dataBits: 8,
  ...more,
});

describe("the times of a line", () => {
  it.each([
    [line(9600), 11 / 9.6, 38.5 / 9.6],
    [line(19_200), 11 / 19.2, 38.5 / 19.2],
    [line(38_400), 11 / 38.4, 1.75],
    [line(115_200, { parity: "none" }), 10 / 115.2, 1.75],
    [line(1200, { parity: "none", stopBits: 2 }), 11 / 1.2, 38.5 / 1.2],
    [line(9600, { dataBits: 7 }), 10 / 9.6, 35 / 9.6],
  ])("%j: a character, and 3.5 of them or 1.75 ms", (serial, character, gap) => {
    expect(charMs(serial)).toBeCloseTo(character, 9);
    expect(paceOf(serial, 0).gapMs).toBeCloseTo(gap, 9);
  });

  it("the turn-around is never shorter than the silence", () => {
    expect(paceOf(line(115_200), 5).gapMs).toBe(5);
    expect(paceOf(line(1200), 5).gapMs).toBeCloseTo(38.5 / 1.2, 9);
  });
});

describe("what reading costs", () => {
  const pace = paceOf(line(9600), 5);

  it("is the characters of both frames, the silence, and 10 ms for the device", () => {
    const rtu = { pace, framing: RTU };
    expect(requestMs("holding", 10, rtu)).toBeCloseTo(10 + (8 + 25) * pace.charMs + 5, 9);
    expect(requestMs("coil", 17, rtu)).toBeCloseTo(10 + (8 + 8) * pace.charMs + 5, 9);
    const ascii = requestMs("holding", 10, { pace, framing: ASCII });
    expect(ascii).toBeCloseTo(10 + 2 * 33 * pace.charMs + 5, 9);
    expect(requestMs("holding", 125, { pace: null, framing: MBAP })).toBe(10);
  });

  it("adds up over the requests of a plan, and a reader tells", async () => {
    const timing = { pace: { charMs: 1, gapMs: 2 }, framing: RTU };
    const reads = [
      { table: "holding" as const, length: 1 },
      { table: "input" as const, length: 2 },
    ];
    expect(passMs(reads, timing)).toBe(2 * 12 + 15 + 17);
    const bus = new Line().driver(1000, timing.pace).open("line", {}, new Line().clock);
    expect(bus.source("main", 1, holding(0, 100)).busTime?.()).toBe(2 * (12 + 15));
  });

  it("is reported with its share, and what cannot be met", () => {
    const demand = (id: string, ms: number, pollMs: number) => ({ id, passMs: ms, pollMs });
    expect(shareOf([demand("a", 50, 1000), demand("b", 100, 500)])).toBeCloseTo(0.25, 9);
    expect(busReport("bus", [demand("a", 50, 1000)])).toEqual([
      "bus: 5 % of the bus time, all sources once take 50 ms",
    ]);
    expect(busReport("bus", [demand("a", 600, 1000), demand("b", 600, 1000)]).slice(1)).toEqual([
      "bus: cannot keep up; poll more slowly or spread the units over buses",
    ]);
    expect(busReport("bus", [demand("a", 150, 100)]).at(-1)).toBe(
      "a: takes 150 ms but is to be polled every 100 ms",
    );
    expect(busReport("bus", [demand("a", 20, 100), demand("b", 400, 2000)]).slice(1)).toEqual([
      "a: may wait 420 ms for its turn, longer than its period of 100 ms",
    ]);
    expect(busReport("bus", [demand("a", 90, 100)])[1]).toMatch(/hardly any time/);
  });
});
