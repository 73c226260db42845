/** Every kind of mistake in a template is found, at its place; the sound one has none. */
import { expect, test } from "vitest";
import { lintTemplate } from "../../../agent/template/lint.ts";
import { parseSource } from "../../../config/document.ts";
import { formatProblem } from "../../../config/problem.ts";

const BASE = `version: 1
description: A press.
vendor: ACME
products: [P1]
grade: community
sources:
  - title: Manual
probe:
  - { point: status, in: [4, 6] }
asset:
  points:
    status: { table: holding, address: 0, type: uint16 }
    power: { table: input, address: 10, type: float32 }
  condition:
    - { is: producing, when: { point: status, bit: 1, equals: true } }
    - { is: idle }
fixtures:
  - name: running
    holding: { 0: 6 }
    input: { 10: [0x4366, 0x199A] }
    expect: { status: 6, power: 230.1 }
    condition: producing
  - name: waiting
    after: running
    holding: { 0: 4 }
    expect: { status: 4 }
    condition: idle
`;

function lines(text: string): string[] {
  const { errors, warnings } = lintTemplate(parseSource("t.yaml", text));
  return [...errors.map(formatProblem), ...warnings.map((each) => `${formatProblem(each)} [w]`)];
}

/** {@link BASE} with one text replaced, which must be there exactly once. */
function edited(old: string, now: string): string {
  expect(BASE.split(old)).toHaveLength(2);
  return BASE.replace(old, now);
}

test("a sound template has no finding", () => {
  expect(lines(BASE)).toEqual([]);
});

