/** Conditions that contradict themselves or their points: message and place of each. */
import { describe, expect, test } from "vitest";
import { edited, linesOf, marks, parse, problemsOf } from "./plant-text.ts";

type Edit = [old: string, text: string];
type Case = [name: string, edits: Edit[], expected: string];

const at = "assets.press-01";
const when = (text: string): Edit[] => [["when: { point: status, equals: 6 }", `when: ${text}`]];
const W = `${at}.condition[0].when`;

const ERRORS: Case[] = [
  [
    "unknown point",
    when("{ point: ¦statu, equals: 6 }"),
    `${W}.point there is no point statu (did you mean \`status\`?)`,
  ],
  [
    "inherited name",
    when("{ point: ¦constructor, equals: 6 }"),
    `${W}.point there is no point constructor (known: status, total, big, word, guard, power, red)`,
  ],
  [
    "empty",
    when("¦{ hysteresis: 1 }"),
    `${W} needs one of point, counterMoving, all, any, not, lamp`,
  ],
  [
    "two forms",
    when("{ point: status, equals: 6, ¦all: [{ point: status, equals: 5 }] }"),
    `${W}.all does not go with \`point\` (join conditions with \`all\` or \`any\`)`,
  ],
  [
    "no comparison",
    when("¦{ point: status }"),
    `${W} needs one of equals, in, above, below, between`,
  ],
  [
    "two comparisons",
    when("{ point: status, above: 1, ¦below: 5 }"),
    `${W}.below does not go with \`above\` (write two conditions under \`all\`)`,
  ],
  [
    "stray within",
    when("{ point: status, equals: 6, ¦within: 5s }"),
    `${W}.within only goes with \`counterMoving\`, not with \`point\``,
  ],
  [
    "stray equals",
    when("{ counterMoving: total, within: 5s, ¦equals: 6 }"),
    `${W}.equals only goes with \`point\`, not with \`counterMoving\``,
  ],
  [
    "hysteresis of equals",
    when("{ point: status, equals: 6, ¦hysteresis: 1 }"),
    `${W}.hysteresis only goes with above, below, between`,
  ],
  [
    "empty range",
    when("{ point: status, between: ¦[5, 4] }"),
    `${W}.between 5 is more than 4: no value is between`,
  ],
  [
    "three limits",
    when("{ point: status, between: ¦[5, 6, 7] }"),
    `${W}.between must be a list of two numbers such as [10, 20], not a list`,
  ],
  [
    "bit beyond",
    when("{ point: status, bit: ¦16, equals: true }"),
    `${W}.bit must be from 0 to 15, not 16`,
  ],
  [
    "bit of a float",
    when("{ point: power, ¦bit: 3, equals: true }"),
    `${W}.bit does not go with point power (bits are of whole numbers without scale: int or uint)`,
  ],
  [
    "bit of a bool",
    when("{ point: guard, ¦bit: 0, equals: true }"),
    `${W}.bit does not go with point guard (bits are of whole numbers without scale: int or uint)`,
  ],
  [
    "bit as number",
    when("{ point: status, bit: 3, equals: ¦1 }"),
    `${W}.equals must be \`equals: true\` or \`equals: false\` with \`bit\``,
  ],
  [
    "number for a bool",
    when("{ point: guard, equals: ¦1 }"),
    `${W}.equals must be true or false, as the point is, not 1`,
  ],
  [
    "word for a number",
    when('{ point: status, in: [8, ¦"9"] }'),
    `${W}.in[1] must be a number, as the point is, not "9" (mind the quotes)`,
  ],
  [
    "number for a text",
    when("{ point: word, equals: ¦5 }"),
    `${W}.equals must be a text, as the point is, not 5 (mind the quotes)`,
  ],
  [
    "limit of a bool",
    when("{ point: guard, ¦above: 1 }"),
    `${W}.above only goes with numbers, and guard is true or false`,
  ],
  [
    "moving without counter",
    when("{ counterMoving: ¦status, within: 5s }"),
    `${W}.counterMoving status is not a counter (give the point \`counter\`)`,
  ],
  [
    "moving without within",
    [["when: { point: status, equals: 6 }", "¦when: { counterMoving: total }"]],
    `${W}.within is missing (the longest time between two pieces)`,
  ],
  [
    "moving too briefly",
    when("{ counterMoving: total, within: ¦1s }"),
    `${W}.within must be at least twice the poll of its source (1000 ms)`,
  ],
  [
    "moving for no time",
    when("{ counterMoving: total, within: ¦0s }"),
    `${W}.within must be at least 1ms, not 0s`,
  ],
  [
    "deep inside",
    when("{ not: { any: [{ all: [{ lamp: { ¦rad: on } }] }] } }"),
    `${W}.not.any[0].all[0].lamp.rad there is no point rad (did you mean \`red\`?)`,
  ],
  [
    "lamp of a number",
    when("{ lamp: { ¦status: on } }"),
    `${W}.lamp.status must be a point of type bool or a GPIO line without counter`,
  ],
  [
    "lamp blinking",
    when("{ lamp: { red: ¦blinking } }"),
    `${W}.lamp.red must be one of on, off, flashing, not "blinking"`,
  ],
  [
    "lamp as a bool",
    when("{ lamp: { red: ¦true } }"),
    `${W}.lamp.red must be one of on, off, flashing, not the value true`,
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
    ["digits for 64 bits", when("{ point: big, equals: 18446744073709551615 }")],
    ["quoted digits for 64 bits", when('{ point: big, in: ["18446744073709551615", 7] }')],
    ["flashing on GPIO", when("{ lamp: { red: flashing, guard: off } }")],
  ])("%s", (_, edits) => {
    const loaded = parse(edited(...edits));
    expect(linesOf([...problemsOf(loaded), ...loaded.warnings])).toEqual([]);
  });
});

test("flashing needs fast polls", () => {
  const text = edited(...when("{ lamp: { ¦guard: flashing } }"));
  expect(linesOf(parse(text).warnings)).toEqual([
    `${marks(text)[0]} ${W}.lamp.guard flashing cannot be seen with a poll of 1000 ms (poll at 100ms or faster)`,
  ]);
});
