/** Signals of a configuration: what is watched with which defaults, and what is refused, in words. */
import { describe, expect, test } from "vitest";
import { compile } from "../../config/compile.ts";
import { bankModel } from "../../config/signal.ts";
import type { Asset } from "../../config/types.ts";
import { edited, linesOf, parse, problemsOf } from "./plant-text.ts";

const POINTS = `      power: { source: meter, table: input, address: 52, type: float32 }
      oilTemp: { table: input, address: 60, type: int16, scale: 0.1, unit: degC, range: [-20, 120] }
      oilTempTank: { table: input, address: 61, type: int16, unit: degC }
      vib: { table: input, address: 62, type: float32, kind: vibration-velocity, signal: auto }
      load: { table: input, address: 64, type: float32, role: load, nominal: 95, unit: "%" }
`;
const POWER = "      power: { source: meter, table: input, address: 52, type: float32 }\n";

const plant = (signals: string, points = POINTS): string =>
  edited(
    [POWER, points],
    ["    calendar: two-shift", `    calendar: two-shift\n    signals: ${signals}`],
  );

function assetOf(signals: string, points = POINTS): Asset {
  const loaded = parse(plant(signals, points));
  if (!loaded.ok) throw new Error(linesOf(loaded.problems).join("\n"));
  return loaded.config.assets["press-01"]!;
}

const modelOf = (signals: string) => bankModel(assetOf(signals))!;
const trouble = (signals: string, points = POINTS): string[] =>
  linesOf(problemsOf(parse(plant(signals, points)))).map((line) => line.replace(/^\S+ /, ""));

