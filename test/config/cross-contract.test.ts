/** Contracts that cannot be evaluated are refused with their place; sound ones load without a word. */
import { describe, expect, test } from "vitest";
import { edited, linesOf, marks, parse, problemsOf } from "./plant-text.ts";

type Edit = [old: string, text: string];

const contract = (text: string): Edit => [
  "connections:\n",
  `contracts:\n  c1: { assets: [press-01], period: month, ${text} }\nconnections:\n`,
];
const UPTIME = "outcomes: [{ metric: uptime, target: 97%, minimum: 92% }]";
const one = (text: string): Edit => contract(`outcomes: [{ ${text} }]`);
const fees = "fees: { currency: EUR, base: 10000 }";
const bands = (text: string): Edit =>
  contract(`${fees}, outcomes: [{ metric: uptime, target: 99%, bands: [${text}] }]`);
const GOOD: Edit = ["counts: { total: total }", "counts: { total: total, good: total }"];

const ERRORS: [name: string, edits: Edit[], expected: string][] = [
  [
    "a minimum above the target",
    [one("metric: uptime, target: 97%, minimum: ¦98%")],
    "outcomes[0].minimum must be at most the target 97%, not 98%",
  ],
  [
    "a repeat rate whose worst is better than its target",
    [one("metric: repeat-rate, target: 20%, minimum: ¦10%")],
    "outcomes[0].minimum must be at least the target 20%, not 10%",
  ],
  [
    "pieces in percent",
    [one("metric: good-pieces, target: ¦97%"), GOOD],
    "outcomes[0].target must be a number such as 90000 for good-pieces, not 97%",
  ],
  [
    "a share in pieces",
    [one("metric: uptime, target: ¦97")],
    "outcomes[0].target must be a percentage such as 97% for uptime, not 97",
  ],
  [
    "a promise without a level",
    [contract("outcomes: [¦{ metric: uptime }]")],
    "outcomes[0].target is missing (a level, or `bands`)",
  ],
  [
    "a response without a limit",
    [contract("outcomes: [¦{ metric: response, severity: s1 }]")],
    "outcomes[0].limit is missing (the longest time that keeps the promise)",
  ],
  [
    "a response to a severity that no machine has",
    [one("metric: response, severity: ¦s7, limit: 4h")],
    "outcomes[0].severity there is no severity s7 (did you mean `s1`?)",
  ],
  [
    "the same promise twice",
    [contract("outcomes: [{ metric: uptime, target: 97% }, { metric: ¦uptime, target: 98% }]")],
    "outcomes[1].metric uptime is promised twice",
  ],
  [
    "a limit of uptime",
    [one("metric: uptime, target: 97%, ¦limit: 4h")],
    "outcomes[0].limit only goes with response and restore",
  ],
  [
    "a gap between bands",
    [
      bands(
        "¦{ from: 99%, adjust: 0% }, { from: 97.5%, to: 98.9%, adjust: -5% }, { to: 97.5%, adjust: -9% }",
      ),
    ],
    "outcomes[0].bands[0] leaves a gap from 98.9% to 99% (the lower edge belongs to a band, the upper one to the next)",
  ],
  [
    "bands over each other",
    [bands("¦{ from: 97%, adjust: 0% }, { to: 97.5%, adjust: -10% }")],
    "outcomes[0].bands[0] overlaps the band from 0 (the lower edge belongs to a band, the upper one to the next)",
  ],
  [
    "bands that leave out the best",
    [bands("{ from: 97%, to: ¦100%, adjust: 0% }, { to: 97%, adjust: -10% }")],
    "outcomes[0].bands[0].to leaves 100% of uptime and above without a band (leave `to` out)",
  ],
  [
    "bands that leave out the worst",
    [bands("¦{ from: 97%, adjust: 0% }")],
    "outcomes[0].bands[0] nothing is said below 97%",
  ],
  [
    "a malus of nothing",
    [one("metric: uptime, target: 97%, ¦malus: { perPoint: 2% }")],
    "outcomes[0].malus needs `fees` of the contract (it is a share of the fee)",
  ],
  [
    "a step below no minimum",
    [contract(`${fees}, outcomes: [{ metric: uptime, target: 97%, ¦stepBelowMinimum: 5% }]`)],
    "outcomes[0].stepBelowMinimum needs `minimum`",
  ],
  [
    "the page rule of a web service on a machine",
    [
      contract(
        "burnAlerts: [{ factor: ¦14.4, window: 1h }], outcomes: [{ metric: uptime, target: 90% }]",
      ),
    ],
    "burnAlerts[0].factor can never fire: at a target of 90% the burn is at most 10, not 14.4 (lower it, or lengthen the window)",
  ],
  [
    "a share of the budget that no hour can hold",
    // two shifts: 72 h a week, 308.57 h in 30 days; 20 % of it in an hour is a burn of 61.71
    [contract(`burnAlerts: [{ share: ¦20%, window: 1h }], ${UPTIME}`)],
    "burnAlerts[0].share can never fire: at a target of 97% the burn is at most 33.33, not 20% (a burn of 61.71) (lower it, or lengthen the window)",
  ],
  [
    "an alert of both kinds",
    [contract(`burnAlerts: [¦{ factor: 2, share: 1%, window: 1h }], ${UPTIME}`)],
    "burnAlerts[0] needs either factor or share",
  ],
  [
    "OEE without counts",
    [one("metric: ¦oee, target: 75%"), ["    counts: { total: total }\n", ""]],
    "outcomes[0].metric oee needs `counts` of press-01",
  ],
  [
    "quality without good pieces",
    [one("metric: ¦quality, target: 99%")],
    "outcomes[0].metric quality needs `counts.good` or `counts.reject` of press-01",
  ],
  [
    "a recipe that begins inside the term",
    [
      contract('effectiveFrom: "2026-01-01", outcomes: [{ metric: ¦oee, target: 75% }]'),
      GOOD,
      [
        "    idealCycle: 1s\n",
        '    recipes: [{ id: a7, idealCycle: 1s, validFrom: "2026-03-01" }]\n',
      ],
    ],
    "outcomes[0].metric recipe a7 of press-01 has no ideal cycle from 2026-01-01 to 2026-03-01 (date its `validFrom` at the contract's begin)",
  ],
  [
    "stops shorter than two polls",
    [contract(`microStop: ¦1.5s, ${UPTIME}`)],
    "microStop must be at least two polls of press-01 (1s), not 1.5s (shorter stops are not seen)",
  ],
  [
    "an end before the begin",
    [contract(`effectiveFrom: "2026-01-01", effectiveTo: ¦"2026-01-01", ${UPTIME}`)],
    "effectiveTo must be after effectiveFrom 2026-01-01",
  ],
  [
    "an exclusion of everything",
    [contract(`exclusions: [¦{ code: all }], ${UPTIME}`)],
    "exclusions[0] excludes everything (name conditions, reasons, attributions or schedules)",
  ],
  [
    "weights that nobody asks for",
    [contract(`¦weights: { press-01: 2 }, ${UPTIME}`)],
    "weights needs `aggregation: weighted`",
  ],
  [
    "a value model of another machine",
    [contract(`value: { ¦press-02: {} }, ${UPTIME}`)],
    "value.press-02 is no asset of this contract (did you mean `press-01`?)",
  ],
  [
    "a shift in the hour that the clocks skip",
    [
      [
        "connections:\n",
        `contracts:\n  c1: { assets: ¦[press-01], period: month, ${UPTIME} }\nconnections:\n`,
      ],
      [
        '{ id: night, days: mon-thu, start: "22:00", end: "06:00" }',
        '{ id: check, days: sun, start: "02:15", end: "02:45" }',
      ],
    ],
    "assets calendar two-shift: shift check (02:15 to 02:45) does not exist on 2026-03-29, when the clocks skip it (begin it earlier or end it later)",
  ],
  [
    "a capability that nothing names",
    [contract(`¦degraded: capability-weighted, ${UPTIME}`)],
    "degraded needs `capability`",
  ],
];

