/** Signals in words: what was found, what it waits for, what downtime is left. */
import { expect, test } from "vitest";
import { findingText, standsAs } from "../../../agent/acts/finding.ts";

const evidence = { reason: "up", value: 31.2345, limit: null, sigmas: 6.1 };

test("the numbers behind it, the signal it waits for, the budgets of its contracts", () => {
  const found = { kind: "drift", channel: "total", evidence } as const;
  expect(findingText(found)).toBe("drift of total: up (value 31.23, 6.1 sd from its baseline)");
  const bare = { ...evidence, value: null, sigmas: null };
  expect(findingText({ kind: "pattern", channel: null, evidence: bare })).toBe(
    "pattern of several points: up",
  );
  const budgetAtRisk = [
    { contract: "acme", metric: "uptime", allowedMs: 64_800_000, leftMs: 11_880_000 },
    { contract: "acme", metric: "availability", allowedMs: 3_600_000, leftMs: -1_800_000 },
  ];
  const upstream = "flow-drift";
  expect(findingText({ ...found, evidence: { ...bare, upstream }, budgetAtRisk })).toBe(
    "drift of total: up; waits for flow-drift; acme uptime has 3.3 h of 18.0 h downtime left; acme availability has -0.5 h of 1.0 h downtime left",
  );
});

test.each([
  [{ shelvedUntil: "2026-11-23", acknowledged: {}, isSuppressed: true }, "shelved"],
  [{ shelvedUntil: null, acknowledged: {}, isSuppressed: true }, "suppressed"],
  [{ shelvedUntil: null, acknowledged: {}, isSuppressed: false }, "acknowledged"],
  [{ shelvedUntil: null, acknowledged: null, isSuppressed: false }, "raised"],
])("%o is %s", (signal, word) => {
  expect(standsAs(signal)).toBe(word);
});
