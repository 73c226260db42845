/** What an answer says about a device, and that silence says nothing. */
import { describe, expect, test } from "vitest";
import { holds, judgeChecks, judgeIdentity } from "../../../agent/guard/judge.ts";
import type { TemplateCheck } from "../../../config/types.ts";
import type { Sample } from "../../../drivers/driver.ts";

const said = (...texts: string[]) => ({
  objects: Object.fromEntries(texts.entries()),
  failure: null,
});
const silent = (failure: string) => ({ objects: {}, failure });

describe("identity", () => {
  test.each([
    ["the same", { vendor: "Acme", product: "X1", version: "1.2" }, said("Acme", "X1", "1.2")],
    ["what is left out may be anything", { product: "X1" }, said("Acme", "X1", "9")],
  ])("%s", (_, expected, found) => {
    expect(judgeIdentity(expected, found)).toEqual({ state: "match" });
  });

  test.each([
    ["another version", { version: "1.2" }, said("Acme", "X1", "1.3"), ["version", "1.2", "1.3"]],
    ["letter by letter", { vendor: "Acme" }, said("ACME"), ["vendor", "Acme", "ACME"]],
    ["an object it does not have", { version: "1.2" }, said("Acme"), ["version", "1.2", "nothing"]],
    [
      "no identification at all",
      { vendor: "Acme", version: "1" },
      silent("MODBUS_EXCEPTION_1"),
      ["identity", "Acme  1", "MODBUS_EXCEPTION_1"],
    ],
  ])("%s", (_, expected, answer, [what, wanted, found]) => {
    const mismatch = { what, expected: wanted, found };
    expect(judgeIdentity(expected, answer)).toEqual({ state: "mismatch", mismatch });
  });

  test.each(["MODBUS_TIMEOUT", "MODBUS_CLOSED", "MODBUS_EXCEPTION_6", "MODBUS_EXCEPTION_11"])(
    "%s decides nothing",
    (reason) => {
      expect(judgeIdentity({ vendor: "Acme" }, silent(reason))).toEqual({
        state: "undecided",
        reason,
      });
    },
  );
});

describe("registers", () => {
  const check = {
    point: { id: "c", table: "holding", address: 7 },
    check: { equals: 4711 },
  };
  const judged = (sample: Sample, failure: string | null = null) =>
    judgeChecks([check], { samples: new Map([["c", sample]]), failure, at: 0, requests: 1 });
  const good = (value: number): Sample => ({ quality: "good", value, raw: [] });
  const bad = (reason: string): Sample => ({ quality: "bad", reason });

  test("the value, another value, and no value of its type", () => {
    expect(judged(good(4711))).toEqual({ state: "match" });
    const mismatch = { what: "holding 7", expected: "4711" };
    expect(judged(good(4712))).toMatchObject({ mismatch: { ...mismatch, found: "4712" } });
    expect(judged(bad("VALUE_NOT_FINITE"))).toMatchObject({ mismatch });
    expect(judged(bad("MODBUS_EXCEPTION_2"))).toMatchObject({ mismatch });
  });

  test("what could not be read decides nothing", () => {
    expect(judged(bad("MODBUS_EXCEPTION_4"))).toMatchObject({ state: "undecided" });
    expect(judged(good(1), "MODBUS_TIMEOUT")).toMatchObject({ state: "undecided" });
  });
});

test.each<[TemplateCheck, string, number | bigint | boolean | string, boolean]>([
  [{ equals: 21.7 }, "float32", Math.fround(21.7), true],
  [{ equals: 21.7 }, "float32", 21.8, false],
  [{ equals: "18446744073709551615" }, "uint64", 2n ** 64n - 1n, true],
  [{ equals: true }, "bool", true, true],
  [{ equals: 4_294_967_295 }, "uint32", 4_294_967_294, false],
  [{ in: [1, "A7"] }, "string", "A7", true],
  [{ in: [1, 2] }, "uint16", 3, false],
  [{ between: [45, 65] }, "float32", 45, true],
  [{ between: [45, 65] }, "float32", 65.1, false],
  [{ between: [45, 65] }, "float32", Number.NaN, false],
])("%o of a %s holds for %s: %s", (check, type, value, outcome) => {
  expect(holds({ point: { id: "c", type }, check }, value)).toBe(outcome);
});
