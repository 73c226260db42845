/** What holds for every machine's life under every contract: nothing is lost, order never matters, downtime never helps. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { amend } from "../../../agent/core/contract/amend.ts";
import { bookInterval } from "../../../agent/core/contract/fold.ts";
import type { ContractModel } from "../../../agent/core/contract/model.ts";
import type { ContractState } from "../../../agent/core/contract/state.ts";
import { lengthOf, type Tally } from "../../../agent/core/contract/tally.ts";
import type { IntervalFact } from "../../../agent/core/journal.ts";
import {
  booked,
  HOUR,
  MINUTE,
  MONDAY,
  period,
  type Stretch,
  standingAt,
  timeline,
} from "./desk.ts";
import { changeOf, contracts, cut, noted, notes, stops, stretches } from "./tale.ts";

const RUNS = { numRuns: 150 };
const SPAN = period(MONDAY + 90 * MINUTE, MONDAY + 40 * HOUR);

const states = (contract: ContractModel, facts: readonly IntervalFact[]): ContractState =>
  booked(contract, facts, SPAN);
const tallyOf = (state: ContractState): Tally => state.periods[0]!.tallies["press-01"]!;
const endOf = (facts: readonly IntervalFact[]): number => facts.at(-1)!.to;

/** Milliseconds of the period that are booked: all that is settled, except a stop too short to be judged. */
function bookedMs(state: ContractState): number {
  const fold = state.folds["press-01"]!;
  const waits = fold.run?.pieces ?? [];
  const end = Math.min(fold.to, SPAN.to);
  const clipped = (from: number, to: number): number =>
    Math.max(0, Math.min(to, SPAN.to) - Math.max(from, SPAN.from));
  return clipped(SPAN.from, end) - waits.reduce((sum, { from, to }) => sum + clipped(from, to), 0);
}

describe("the fold", () => {
  test("puts every millisecond of the period into one bucket, in both readings", () => {
    fc.assert(
      fc.property(contracts, stretches, (contract, life) => {
        const state = states(contract, timeline(life));
        const { judged, prime } = tallyOf(state);
        expect(lengthOf(judged)).toBe(bookedMs(state));
        expect(lengthOf(prime)).toBe(bookedMs(state));
      }),
      RUNS,
    );
  });

  test("is the same wherever the intervals were cut, and booked twice they count once", () => {
    fc.assert(
      fc.property(
        contracts,
        stretches,
        fc.array(fc.integer({ min: 1, max: 999 }), { maxLength: 6 }),
        (contract, life, parts) => {
          const facts = timeline(life);
          const whole = states(contract, facts);
          const pieces = states(contract, cut(facts, parts));
          for (const fact of facts) bookInterval(contract, pieces, fact);
          expect(pieces.periods).toEqual(whole.periods);
          expect(pieces.pace).toEqual(whole.pace);
        },
      ),
      RUNS,
    );
  });

  test("looks the same whether the end is booked or still provisional", () => {
    fc.assert(
      fc.property(contracts, stretches, fc.nat(40), (contract, life, known) => {
        const facts = timeline(life);
        const at = Math.max(SPAN.from, Math.min(endOf(facts), SPAN.to - 1));
        const early = states(contract, facts.slice(0, known));
        const tails = { "press-01": facts.slice(known) };
        fc.pre(known > 0);
        expect(standingAt(contract, early, at, { tails })).toEqual(
          standingAt(contract, states(contract, facts), at),
        );
      }),
      RUNS,
    );
  });
});

describe("an amendment", () => {
  test("gives what booking the corrected timeline would have given", () => {
    fc.assert(
      fc.property(contracts, stretches, notes, (contract, life, note) => {
        const facts = timeline(life);
        const state = states(contract, facts);
        amend(contract, state, "press-01", changeOf(facts, note));
        const anew = states(contract, noted(facts, note));
        expect(state.periods).toEqual(anew.periods);
        expect(state.folds["press-01"]!.run?.downMs).toBe(anew.folds["press-01"]!.run?.downMs);
        expect(lengthOf(tallyOf(state).judged)).toBe(bookedMs(state));
      }),
      RUNS,
    );
  });

  test("knows what lies beside a stop, so that the contract's limit may be the longer one", () => {
    fc.assert(
      fc.property(contracts, stretches, notes, (contract, life, note) => {
        const assets = contract.assets.map((each) => ({ ...each, microStopMs: 20 * MINUTE }));
        const patient = { ...contract, assets };
        const facts = timeline(life);
        const state = states(patient, facts);
        amend(patient, state, "press-01", { ...changeOf(facts, note), around: facts });
        expect(state.periods).toEqual(states(patient, noted(facts, note)).periods);
      }),
      RUNS,
    );
  });

  test("is undone without a trace by the opposite one", () => {
    fc.assert(
      fc.property(contracts, stretches, notes, (contract, life, note) => {
        const facts = timeline(life);
        const state = states(contract, facts);
        const before = structuredClone(state.periods);
        const { before: old, after } = changeOf(facts, note);
        amend(contract, state, "press-01", { before: old, after });
        amend(contract, state, "press-01", { before: after, after: old });
        expect(state.periods).toEqual(before);
        expect(state.pace).toEqual(states(contract, facts).pace);
      }),
      RUNS,
    );
  });

  test("of other time may come first or last", () => {
    fc.assert(
      fc.property(contracts, stretches, notes, notes, (contract, life, a, b) => {
        const facts = timeline(life);
        const first = { ...a, begin: a.begin % 300, length: Math.min(a.length, 300) };
        const second = { ...b, begin: 650 + (b.begin % 300) };
        const run = (x: typeof a, y: typeof a): ContractState => {
          const state = states(contract, facts);
          amend(contract, state, "press-01", changeOf(facts, x));
          amend(contract, state, "press-01", changeOf(noted(facts, x), y));
          return state;
        };
        expect(run(first, second).periods).toEqual(run(second, first).periods);
      }),
      RUNS,
    );
  });
});

