/** Rules, counts and recipes that contradict each other: message and place of each. */
import { describe, expect, test } from "vitest";
import { edited, linesOf, marks, parse, problemsOf } from "./plant-text.ts";

type Edit = [old: string, text: string];
type Case = [name: string, edits: Edit[], expected: string];

const at = "assets.press-01";
const when = (text: string): Edit[] => [["when: { point: status, equals: 6 }", `when: ${text}`]];
const asset = (text: string): Edit[] => [["    idealCycle: 1s\n", `    ${text}\n`]];
const counts = (text: string): Edit[] => [["counts: { total: total }", `counts: ${text}`]];
const recipes = (...list: string[]): Edit[] =>
  asset(`recipes:\n${list.map((recipe) => `      - ${recipe}`).join("\n")}`);

const ERRORS: Case[] = [
  [
    "unknown condition",
    [["is: producing", "is: ¦production"]],
    `${at}.condition[0].is must be one of producing, idle, starved, blocked, setup, engineering, maintenance, fault, external-fault, off, not "production" (did you mean \`producing\`?)`,
  ],
  [
    "no dwell",
    [["{ is: producing,", "{ is: producing, for: ¦0s,"]],
    `${at}.condition[0].for must be at least 1ms, not 0s`,
  ],
  [
    "dwell of always",
    [["{ is: idle }", "{ is: idle, ¦for: 5s }"]],
    `${at}.condition[1].for only goes with \`when\`: the rule is always true`,
  ],
  [
    "unknown reason",
    [["{ is: idle }", "{ is: idle, reason: { point: ¦reason } }"]],
    `${at}.condition[1].reason.point there is no point reason (known: status, total, big, word, guard, power, red)`,
  ],
  [
    "two losses of one reason",
    asset("reasons: [{ code: 1, is: pump, loss: breakdown }, { code: 2, is: pump, ¦loss: setup }]"),
    `${at}.reasons[1].loss reason "pump" is already a loss of breakdown: a reason has one loss`,
  ],
  [
    "micro-stop below two polls",
    [["calendar: two-shift", "microStop: ¦1s"]],
    `${at}.microStop must be at least twice the poll of source main (1s), which the rules need, not 1s (shorter stops would not be seen)`,
  ],
  [
    "micro-stop of a slow source",
    [
      ...when("{ any: [{ point: status, equals: 6 }, { point: power, above: 2 }] }"),
      ["calendar: two-shift", "microStop: ¦9.9s"],
    ],
    `${at}.microStop must be at least twice the poll of source meter (5s), which the rules need, not 9.9s (shorter stops would not be seen)`,
  ],
  [
    "count of nothing",
    counts("{ total: ¦totl }"),
    `${at}.counts.total there is no point totl (did you mean \`total\`?)`,
  ],
  [
    "count of a state",
    counts("{ total: total, good: ¦status }"),
    `${at}.counts.good status is not a counter (give the point \`counter: { maxRate: … }\`)`,
  ],
  [
    "good and reject",
    counts("{ total: total, good: total, ¦reject: total }"),
    `${at}.counts.reject does not go with \`good\` (keep one: the other is the rest of total)`,
  ],
  [
    "two ideals",
    asset("idealCycle: 1s\n    ¦idealRate: 1/s"),
    `${at}.idealRate does not go with \`idealCycle\` (keep one of the two)`,
  ],
  [
    "ideal and recipes",
    [...asset("¦idealCycle: 1s\n    recipes: [{ id: a, idealCycle: 1s }]")],
    `${at}.idealCycle does not go with \`recipes\` (give every recipe its own)`,
  ],
  ["no ideal", recipes("¦{ id: a }"), `${at}.recipes[0] needs idealCycle or idealRate`],
  [
    "no time at all",
    asset("idealCycle: ¦0.4us"),
    `${at}.idealCycle must be at least 1 µs per piece, not 0.4us`,
  ],
  [
    "no rate at all",
    asset("idealRate: ¦0/h"),
    `${at}.idealRate must be at least 1 µs per piece, not 0/h`,
  ],
  [
    "a week per piece",
    asset("idealCycle: ¦7d"),
    `${at}.idealCycle must be at most 1 day per piece, not 7d`,
  ],
  [
    "same recipe twice",
    recipes("{ id: a, idealCycle: 1s }", "{ id: b, idealCycle: 1s }", "{ id: ¦a, idealCycle: 2s }"),
    `${at}.recipes[2].id a is defined twice without \`validFrom\``,
  ],
  [
    "same revision twice",
    recipes(
      '{ id: a, idealCycle: 1s, validFrom: "2026-01-01" }',
      '{ id: ¦a, idealCycle: 2s, validFrom: "2026-01-01" }',
    ),
    `${at}.recipes[1].id a is defined twice from 2026-01-01`,
  ],
  [
    "reserved recipe",
    recipes("{ id: ¦unassigned, idealCycle: 1s }"),
    `${at}.recipes[0].id must not be unassigned, which names pieces without a recipe`,
  ],
  [
    "a date that is none",
    recipes('{ id: a, idealCycle: 1s, validFrom: ¦"2026-02-29" }'),
    `${at}.recipes[0].validFrom 2026-02-29 does not exist`,
  ],
  [
    "an hour that is none",
    recipes("{ id: a, idealCycle: 1s, validFrom: ¦2026-02-28T25:00:00Z }"),
    `${at}.recipes[0].validFrom 2026-02-28T25:00:00Z does not exist`,
  ],
  [
    "recipe by an unknown point",
    recipes("{ id: a, idealCycle: 1s, when: { point: ¦recipe, equals: 1 } }"),
    `${at}.recipes[0].when.point there is no point recipe (known: status, total, big, word, guard, power, red)`,
  ],
];

describe("errors", () => {
  test.each(ERRORS)("%s", (_, edits, expected) => {
    const text = edited(...edits);
    expect(linesOf(problemsOf(parse(text)))).toEqual([`${marks(text)[0]} ${expected}`]);
  });
});

describe("what is fine", () => {
  test.each([
    ["micro-stop of two polls", [["calendar: two-shift", "microStop: 2s"] as Edit]],
    [
      "two revisions",
      recipes("{ id: a, idealCycle: 1s }", '{ id: a, idealCycle: 2s, validFrom: "2026-01-01" }'),
    ],
  ])("%s", (_, edits) => {
    const loaded = parse(edited(...edits));
    expect(linesOf([...problemsOf(loaded), ...loaded.warnings])).toEqual([]);
  });
});

const WARNINGS: Case[] = [
  [
    "a rule after always",
    [
      [
        "      - { is: idle }\n",
        "      - { is: idle }\n      - ¦{ is: setup, when: { point: status, equals: 3 } }\n",
      ],
    ],
    `${at}.condition[2] can never win: condition[1] is always true (move the rule without \`when\` to the end)`,
  ],
  [
    "ideal beyond the counter",
    asset("¦idealRate: 420/min"),
    `${at}.idealRate 420/min is faster than the counter's maxRate 5/s: such pieces would count as a jump (raise \`maxRate\` of the counter)`,
  ],
];

describe("warnings", () => {
  test.each(WARNINGS)("%s", (_, edits, expected) => {
    const text = edited(...edits);
    const loaded = parse(text);
    expect(loaded.ok).toBe(true);
    expect(linesOf(loaded.warnings)).toEqual([`${marks(text)[0]} ${expected}`]);
  });
});