describe("what is watched", () => {
  test("auto: points with a kind of their own or by their unit, and what explains them", () => {
    const model = modelOf("auto");
    expect(model.channels.map(({ id, kind, slug }) => [id, kind, slug])).toEqual([
      ["oilTemp", "temperature", "oil-temp"],
      ["oilTempTank", "temperature", "oil-temp-tank"],
      ["vib", "vibration-velocity", "vib"],
      ["load", "other", "load"],
    ]);
    expect([model.load, model.ambient, model.flow]).toEqual([3, null, null]);
    expect(model.nominalLoad).toBe(95);
    expect(model.together).toEqual([0, 1, 2]);
    expect(model.channels[0]?.validity).toMatchObject({ low: -20, high: 120 });
    expect(model.settings).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  test("nothing configured and no point that asks for it: no bank at all", () => {
    const asset = assetOf("[]", POWER);
    expect(bankModel(asset)).toBeNull();
    const loaded = parse(edited());
    expect(loaded.ok && compile(loaded.config, () => 0).assets[0]).not.toHaveProperty("signals");
  });

  test("the example of the design: one detector of one point, while producing", () => {
    const model = modelOf("[{ detector: drift, point: oilTemp, while: producing }]");
    const channel = model.channels.find(({ id }) => id === "oilTemp");
    expect(channel).toMatchObject({ states: ["producing"], step: null, limit: null, zone: null });
    expect(channel?.drift).toMatchObject({ k: 1, h: 20, effect: 5.3 });
  });

  test("knobs, limits, zones and the threshold they imply", () => {
    const rule = `[{ point: vib, zone: group-2-rigid, effect: 5, settle: 5min, while: idle, stuck: 1s },
      { point: oilTemp, high: 80, highWarning: 70, hysteresis: 2, limitFor: 10s, safety: true }]`;
    const { channels } = modelOf(rule);
    const [vib, oil] = ["vib", "oilTemp"].map((id) => channels.find((one) => one.id === id)!);
    expect(vib).toMatchObject({
      states: ["idle"],
      settleMs: 300_000,
      zone: { name: "group-2-rigid", bc: 2.8, cd: 4.5 },
      drift: { effect: 5, threshold: 4.5, budget: 0.7 },
      validity: { stuckMs: 10_000 },
    });
    expect(oil?.limit).toMatchObject({
      high: 80,
      low: null,
      onMs: 10_000,
      offMs: 300_000,
      safety: true,
    });
    expect(oil?.drift?.threshold).toBe(80);
  });

  test("own zones; two points that shorten to one slug; other settings, another hash", () => {
    const own = "[{ point: vib, zone: { ab: 1, bc: 2, cd: 3 } }]";
    expect(modelOf(own).channels[0]?.zone).toEqual({ name: "own", ab: 1, bc: 2, cd: 3 });
    expect(modelOf(own).settings).not.toBe(modelOf("[{ point: vib }]").settings);
    const twins = POINTS.replace("oilTempTank", "OIL_TEMP");
    const slugs = bankModel(assetOf("auto", twins))?.channels.map(({ slug }) => slug);
    expect(slugs).toEqual(["oil-temp", "oil-temp-2", "vib", "load"]);
  });
});

describe("the time per piece of a counter", () => {
  const timed = (total: string) => ({
    channels: bankModel(
      assetOf("auto", POINTS.replace("      vib:", `      made: { ${total} }\n      vib:`)),
    )!.channels.filter(({ counted }) => counted),
  });
  const COUNTER = "table: holding, address: 4, type: uint16, counter: { maxRate: 5/s }";

  test("auto takes a counter that says so, and no other; it is in no model of channels together", () => {
    expect(timed(COUNTER).channels).toEqual([]);
    expect(timed(`${COUNTER}, kind: cycle-time, signal: off`).channels).toEqual([]);
    expect(timed(`${COUNTER}, kind: cycle-time`).channels).toMatchObject([
      {
        ...{ id: "made", slug: "cycle-time", kind: "cycle-time", unit: "s", byRecipe: true },
        ...{ step: null, starts: false, drift: { log: true, effect: 5.3 } },
      },
    ]);
    const model = modelOf(
      "[{ point: oilTemp }, { point: total, kind: cycle-time }, { point: vib }]",
    );
    expect(model.channels.map(({ id }) => id).slice(0, 3)).toEqual(["vib", "oilTemp", "total"]);
    expect(model.together).toEqual([0, 1]);
  });

  test("an entry of the list turns its knobs", () => {
    const rule =
      "[{ point: total, kind: cycle-time, effect: 4, high: 1.5, byRecipe: false, settle: 1min }]";
    expect(modelOf(rule).channels.find(({ id }) => id === "total")).toMatchObject({
      ...{ settleMs: 60_000, byRecipe: false, limit: { high: 1.5 } },
      drift: { effect: 4, threshold: 1.5 },
    });
  });
});

describe("what is refused", () => {
  const at = "assets.press-01.signals";
  test.each([
    ["[{ point: oilTmp }]", `${at}[0].point there is no point oilTmp (did you mean \`oilTemp\`?)`],
    [
      "[{ point: total }]",
      `${at}[0].point total: a counter is only watched for the time per piece: \`kind: cycle-time\``,
    ],
    [
      "[{ point: total, kind: cycle-time, while: idle }]",
      `${at}[0].while the time per piece is only taken while producing`,
    ],
    [
      "[{ point: total, kind: cycle-time, starts: true }]",
      `${at}[0].starts a counter has no starts to watch`,
    ],
    [
      "[{ point: total, kind: cycle-time, detector: step }]",
      `${at}[0].detector is not for a counter`,
    ],
    [
      "[{ point: guard }]",
      `${at}[0].point guard: a bool cannot be watched for signals: only numbers that measure`,
    ],
    [
      "[{ point: word }]",
      `${at}[0].point word: a text cannot be watched for signals: only numbers that measure`,
    ],
    ["[{ point: vib }, { point: vib }]", `${at}[1].point vib has an entry already, number 1`],
    [
      "[{ point: vib, detector: limit }]",
      `${at}[0] needs one of high, highWarning, low, lowWarning`,
    ],
    [
      "[{ point: vib, high: 1, highWarning: 2 }]",
      `${at}[0] needs low < lowWarning < highWarning < high`,
    ],
    ["[{ point: vib, detector: zone }]", `${at}[0].zone is missing`],
    [
      "[{ point: oilTemp, zone: class-1 }]",
      `${at}[0].zone only goes with vibration velocity (\`kind: vibration-velocity\` or \`unit: mm/s\`; acceleration must not be zoned)`,
    ],
    [
      "[{ point: vib, zone: clas-1 }]",
      `${at}[0].zone there is no zone table clas-1 (did you mean \`class-1\`?)`,
    ],
    ["[{ point: vib, zone: { ab: 3, bc: 2, cd: 4 } }]", `${at}[0].zone needs ab < bc < cd`],
    [
      "[{ point: power, starts: true }]",
      `${at}[0].starts needs a poll of 2s or faster, not 5s (a start is over before a slower poll has seen it)`,
    ],
    ["[{ point: vib, settle: 2d }]", `${at}[0].settle must be at most 1d, not 2d`],
    [
      "[{ point: vib, detector: drfit }]",
      `${at}[0].detector must be one of auto, drift, step, limit, zone, quality, not "drfit" (did you mean \`drift\`?)`,
    ],
    ["[{ point: vib, efect: 3 }]", `${at}[0].efect is not a known key (did you mean \`effect\`?)`],
    [
      "automatic",
      `${at} must be auto, or a list of entries such as { point: oilTemp }, not "automatic"`,
    ],
  ])("%s", (signals, line) => {
    expect(trouble(signals)).toEqual([line]);
  });

  test("two points of one role; a role on what cannot be watched", () => {
    const two = POINTS.replace("signal: auto", "role: load");
    expect(trouble("auto", two)).toEqual([
      "assets.press-01.points.load.role vib is the load already",
    ]);
    expect(trouble("auto", POINTS.replace("role: load, ", ""))).toEqual([
      "assets.press-01.points.load.nominal only goes with `role: load`",
    ]);
    const guard = POINTS.replace("type: int16, unit: degC }", "type: bool, bit: 1, kind: other }");
    expect(trouble("auto", guard)).toEqual([
      "assets.press-01.points.oilTempTank.kind a bool cannot be watched for signals: only numbers that measure",
    ]);
  });
});
