/** Standings as published: every one fits the record's schema, and says what superseded what. */
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import type { StandingBody } from "../../../agent/core/contract/body.ts";
import { contractPart } from "../../../agent/record/contract.ts";
import {
  booked,
  ended,
  HOUR,
  MONDAY,
  model,
  outcome,
  percent,
  standingAt,
  timeline,
} from "../../core/contract/desk.ts";

const schema = JSON.parse(
  readFileSync(new URL("../../../config/schema/records/contract.json", import.meta.url), "utf8"),
);
const [example] = schema.examples;
const validate = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(
  schema,
);

const rich = model({
  id: "acme-2026",
  outcomes: [
    outcome({
      malus: { perPoint: percent("2"), from: percent("97"), cap: null },
      misses: { count: 3, consequence: "termination" },
    }),
    outcome({ metric: "oee", minimum: null }),
    outcome({ metric: "response", severity: "s1", limitMs: HOUR, minimum: null }),
  ],
  fees: {
    ...{ currency: "EUR", digits: 2, baseMicro: 10_000_000_000 },
    ...{ perGoodPieceMicro: 0, perRunHourMicro: 0, liabilityCap: null },
  },
  value: { "press-01": { contributionMicro: 20_000, downHourMicro: 90_000_000 } },
});

const facts = timeline([
  { is: "producing", ms: 90 * HOUR },
  { is: "fault", ms: 10 * HOUR, attribution: "supplier" },
]);

function errors(body: StandingBody, version: number): unknown {
  const hash = body.final ? `sha256:${"0".repeat(64)}` : null;
  const record = { ...example, contract: contractPart(body, version), hash };
  return validate(record) ? [] : validate.errors;
}

test("a running one, with alerts, forecast and money", () => {
  const body = standingAt(rich, booked(rich, facts), MONDAY + 100 * HOUR);
  expect(body.outcomes[0]!.forecast).toBeNull();
  expect(errors(body, 3)).toEqual([]);
  const disputed = [{ before: facts, after: facts }];
  const both = standingAt(rich, booked(rich, facts), MONDAY + 100 * HOUR, {
    proposed: { "press-01": disputed },
  });
  expect(both.outcomes[0]!.disputed).not.toBeNull();
  expect(errors(both, 4)).toEqual([]);
});

test("a final one, and its correction", () => {
  const body = ended(rich, 10_000, 400);
  expect(errors(body, 5)).toEqual([]);
  const part = contractPart({ ...body, revision: 2, supersedes: 1 }, 6);
  expect([part["verdictId"], part["supersedes"]]).toEqual([
    "acme-2026/2026-11-02T00:00:00.000Z/2",
    "acme-2026/2026-11-02T00:00:00.000Z/1",
  ]);
  expect(JSON.stringify(part).length).toBeLessThan(4096);
});
