/** Who decides is who decided when the note was entered: terms that come later decide nothing anew, in reports and in replay. */
import { expect, test } from "vitest";
import type { ReasonInput } from "../../agent/core/annotation/entered.ts";
import type { Input } from "../../agent/core/input.ts";
import { knownOf, notesOf } from "../../agent/report/known.ts";
import { HOUR, plantOf, SIX, YAML } from "../support/line-plant.ts";

const under = (decides: string, at: number): Input => {
  const text = `${YAML}contracts:
  acme:
    assets: [press-01]
    period: month
    decides: { attribution: ${decides} }
    outcomes: [{ metric: uptime, target: 97% }]
`;
  const { hash, model } = plantOf(text);
  return { kind: "config", at, hash, model };
};

const note = (id: string, at: number): ReasonInput => ({
  ...{ kind: "reason", id, at, asset: "press-01", from: SIX, to: SIX + 60_000, reason: null },
  ...{ attribution: "customer", party: "supplier", by: "desk", why: "no material" },
});

test("a note that held at once goes on holding when both must decide, and the other way about", () => {
  const inputs = [
    under("supplier", SIX),
    note("a", SIX + HOUR),
    under("both", SIX + 2 * HOUR),
    note("b", SIX + 3 * HOUR),
    under("supplier", SIX + 4 * HOUR),
  ];
  const journal = {
    *inputs() {
      yield* inputs;
    },
  };
  const { holding, open } = notesOf(knownOf(journal), "press-01");
  expect(holding.map(({ id }) => id)).toEqual(["a"]);
  expect(open.map(({ note, status }) => [note.id, status])).toEqual([["b", "proposed"]]);
});
