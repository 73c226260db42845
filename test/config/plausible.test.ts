/** Options against lying values and swapped devices: what contradicts itself, and what becomes of the rest. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { wantedText } from "../../config/check-value.ts";
import { compile } from "../../config/compile.ts";
import { guardsOf } from "../../config/guard.ts";
import { sourcesOf } from "../../config/source.ts";
import type { Config } from "../../config/types.ts";
import { edited, linesOf, marks, parse, problemsOf } from "./plant-text.ts";

type Edit = [old: string, text: string];

const STATUS = "status: { table: holding, address: 0, type: uint16 }";
const MAIN = "main: { connection: plc, unit: 1, poll: 1s }";
const LAMPS = "lamps: { connection: panel }";
const at = "assets.press-01";
const point = (options: string): Edit => [STATUS, `${STATUS}\n      p: { ${options} }`];
const word = (options: string): Edit =>
  point(`table: holding, address: 9, type: uint16, ${options}`);
const guard = (options: string): Edit => [
  MAIN,
  `main: { connection: plc, unit: 1, guard: { ${options} } }`,
];
const READ = "read: { table: holding, address: 9, type: uint16 }";

const ERRORS: [name: string, edit: Edit, expected: string][] = [
  [
    "range the wrong way round",
    word("range: ¦[5, -5]"),
    `${at}.points.p.range ends below its beginning: 5 > -5`,
  ],
  [
    "no step at all",
    word("maxStep: ¦0/s"),
    `${at}.points.p.maxStep must be more than 0 (leave it out where the value may jump)`,
  ],
  [
    "range of a flag",
    point("table: coil, address: 9, type: bool, ¦range: [0, 1]"),
    `${at}.points.p.range only goes with numbers, not with bool`,
  ],
  [
    "range of a counter",
    word("counter: { maxRate: 1/h }, ¦range: [0, 9]"),
    `${at}.points.p.range does not go with counter (counters have their own: \`counter.maxRate\`)`,
  ],
  [
    "frozen within a poll",
    word("frozen: ¦1500ms"),
    `${at}.points.p.frozen must be at least twice the poll, 1s`,
  ],
  [
    "all ones of a float",
    point("table: input, address: 9, type: float32, invalid: ¦[ones]"),
    `${at}.points.p.invalid \`ones\` goes with whole numbers, not with float32`,
  ],
  [
    "canary that expects nothing",
    guard(`canary: [¦{ ${READ} }]`),
    `${at}.sources.main.guard.canary[0] needs exactly one of \`equals\`, \`in\`, \`between\``,
  ],
  [
    "canary that expects twice",
    guard(`canary: [¦{ ${READ}, equals: 1, in: [1] }]`),
    `${at}.sources.main.guard.canary[0] needs exactly one of \`equals\`, \`in\`, \`between\``,
  ],
  [
    "guard every moment",
    guard("every: ¦10ms"),
    `${at}.sources.main.guard.every must be at least 1s, not 10ms`,
  ],
  [
    "guard of a chip",
    [LAMPS, "lamps: { connection: panel, ¦guard: {} }"],
    `${at}.sources.lamps.guard a GPIO chip cannot be identified`,
  ],
];

test.each(ERRORS)("%s", (_, edit, expected) => {
  const text = edited(edit);
  expect(linesOf(problemsOf(parse(text)))).toEqual([`${marks(text)[0]} ${expected}`]);
});

function loaded(...edits: Edit[]): Config {
  const result = parse(edited(...edits));
  if (!result.ok) throw new Error(linesOf(result.problems).join("\n"));
  return result.config;
}

describe("what becomes of it", () => {
  test("the core gets exact limits, the driver none, and other points nothing", () => {
    const config = loaded(word("range: [-5, 5.5], maxStep: 2.5/min, frozen: 1h"));
    const [asset] = compile(config, () => 0).assets;
    expect(asset?.points.map(({ id, plausible }) => [id, plausible]).slice(0, 3)).toEqual([
      ["status", undefined],
      [
        "p",
        {
          range: { low: -5, high: 5.5 },
          maxStep: { count: 1, perMs: 24_000 },
          frozenMs: 3_600_000,
        },
      ],
      ["total", undefined],
    ]);
    const options = sourcesOf(config)[0]?.points.find(({ id }) => id === "p");
    expect(Object.keys(options ?? {})).toEqual([
      "id",
      "table",
      "address",
      "type",
      "order",
      "scale",
      "offset",
      "invalid",
    ]);
  });

  test.each([
    ["uint16", 65_535],
    ["int16", -1],
    ["uint32", 4_294_967_295],
    ["int64", -1],
    ["uint64", 2n ** 64n - 1n],
    ["bcd16", 65_535],
    ["bcd32", 4_294_967_295],
  ])("all ones of %s", (type, raw) => {
    const config = loaded(point(`table: holding, address: 20, type: ${type}, invalid: [ones, 7]`));
    const options = sourcesOf(config)[0]?.points.find(({ id }) => id === "p");
    expect(options?.["invalid"]).toEqual([raw, 7]);
  });
});

describe("guards", () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  /** A folder with one template that has a probe. */
  function folder(): string {
    const made = mkdtempSync(join(tmpdir(), "guard-"));
    folders.push(made);
    mkdirSync(join(made, "templates"));
    const text = `version: 1
description: A meter
probe:
  - { point: status, between: [0, 17] }
  - { point: power, between: [1, 2] }
  - { read: { table: input, address: 99, type: uint16 }, equals: 4711 }
asset: {}
`;
    writeFileSync(join(made, "templates", "meter.yaml"), text);
    return made;
  }

  test("none without a word of it", () => {
    expect(guardsOf(loaded(), ".", {})).toEqual([]);
  });

  test("canaries, and the probes of the template that this source can read", () => {
    const text = edited(
      guard(`every: 1min, identity: { vendor: Acme }, canary: [{ ${READ}, in: [1, 2] }]`),
    );
    const result = parse(text);
    if (!result.ok) throw new Error("not sound");
    const config = result.config;
    for (const asset of Object.values(config.assets)) asset.template = "meter";
    const [plan, ...others] = guardsOf(config, folder(), {});
    expect(others).toEqual([]);
    expect(plan).toMatchObject({ asset: "press-01", source: "main", everyMs: 60_000 });
    expect(plan?.identity).toEqual({ vendor: "Acme" });
    expect(
      plan?.checks.map(({ point: { address }, check }) => [address, wantedText(check)]),
    ).toEqual([
      [9, "one of 1, 2"],
      [0, "0 to 17"],
      [99, "4711"],
    ]);
  });

  test("a saved identity guards by itself, and a configured one comes first", () => {
    const saved = { "plc/1": { product: "X1" } };
    expect(guardsOf(loaded(), ".", saved)).toEqual([
      {
        asset: "press-01",
        source: "main",
        everyMs: 600_000,
        identity: { product: "X1" },
        checks: [],
      },
    ]);
    const [plan] = guardsOf(loaded(guard("identity: { product: X2 }")), ".", saved);
    expect(plan?.identity).toEqual({ product: "X2" });
  });

  test("a template's probe is left out where the guard says so", () => {
    const config = loaded(guard("probe: false"));
    for (const asset of Object.values(config.assets)) asset.template = "meter";
    expect(guardsOf(config, folder(), {})[0]?.checks).toEqual([]);
  });
});