describe("a standing", () => {
  const lasting = (life: readonly Stretch[]): Stretch[] => [
    ...life,
    { is: "producing", ms: 10 * MINUTE },
  ];

  test("never rises with more downtime", () => {
    fc.assert(
      fc.property(contracts, stretches, fc.nat(), fc.nat(), (contract, life, which, part) => {
        const all = lasting(life);
        const up = all.flatMap(({ is }, i) => (is === "producing" ? [i] : []));
        const at = up[which % up.length]!;
        const { ms, schedule } = all[at]!;
        const lost = 1 + (part % ms);
        const down: Stretch = {
          is: "fault",
          ms: lost,
          ...(schedule ? { schedule } : {}),
          attribution: "supplier",
          reason: "jam",
        };
        const rest = lost < ms ? [{ ...all[at]!, ms: ms - lost }] : [];
        const worse = [...all.slice(0, at), ...rest, down, ...all.slice(at + 1)];
        const now = Math.min(SPAN.to - 1, Math.max(SPAN.from, endOf(timeline(all))));
        const value = (lived: readonly Stretch[]) =>
          standingAt(contract, states(contract, timeline(lived)), now).outcomes[0]!;
        const [before, after] = [value(all), value(worse)];
        if (before.value === null || after.value === null) return;
        expect(after.value).toBeLessThanOrEqual(before.value);
        expect(after.min!).toBeLessThanOrEqual(before.min!);
        expect(after.max!).toBeLessThanOrEqual(before.max!);
      }),
      RUNS,
    );
  });

  test("never rises with a stop inside running, degraded or not, however short and whatever it is", () => {
    fc.assert(
      fc.property(contracts, stretches, fc.nat(), stops, (contract, life, which, stop) => {
        const all = lasting(life);
        const up = all.flatMap(({ is, ms }, i) => (is === "producing" && ms > 2 ? [i] : []));
        const at = up[which % up.length]!;
        const run = all[at]!;
        const rest = Math.max(1, Math.floor(run.ms * stop.after));
        const ms = Math.max(1, Math.floor((run.ms - rest - 1) * stop.length));
        const { is, reason } = stop;
        const inside: Stretch = { ...run, is, ms, attribution: "supplier", reason };
        const parts = [{ ...run, ms: run.ms - rest - ms }, inside, { ...run, ms: rest }];
        const worse = [...all.slice(0, at), ...parts, ...all.slice(at + 1)];
        const now = Math.min(SPAN.to - 1, Math.max(SPAN.from, endOf(timeline(all))));
        const value = (lived: readonly Stretch[]) =>
          standingAt(contract, states(contract, timeline(lived)), now).outcomes[0]!;
        const [before, after] = [value(all), value(worse)];
        if (before.value === null || after.value === null) return;
        expect(after.value).toBeLessThanOrEqual(before.value);
        expect(after.min!).toBeLessThanOrEqual(before.min!);
        expect(after.max!).toBeLessThanOrEqual(before.max!);
      }),
      RUNS,
    );
  });

  test("lies between its bounds", () => {
    fc.assert(
      fc.property(contracts, stretches, (contract, life) => {
        const facts = timeline(life);
        const at = Math.min(SPAN.to - 1, Math.max(SPAN.from, endOf(facts)));
        const [outcome] = standingAt(contract, states(contract, facts), at).outcomes;
        const { value, min, max } = outcome!;
        if (value === null) return;
        expect(min!).toBeLessThanOrEqual(value);
        expect(max!).toBeGreaterThanOrEqual(value);
      }),
      RUNS,
    );
  });
});
