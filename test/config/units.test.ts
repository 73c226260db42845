/** Quantities are read exactly: no binary fraction may creep in. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  cycleUsOf,
  durationMs,
  durationUs,
  isWholeMs,
  minutesOf,
  rate,
  sizeBytes,
} from "../../config/units.ts";

describe("durations", () => {
  test.each([
    ["500us", 500],
    ["1.2s", 1_200_000],
    ["0.1ms", 100],
    ["20 ms", 20_000],
    ["2.5min", 150_000_000],
    ["1h", 3_600_000_000],
    ["400d", 34_560_000_000_000],
    ["0.4us", 0],
    ["0.5us", 1],
    ["1.4999999us", 1],
  ])("%s is %i µs", (text, us) => expect(durationUs(text)).toBe(us));

  test.each([
    ["1s", 1000],
    ["0.1s", 100],
    ["0.3s", 300],
    ["499us", 0],
    ["500us", 1],
    ["1.5d", 129_600_000],
  ])("%s is %i ms", (text, ms) => expect(durationMs(text)).toBe(ms));

  test("a tenth of a second is a whole number of milliseconds, a tenth of one is not", () => {
    expect(["0.1s", "0.1ms", "1000us", "1001us"].map(isWholeMs)).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  test("what the schema would not let through throws", () => {
    for (const text of ["", "1", "s", "1m", "1.s", "-1s"]) {
      expect(() => durationMs(text)).toThrow(RangeError);
    }
  });
});

test.each([
  ["64MiB", 67_108_864],
  ["4GiB", 4_294_967_296],
  ["1.5kB", 1500],
  ["10 MB", 10_000_000],
  ["1GB", 1_000_000_000],
  ["512B", 512],
])("%s is %i bytes", (text, bytes) => expect(sizeBytes(text)).toBe(bytes));

describe("rates", () => {
  test.each([
    ["5/s", 1, 200],
    ["420/min", 7, 1000],
    ["2.4/h", 1, 1_500_000],
    ["0.1/d", 1, 864_000_000],
    ["3333/s", 3333, 1000],
  ])("%s is %i per %i ms", (text, count, perMs) => expect(rate(text)).toEqual({ count, perMs }));

  test.each([
    ["420/min", 142_857],
    ["50/min", 1_200_000],
    ["3/s", 333_333],
    ["1.5/s", 666_667],
    ["400000/s", 3],
    ["2.4/h", 1_500_000_000],
  ])("%s is %i µs per piece, half-up", (text, us) => expect(cycleUsOf(text)).toBe(us));

  test("a rate of nothing throws", () => {
    expect(() => rate("0/s")).toThrow(RangeError);
    expect(() => cycleUsOf("0.0/s")).toThrow(RangeError);
  });

  test("a fraction is the text it came from", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999 }), fc.nat(6), (digits, places) => {
        const text = `${(digits / 10 ** places).toFixed(places)}/min`;
        const { count, perMs } = rate(text);
        expect(BigInt(count) * 60_000n * 10n ** BigInt(places)).toBe(
          BigInt(digits) * BigInt(perMs),
        );
      }),
    );
  });
});

test("times of day are minutes", () => {
  expect(["00:00", "06:30", "24:00"].map(minutesOf)).toEqual([0, 390, 1440]);
});
