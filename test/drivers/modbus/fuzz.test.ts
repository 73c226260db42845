/** 100,000 faulty answers per framing; `FUZZ_FAULTS=1000000` for the run by hand, `FUZZ_SEED` for another one. */
import { describe, expect, it } from "vitest";
import { fuzz } from "./fuzz.ts";

const FAULTS = Number(process.env["FUZZ_FAULTS"] ?? 100_000);
const SEED = Number(process.env["FUZZ_SEED"] ?? 20_261_122);

describe(`${FAULTS} faulty answers, seed ${SEED}`, () => {
  it.each(["rtu", "ascii", "tcp"] as const)(
    "let no wrong value in, and two polls later all is well (%s)",
    async (framing) => {
      const tally = await fuzz(framing, FAULTS, SEED);
      expect(tally.wrong).toEqual([]);
      expect(tally.writes).toBe(0);
      expect(tally.faults).toBeGreaterThanOrEqual(FAULTS);
      expect(tally.right).toBeGreaterThan(FAULTS / 4);
      expect(tally.bad).toBeGreaterThan(FAULTS / 4);
      expect(tally.slowest).toBeLessThanOrEqual(2);
    },
    FAULTS,
  );
});
