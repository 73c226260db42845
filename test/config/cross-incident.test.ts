/** Incidents that contradict themselves or the rest of the configuration: message and place of each. */
import { describe, expect, test } from "vitest";
import { formatProblem } from "../../config/problem.ts";
import { edited, linesOf, marks, parse, problemsOf } from "./plant-text.ts";

type Edit = [old: string, text: string];

const at = "assets.press-01.incidents";
const incidents = (text: string): Edit => [
  "    calendar: two-shift\n",
  `    calendar: two-shift\n    incidents: ${text}\n`,
];
const rules = (...list: string[]): Edit[] => [incidents(`{ rules: [${list.join(", ")}] }`)];
const severities = (text: string, own = "{}"): Edit[] => [
  ["assets:\n", `severities: ${text}\nassets:\n`],
  incidents(own),
];

test.each<[string, Edit[], string]>([
  [
    "no trigger",
    rules("¦{ severity: s1 }"),
    `${at}.rules[0] needs one of fault, microStops, signal, lostContact`,
  ],
  [
    "two triggers",
    rules("{ fault: 5min, ¦signal: alarm }"),
    `${at}.rules[0].signal does not go with \`fault\` (make two rules of it)`,
  ],
  [
    "reasons of a signal",
    rules("{ signal: alarm, ¦reasons: [17] }"),
    `${at}.rules[0].reasons only goes with \`fault\``,
  ],
  [
    "a span of a fault",
    rules("{ fault: 5min, ¦within: 1h }"),
    `${at}.rules[0].within only goes with \`microStops\``,
  ],
  [
    "micro-stops without a span",
    rules("¦{ microStops: 5 }"),
    `${at}.rules[0].within is missing (the span in which they happen)`,
  ],
  [
    "one micro-stop",
    rules("{ microStops: ¦1, within: 1h }"),
    `${at}.rules[0].microStops must be a whole number from 2 to 200, not the number 1`,
  ],
  [
    "a fault without a unit",
    rules("{ fault: ¦5 }"),
    `${at}.rules[0].fault must be a duration such as 500ms, 1s or 5min, not the number 5 (add a unit: 5s?)`,
  ],
  [
    "a threshold of weeks",
    rules("{ fault: ¦8d }"),
    `${at}.rules[0].fault must be at most 7d, not 8d`,
  ],
  [
    "a signal that asks nobody",
    rules("{ signal: ¦info }"),
    `${at}.rules[0].signal must be one of advisory, warning, alarm, not "info"`,
  ],
  [
    "a severity nobody knows",
    rules("{ fault: 5min, severity: ¦s9 }"),
    `${at}.rules[0].severity there is no severity s9 (did you mean \`s1\`?)`,
  ],
  [
    "two rules of one name",
    rules("{ id: a, fault: 5min, reasons: [1] }", "{ id: ¦a, fault: 5min }"),
    `${at}.rules[1].id another rule is called a`,
  ],
  [
    "the default of a trigger that is not listed",
    severities("{ urgent: {} }", "{ rules: [¦{ fault: 5min }] }"),
    `${at}.rules[0] there is no severity s1 (known: urgent)`,
  ],
  [
    "coverage of no calendar",
    severities("{ s1: { coverage: ¦two-shifts }, s3: {} }"),
    "severities.s1.coverage there is no calendar two-shifts (did you mean `two-shift`?)",
  ],
  [
    "a severity of the asset",
    [incidents("{ severities: { s1: { respondWithin: ¦0s } } }")],
    `${at}.severities.s1.respondWithin must be at least 1s, not 0s`,
  ],
  [
    "a step that nobody can read",
    severities("{ s1: { ackWithin: 1h, escalation: [{ at: ¦soon }] }, s3: {} }"),
    'severities.s1.escalation[0].at must be a step such as 80%, 30min before, or on breach, not "soon"',
  ],
  [
    "a step without a limit",
    severities("{ s1: { ackWithin: 1h, escalation: [{ at: 50%, of: ¦respond }] }, s3: {} }"),
    "severities.s1.escalation[0].of never comes: the severity has no `respondWithin`",
  ],
  [
    "steps of no limits",
    severities("{ s1: { escalation: [¦{ at: 50% }] }, s3: {} }"),
    "severities.s1.escalation[0] never comes: the severity has no limit",
  ],
  [
    "a step before the begin",
    severities("{ s1: { ackWithin: 1h, escalation: [{ at: ¦2h before }] }, s3: {} }"),
    "severities.s1.escalation[0].at never comes: no limit is longer than 2h",
  ],
  [
    "a button of no point",
    [incidents("{ buttons: [{ point: ¦gard, act: respond }] }")],
    `${at}.buttons[0].point there is no point gard (did you mean \`guard\`?)`,
  ],
  [
    "a button of a number",
    [incidents("{ buttons: [{ point: ¦status, act: respond }] }")],
    `${at}.buttons[0].point status is not true or false (a button is a point of type bool)`,
  ],
  [
    "a button that closes",
    [incidents("{ buttons: [{ point: guard, act: ¦close }] }")],
    `${at}.buttons[0].act must be one of acknowledge, respond, restore, open, not "close"`,
  ],
  [
    "pieces that nobody counts",
    [["    counts: { total: total }\n", ""], incidents("{ verify: { ¦pieces: 5 } }")],
    `${at}.verify.pieces needs \`counts\` (name the point that counts pieces)`,
  ],
  [
    "nothing that verifies",
    [incidents("{ ¦verify: {} }")],
    `${at}.verify needs at least one entry`,
  ],
  [
    "an unknown key",
    [incidents("{ ¦ruls: [] }")],
    `${at}.ruls is not a known key (did you mean \`rules\`?)`,
  ],
])("%s", (_, edits, expected) => {
  const text = edited(...edits);
  const [problem, ...more] = linesOf(problemsOf(parse(text)));
  expect(more).toEqual([]);
  expect(problem?.replace(/^\S+ /, "")).toBe(expected);
  const [place] = marks(text);
  expect(problem?.split(" ")[0]).toBe(place);
});

describe("what is odd and not wrong", () => {
  const warningsOf = (...edits: Edit[]): string[] =>
    parse(edited(...edits))
      .warnings.map(formatProblem)
      .filter((line) => line.includes("incidents"));

  test("a rule behind one that always fits", () => {
    const [line] = warningsOf(...rules("{ fault: 5min }", "{ fault: 0s, reasons: [17] }"));
    expect(line).toContain(
      `${at}.rules[1] never applies: rules[0] comes first and fits whenever it does`,
    );
    expect(warningsOf(...rules("{ fault: 0s, reasons: [17] }", "{ fault: 5min }"))).toEqual([]);
  });

  test("a mistake in a severity leaves its id known", () => {
    const text = edited(...severities("{ s1: { clock: sometimes }, s3: {} }"));
    expect(linesOf(problemsOf(parse(text))).length).toBe(1);
  });
});