const MISTAKES: [what: string, old: string, now: string, finding: RegExp][] = [
  ["no YAML", "products: [P1]", "products: [P1", /^t\.yaml:5:\d+ /],
  ["an unknown key", "vendor:", "vendr:", /^t\.yaml:3:1 vendr is not a known key \(.*vendor/],
  [
    "a word that is none",
    "0: 6 }",
    "0: 65536 }",
    /^t\.yaml:19:19 fixtures\[0\]\.holding\.0 must be/,
  ],
  ["an address that is none", "0: 6 }", "x: 6 }", /is not a wire address/],
  ["no grade", "grade: community\n", "", /grade is missing/],
  [
    "verified by nobody",
    "grade: community",
    "grade: verified",
    /^t\.yaml:5:1 grade verified needs a/,
  ],
  ["no source", "  - title: Manual", "  []", /sources is missing/],
  ["no vendor", "vendor: ACME\n", "", /vendor is missing/],
  ["no product", "[P1]", "[]", /products names no product/],
  [
    "an unsourced point",
    "- title: Manual",
    "- { title: Manual, points: [status] }",
    /^t\.yaml:13:5 asset\.points\.power has no source/,
  ],
  [
    "a source of nothing",
    "- title: Manual",
    "- { title: Manual, points: [status, power, speed] }",
    /^t\.yaml:7:46 sources\[0\]\.points\[2\] there is no point speed/,
  ],
  ["a bit outside", "bit: 1,", "bit: 16,", /condition\[0\]\.when\.bit must be from 0 to 15/],
  [
    "a rule about nothing",
    "{ point: status, bit",
    "{ point: state, bit",
    /there is no point state/,
  ],
  [
    "registers with two types",
    "power: { table: input, address: 10, type: float32 }",
    "power: { table: input, address: 10, type: float32 }\n    also: { table: input, address: 11, type: uint16 }",
    /^t\.yaml:14:\d+ asset\.points\.also\.address overlaps power \(input 10-11 float32\)/,
  ],
  [
    "a text that no request can hold",
    "power: { table: input, address: 10, type: float32 }",
    "power: { table: input, address: 10, type: string, length: 126 }",
    /length must be a whole number from 1 to 125/,
  ],
  [
    "a wrong value",
    "power: 230.1",
    "power: 230.2",
    /^t\.yaml:21:26 .*must be 230\.2, and reads 230\.1/,
  ],
  ["a missing register", "10: [0x4366, 0x199A]", "10: 0x4366", /reads MODBUS_EXCEPTION_2/],
  ["swapped words", "type: float32", "type: float32, order: CDAB", /expect\.power must be 230\.1/],
  [
    "a wrong condition",
    "condition: producing",
    "condition: idle",
    /must be idle, and the rules say prod/,
  ],
  ["a value of nothing", "power: 230.1", "power: 230.1, speed: 1", /there is no point speed/],
  [
    "a point in no fixture",
    ", power: 230.1",
    "",
    /^t\.yaml:13:5 asset\.points\.power is in no fixture/,
  ],
  [
    "a past that comes later",
    "after: running",
    "after: waiting",
    /there is no earlier fixture waiting/,
  ],
  ["one name twice", "name: waiting", "name: running", /fixtures\[1\]\.name is used twice/],
  [
    "a rule that nothing shows",
    "    condition: idle\n",
    "",
    /^t\.yaml:16:7 .*shown by no fixture.* \[w\]/,
  ],
  [
    "a probe of nothing",
    "point: status, in",
    "point: speed, in",
    /probe\[0\] there is no point speed/,
  ],
  [
    "a probe that misses its own model",
    "[4, 6]",
    "[4]",
    /does not pass probe\[0\]: status reads 6/,
  ],
];

test.each(MISTAKES)("%s", (_, old, now, finding) => {
  const found = lines(edited(old, now));
  expect(
    found.some((line) => finding.test(line)),
    found.join("\n"),
  ).toBe(true);
});

test("no fixtures at all", () => {
  const found = lines(BASE.slice(0, BASE.indexOf("fixtures:")));
  expect(found.join("\n")).toContain("fixtures is missing");
});

test("a bad value is expected by its reason", () => {
  const text = edited(
    "    condition: idle\n",
    "    condition: idle\n  - name: nan\n    after: running\n    input: { 10: [0x7FC0, 0] }\n    bad: { power: VALUE_NOT_FINITE }\n",
  );
  expect(lines(text)).toEqual([]);
  expect(lines(text.replace("VALUE_NOT_FINITE", "VALUE_INVALID")).join()).toContain(
    "must be VALUE_INVALID, and reads VALUE_NOT_FINITE",
  );
});

test("what the template leaves open stands in its example, with the place there", () => {
  const open = BASE.replace(
    "    power: { table: input, address: 10, type: float32 }\n",
    "",
  ).replace(
    "fixtures:",
    "example:\n  points:\n    power: { table: input, address: 10, type: float23 }\nfixtures:",
  );
  expect(lines(open.replace("float23", "float32"))).toEqual([]);
  expect(lines(open).join("\n")).toMatch(
    /^t\.yaml:18:47 asset\.points\.power\.type must be one of/,
  );
});

test("GPIO lines: levels after activeLow, pulses by edges to active", () => {
  const text = `version: 1
description: A lamp and a counter.
vendor: generic
products: [lamp]
grade: community
sources: [{ title: none }]
asset:
  points:
    lamp: { line: GPIO1, activeLow: true }
    pieces: { line: GPIO2, activeLow: true, counter: { maxRate: 5/s } }
  condition:
    - { is: producing, when: { counterMoving: pieces, within: 5s } }
    - { is: idle }
fixtures:
  - name: counting
    lines:
      - { at: 0s, set: { GPIO1: 0, GPIO2: 1 } }
      - { at: 1s, set: { GPIO2: 0 } }
      - { at: 2s, set: { GPIO2: 1 } }
      - { at: 3s, set: { GPIO2: 0 } }
    expect: { lamp: true, pieces: 2 }
    condition: producing
  - { name: still, after: counting, lines: [{ at: 0s, set: { GPIO1: 1 } }, { at: 9s, set: {} }], expect: { lamp: false }, condition: idle }
`;
  expect(lines(text)).toEqual([]);
  expect(lines(text.replace("pieces: 2", "pieces: 3")).join()).toContain("must be 3, and reads 2");
});
