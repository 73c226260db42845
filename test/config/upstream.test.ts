/** `upstream` of points: what is watched because of it, and what is refused. */
import { describe, expect, test } from "vitest";
import { compile } from "../../config/compile.ts";
import { bankModel } from "../../config/signal.ts";
import { edited, linesOf, parse, problemsOf } from "./plant-text.ts";

const POWER = "      power: { source: meter, table: input, address: 52, type: float32 }\n";
const plant = (signals: string, points: string): string =>
  edited(
    [POWER, points],
    ["    calendar: two-shift", `    calendar: two-shift\n    signals: ${signals}`],
  );
const points = (flow: string, temp: string): string =>
  `      flow: { table: input, address: 60, type: int16, unit: l/min${flow} }
      temp: { table: input, address: 61, type: int16, unit: degC${temp} }
      feed: { table: input, address: 62, type: int16 }
`;

function modelOf(signals: string, text: string) {
  const loaded = parse(plant(signals, text));
  if (!loaded.ok) throw new Error(linesOf(loaded.problems).join("\n"));
  expect(compile(loaded.config, () => 0).assets[0]?.signals).toBeDefined();
  return bankModel(loaded.config.assets["press-01"]!)!.channels.map(({ id, upstream }) => [
    id,
    upstream,
  ]);
}

describe("what is watched", () => {
  test("a cause is, and the cause of a cause, before what they explain", () => {
    const text = points(", upstream: [feed]", ", upstream: [flow]");
    expect(modelOf("[{ point: temp }]", text)).toEqual([
      ["feed", undefined],
      ["flow", ["feed"]],
      ["temp", ["flow"]],
    ]);
  });

  test("nothing upstream of what is not watched, and nothing that is off", () => {
    const text = points(", upstream: [feed]", ", upstream: [flow], signal: off");
    expect(modelOf("auto", text)).toEqual([
      ["feed", undefined],
      ["flow", ["feed"]],
    ]);
    const off = points(", signal: off", ", upstream: [flow]");
    expect(modelOf("auto", off)).toEqual([["temp", ["flow"]]]);
  });
});

describe("what is refused", () => {
  const at = "assets.press-01.points";
  test.each([
    ["", "[flwo]", [`${at}.temp.upstream[0] there is no point flwo (did you mean \`flow\`?)`]],
    [
      "",
      "[guard]",
      [
        `${at}.temp.upstream[0] guard: a bool cannot be watched for signals: only numbers that measure`,
      ],
    ],
    [
      ", upstream: [temp]",
      "[flow]",
      [
        `${at}.flow.upstream[0] temp has flow upstream of it: each would wait for the other`,
        `${at}.temp.upstream[0] flow has temp upstream of it: each would wait for the other`,
      ],
    ],
    [
      "",
      "[temp]",
      [`${at}.temp.upstream[0] temp has temp upstream of it: each would wait for the other`],
    ],
    ["", "[]", [`${at}.temp.upstream needs at least one entry`]],
  ])("flow%s, temp: upstream: %s", (flow, temp, lines) => {
    const text = plant("auto", points(flow, `, upstream: ${temp}`));
    const found = linesOf(problemsOf(parse(text))).map((line) => line.replace(/^\S+ /, ""));
    expect(found).toEqual(lines);
  });
});