describe("errors", () => {
  test.each(ERRORS)("%s", (_, edits, expected) => {
    const text = edited(...edits);
    expect(linesOf(problemsOf(parse(text)))).toEqual([
      `${marks(text)[0]} contracts.c1.${expected}`,
    ]);
  });
});

describe("what is fine", () => {
  test.each<[string, Edit[]]>([
    ["two levels", [contract(UPTIME)]],
    ["older words", [one("metric: uptime, target: 97%, unknown: excluded, minCoverage: 95%")]],
    [
      "tiers without gaps",
      [
        bands(
          "{ from: 99%, adjust: 0% }, { from: 97.5%, to: 99%, adjust: -5% }, { to: 97.5%, adjust: -20% }",
        ),
      ],
    ],
    [
      "a burn that can be",
      [contract(`burnAlerts: [{ share: 2%, window: 1h }, { factor: 33, window: 6h }], ${UPTIME}`)],
    ],
    [
      "a contract year",
      [
        [
          contract("")[0],
          `contracts:\n  c1: { assets: [press-01], period: year, effectiveFrom: "2026-04-01", ${UPTIME} }\nconnections:\n`,
        ],
      ],
    ],
    [
      "a night shift over the change of clocks",
      [contract(`effectiveFrom: "2026-03-01", ${UPTIME}`)],
    ],
  ])("%s", (_, edits) => {
    const loaded = parse(edited(...edits));
    expect(linesOf([...problemsOf(loaded), ...loaded.warnings])).toEqual([]);
  });
});

test("a promise about incidents on machines that have none is warned of", () => {
  const text = edited(one("¦metric: response, severity: s1, limit: 4h"));
  const loaded = parse(text);
  expect(problemsOf(loaded)).toEqual([]);
  expect(linesOf(loaded.warnings)).toEqual([
    `${marks(text)[0]} contracts.c1.outcomes[0].metric response is never measured: no machine of the contract has incidents (\`incidents: {}\` on the machine takes all defaults)`,
  ]);
});

test("a calendar by a name that every object knows is missing, not a crash", () => {
  const alert = "burnAlerts: [{ share: 2%, window: 1h }]";
  const text = edited(contract(`${alert}, ${UPTIME}`), [
    "calendar: two-shift",
    'calendar: ¦"__proto__"',
  ]);
  const [place] = marks(text);
  expect(linesOf(problemsOf(parse(text)))).toEqual([
    `${place} assets.press-01.calendar there is no calendar __proto__ (known: two-shift)`,
  ]);
});
