/** Terms of a contract that would mean nothing, or something else than they say, are refused with their place. */
import { describe, expect, test } from "vitest";
import { edited, linesOf, marks, parse, problemsOf } from "./plant-text.ts";

type Edit = [old: string, text: string];

const contract = (text: string): Edit => [
  "connections:\n",
  `contracts:\n  c1: { assets: [press-01], period: month, ${text} }\nconnections:\n`,
];
const UPTIME = "outcomes: [{ metric: uptime, target: 97%, minimum: 92% }]";
const one = (text: string, more = ""): Edit => contract(`${more}outcomes: [{ ${text} }]`);
const on = (days: string): Edit => [
  '{ id: night, days: mon-thu, start: "22:00", end: "06:00" }',
  `{ id: check, days: sun, ${days} }`,
];

const ERRORS: [name: string, edits: Edit[], expected: string][] = [
  [
    "a fee that nobody can pay",
    [contract(`fees: { currency: EUR, base: ¦"18000.005" }, ${UPTIME}`)],
    "fees.base 18000.005 has more than the 2 decimals of EUR (an amount is whole minor units, see `digits`)",
  ],
  [
    "a fee in parts of a currency that has none",
    [contract(`fees: { currency: JPY, digits: 0, base: ¦18000.5 }, ${UPTIME}`)],
    "fees.base 18000.5 has more than the 0 decimals of JPY (an amount is whole minor units, see `digits`)",
  ],
  [
    "a price of pieces that nobody counts",
    [contract(`fees: { currency: EUR, ¦perGoodPiece: "0.045" }, ${UPTIME}`)],
    "fees.perGoodPiece needs `counts.good` or `counts.reject` of press-01",
  ],
  [
    "a target that no rounded value stands on",
    [one("metric: uptime, target: ¦97.25%", "rounding: { decimals: 0 }, ")],
    "outcomes[0].target 97.25% is finer than the value is rounded to, 0 places (raise `rounding.decimals`, or round at stage none)",
  ],
  [
    "a band edge between two rounded values",
    [
      one(
        "metric: uptime, target: 97%, bands: [{ to: ¦95.125%, adjust: -1% }, { from: 95.125%, adjust: 0% }]",
        "fees: { currency: EUR, base: 10 }, ",
      ),
    ],
    "outcomes[0].bands[0].to 95.125% is finer than the value is rounded to, 2 places (raise `rounding.decimals`, or round at stage none)",
  ],
  [
    "a downtime that nobody is ever notified of",
    [contract(`downtimeStart: ¦notification, ${UPTIME}`)],
    "downtimeStart nobody is notified of press-01: it has no incidents (`incidents: {}` on the machine takes all defaults)",
  ],
  [
    "a capability that is not weighed",
    [contract(`¦capability: [{ reasons: [one-head], is: 50% }], ${UPTIME}`)],
    "capability needs `degraded: capability-weighted`",
  ],
  [
    "an exclusion of what is never excluded",
    [contract(`exclusions: [{ code: x, conditions: ¦[producing] }], ${UPTIME}`)],
    "exclusions[0].conditions exclude nothing: producing is never excluded",
  ],
  [
    "a burn alert that another one hides",
    [
      contract(
        `burnAlerts: [{ factor: 2, window: 8h }, { factor: 6, window: ¦480min }], ${UPTIME}`,
      ),
    ],
    "burnAlerts[1].window has an alert already",
  ],
  [
    "repeats that a machine has forgotten",
    [
      one("metric: repeat-rate, target: 10%, within: ¦60d"),
      ["calendar: two-shift\n", "calendar: two-shift\n    incidents: {}\n"],
    ],
    "outcomes[0].within press-01 tells repeats within 30d only, not within 60d (lower it, or raise `incidents.repeatWithin` of the machine)",
  ],
  [
    "a shift that begins in the skipped hour and ends before it is made up",
    [
      [
        "connections:\n",
        `contracts:\n  c1: { assets: ¦[press-01], period: month, ${UPTIME} }\nconnections:\n`,
      ],
      on('start: "02:30", end: "03:15"'),
    ],
    "assets calendar two-shift: shift check (02:30 to 03:15) does not exist on 2026-03-29, when the clocks skip it (begin it earlier or end it later)",
  ],
];

describe("errors", () => {
  test.each(ERRORS)("%s", (_, edits, expected) => {
    const text = edited(...edits);
    expect(linesOf(problemsOf(parse(text)))[0]).toBe(`${marks(text)[0]} contracts.c1.${expected}`);
  });
});

describe("what is fine", () => {
  test.each<[string, Edit[]]>([
    ["trailing zeros", [contract(`fees: { currency: EUR, base: "18000.500" }, ${UPTIME}`)]],
    [
      "a price finer than a cent",
      [contract(`fees: { currency: EUR, perRunHour: "12.3456" }, ${UPTIME}`)],
    ],
    [
      "levels between rounded values that are not rounded",
      [one("metric: uptime, target: 99.9995%", "rounding: { stage: none }, ")],
    ],
    [
      "a shift that ends after the skipped hour is made up",
      [contract(UPTIME), on('start: "02:30", end: "03:45"')],
    ],
  ])("%s", (_, edits) => {
    expect(linesOf(problemsOf(parse(edited(...edits))))).toEqual([]);
  });
});
