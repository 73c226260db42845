/** Issue item 10: `advance` is the only path. However its input is cut, ticked or interrupted, the output is the same. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Input } from "../../agent/core/input.ts";
import { toTaggedJson } from "../../agent/store/tagged-json.ts";
import { play, revived } from "../support/play.ts";
import { acts, inputsOf } from "../support/tale.ts";

const RUNS = { numRuns: 40, endOnFailure: true };

/** Instants between two inputs at which a loop may have run; none while the agent was dead. */
function between(before: Input | undefined, next: Input | undefined, shares: number[]): number[] {
  if (!before || !next || next.kind === "calendar") return [];
  const to = next.kind === "agent-started" ? next.lastAlive : next.at;
  if (to < before.at) return [];
  return shares.sort().map((share) => Math.floor(before.at + share * (to - before.at)));
}

describe("the same input gives the same facts", () => {
  test("with ticks anywhere", () => {
    fc.assert(
      fc.property(
        acts,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 9 }),
        (told, shares) => {
          const inputs = inputsOf(told);
          const plain = play(inputs);
          const ticked = play(inputs, (i, core, tick) => {
            for (const at of between(inputs[i - 1], inputs[i], shares.slice(0, i % 3))) tick(at);
            return core;
          });
          expect(ticked.messages).toEqual(plain.messages);
          expect(toTaggedJson(ticked.facts)).toBe(toTaggedJson(plain.facts));
        },
      ),
      RUNS,
    );
  });

  test("with a restart at any point", () => {
    fc.assert(
      fc.property(acts, fc.integer({ min: 1, max: 400 }), (told, every) => {
        const inputs = inputsOf(told);
        const plain = play(inputs);
        const cut = play(inputs, (i, core) => (i % every === every - 1 ? revived(core) : core));
        expect(cut.messages).toEqual(plain.messages);
        expect(toTaggedJson(cut.facts)).toBe(toTaggedJson(plain.facts));
        expect(toTaggedJson(cut.core.state)).toBe(toTaggedJson(plain.core.state));
      }),
      RUNS,
    );
  });

  test("with a restart between all inputs and ticks", () => {
    fc.assert(
      fc.property(
        acts.map((told) => told.slice(0, 8)),
        (told) => {
          const inputs = inputsOf(told);
          const plain = play(inputs);
          const cut = play(inputs, (i, core, tick) => {
            const before = inputs[i - 1];
            if (before?.kind === "cycle") tick(before.at);
            return revived(core);
          });
          expect(cut.messages).toEqual(plain.messages);
        },
      ),
      { numRuns: 8, endOnFailure: true },
    );
  });
});
