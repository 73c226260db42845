/** Loading: everything at once, with places; templates, short forms, JSON; only unreadable files throw. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Fault } from "../../agent/core/fault.ts";
import { type Loaded, loadConfig } from "../../config/load.ts";
import { formatProblem } from "../../config/problem.ts";
import type { Config } from "../../config/types.ts";
import { BASE, edited, linesOf, parse, problemsOf } from "./plant-text.ts";

const example = (name: string): string =>
  join(import.meta.dirname, "../../config/examples", `${name}.yaml`);

function configOf(loaded: Loaded): Config {
  if (!loaded.ok) throw new Error(linesOf(loaded.problems).join("\n"));
  return loaded.config;
}

describe("examples", () => {
  test("the plant of the simulator loads without a warning", () => {
    const loaded = loadConfig(example("plant"));
    expect(linesOf([...problemsOf(loaded), ...loaded.warnings])).toEqual([]);
    expect(Object.keys(configOf(loaded).assets)).toEqual([
      "press-01",
      "pack-01",
      "cnc-01",
      "comp-01",
    ]);
  });

  test("the example of the design loads as written, and says what this version leaves alone", () => {
    const loaded = loadConfig(example("full"));
    const paths = loaded.warnings.map(({ line, path }) => `${line} ${path}`);
    expect(configOf(loaded).assets["press-01"]?.signals).toHaveLength(1);
    expect(paths).toEqual([
      "17 connections.bus.driver",
      "18 connections.moxa.driver",
      "19 connections.panel.driver",
      "67 assets.press-01.recipes[1].idealRate",
    ]);
  });
});

describe("problems", () => {
  test("all at once, in the order of the file", () => {
    const text = edited(
      ["version: 1", "version: 2"],
      ["id: gw-1", "id: GW_1"],
      ["site: ulm", "sit: ulm"],
      ["driver: modbus-tcp", "driver: modbus-tpc"],
      ["    area: press\n", ""],
      ["address: 2", "address: -2"],
      ["is: producing", "is: producin"],
      ["total: total", "total: totl"],
    );
    expect(linesOf(problemsOf(parse(text)))).toEqual([
      "plant.yaml:1:10 version must be 1, not the number 2",
      "plant.yaml:2:1 gateway.site is missing (Second level of the topic below the namespace)",
      'plant.yaml:2:16 gateway.id must be an id of 1 to 32 lower-case letters, digits and hyphens, such as press-01, not "GW_1"',
      "plant.yaml:2:40 gateway.sit is not a known key (did you mean `site`?)",
      'plant.yaml:5:18 connections.plc.driver must be one of modbus-tcp, modbus-rtu, modbus-rtu-over-tcp, gpio, not "modbus-tpc" (did you mean `modbus-tcp`?)',
      "plant.yaml:15:3 assets.press-01.area is missing (Area of the site; a level of the topic)",
      "plant.yaml:23:41 assets.press-01.points.total.address must be a whole number from 0 to 65535, not the number -2",
      'plant.yaml:30:15 assets.press-01.condition[0].is must be one of producing, idle, starved, blocked, setup, engineering, maintenance, fault, external-fault, off, not "producin" (did you mean `producing`?)',
      "plant.yaml:32:22 assets.press-01.counts.total there is no point totl (did you mean `total`?)",
    ]);
  });

  test.each([
    [
      "a connection without driver",
      "driver: modbus-tcp, host",
      "host",
      "plant.yaml:5:3 connections.plc.driver is missing (one of modbus-tcp, modbus-rtu, modbus-rtu-over-tcp, gpio)",
    ],
    [
      "a bad id",
      "press-01:",
      "Press-01:",
      "plant.yaml:15:3 assets.Press-01 is not an id of 1 to 32 lower-case letters, digits and hyphens, such as press-01",
    ],
    [
      "a bad point id",
      "guard:",
      "1guard:",
      "plant.yaml:27:7 assets.press-01.points.1guard is not a point id such as oilTemp: a letter, then up to 31 letters, digits, hyphens or underscores",
    ],
    [
      "an empty value",
      "timezone: Europe/Berlin",
      "timezone:",
      "plant.yaml:2:51 gateway.timezone must be a time zone such as Europe/Berlin, not empty",
    ],
    [
      "a list for a map",
      "counts: { total: total }",
      "counts: [total]",
      "plant.yaml:33:13 assets.press-01.counts must be a map of keys and values, not a list",
    ],
    [
      "a merge key",
      "counts: { total: total }",
      "<<: {}",
      "plant.yaml:33:5 assets.press-01.<< is not a known key",
    ],
  ])("%s", (_, old, now, expected) => {
    expect(linesOf(problemsOf(parse(edited([old, now]))))).toEqual([expected]);
  });

  test.each([
    ["nothing", "", "plant.yaml:1:1 must be a map of keys and values, not empty"],
    ["a word", "hello", 'plant.yaml:1:1 must be a map of keys and values, not "hello"'],
    [
      "a tab",
      "version: 1\n\tgateway: {}\n",
      "plant.yaml:2:1 a tab is used for indentation (indent with spaces)",
    ],
    [
      "an open quote",
      'version: "1\n',
      "plant.yaml:2:1 a closing quote, bracket or colon is missing (compare with the line before)",
    ],
    [
      "two documents",
      "version: 1\n---\nversion: 1\n",
      "plant.yaml:2:1 a second document begins here (keep one document per file: remove the line `---`)",
    ],
    [
      "a map as key",
      "{ a: 1 }: 2\n",
      "plant.yaml:1:1 a key must be a word (quote keys with special characters)",
    ],
    [
      "an alias of nothing",
      "version: *nothing\n",
      "plant.yaml:1:10 this alias has no anchor (write the value out)",
    ],
  ])("%s", (_, text, expected) => {
    expect(linesOf(problemsOf(parse(text)))[0]).toBe(expected);
  });

  test("an alias is judged where it is used", () => {
    const text = edited(
      ["poll: 1s }", "poll: &slow 2h }"],
      ["poll: 5s }", "poll: *slow }"],
      ["calendar: two-shift", "calendar: *slow"],
    );
    expect(linesOf(problemsOf(parse(text)))).toContain(
      "plant.yaml:35:15 assets.press-01.calendar there is no calendar 2h (known: two-shift)",
    );
  });

  test("one line each, whatever the file holds", () => {
    const problem = {
      file: "a",
      line: 1,
      col: 2,
      path: "p",
      message: "bad\n value",
      hint: "x\r\ny",
    };
    expect(formatProblem(problem)).toBe("a:1:2 p bad value (x y)");
  });

  test("only an unreadable file throws", () => {
    expect(() => loadConfig(join(tmpdir(), "no-such-folder", "plant.yaml"))).toThrow(Fault);
  });
});

describe("resolution", () => {
  test("defaults are filled in", () => {
    const { store, mqtt, clock, contracts, assets } = configOf(parse(BASE));
    expect(store).toEqual({
      path: "data/agent.db",
      maxSize: "4GiB",
      raw: { maxSize: "8GiB", keep: "30d" },
      aggregates: "90d",
      retention: "400d",
      whenFull: "drop-oldest-acknowledged",
    });
    expect(mqtt).toMatchObject({
      namespace: "uptime1",
      clientId: "gw-1",
      window: 100,
      protocol: "auto",
    });
    expect([clock, contracts]).toEqual([{ source: "ntp" }, {}]);
    const press = assets["press-01"];
    expect(press).toMatchObject({ name: "press-01", microStop: "5min", recipes: [], signals: [] });
    expect(press?.windows).toEqual(["hour", "shift", "day"]);
    expect(press?.sources["lamps"]).toEqual({ connection: "panel", poll: "1s", holdLast: 3 });
    expect(press?.points["status"]).toMatchObject({ source: "main", order: "ABCD", scale: 1 });
  });

  test("JSON is accepted", () => {
    const { config, ...rest } = parse(BASE) as Extract<Loaded, { ok: true }>;
    expect(parse(JSON.stringify(config, null, 2))).toEqual({ config, ...rest });
  });

  test("the short form of sources.main is the same configuration", () => {
    const main = "      main: { connection: plc, unit: 1, poll: 1s }\n";
    const short = edited(
      [main, ""],
      ["area: press\n", "area: press\n    connection: plc\n    unit: 1\n    poll: 1s\n"],
    );
    expect(configOf(parse(short)).assets["press-01"]?.sources).toEqual(
      configOf(parse(BASE)).assets["press-01"]?.sources,
    );
  });

  test("problems of the short form stand where it stands", () => {
    const main = "      main: { connection: plc, unit: 1, poll: 1s }\n";
    const text = edited(
      [main, ""],
      ["area: press\n", "area: press\n    connection: plk\n    poll: 1ms\n"],
    );
    expect(linesOf(problemsOf(parse(text)))).toEqual([
      "plant.yaml:17:17 assets.press-01.connection there is no connection plk (did you mean `plc`?)",
      "plant.yaml:18:11 assets.press-01.poll must be at least 10ms, not 1ms",
    ]);
  });

  test("the short form beside the long one is refused", () => {
    const text = edited(["area: press\n", "area: press\n    poll: 1s\n"]);
    expect(linesOf(problemsOf(parse(text)))).toEqual([
      "plant.yaml:17:5 assets.press-01.poll is given twice: here and in sources.main (keep one of the two)",
    ]);
  });
});

describe("templates", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "uptime-config-"));
    mkdirSync(join(folder, "templates"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const head = BASE.slice(0, BASE.indexOf("assets:"));
  const own =
    "version: 1\ndescription: A press.\nasset:\n  poll: 2s\n  microStop: 1min\n  points:\n    status: { table: holding, address: 0, type: uint16 }\n  condition: [{ is: idle }, { is: off }]\n";

  function load(asset: string, template = own): Loaded {
    writeFileSync(join(folder, "templates", "own.yaml"), template);
    writeFileSync(
      join(folder, "plant.yaml"),
      `${head}assets:\n  a:\n    area: x\n    line: y\n${asset}`,
    );
    return loadConfig(join(folder, "plant.yaml"));
  }

  test("maps merge by key, lists are replaced whole, the asset wins", () => {
    const asset = configOf(
      load(
        "    template: own\n    connection: plc\n    unit: 3\n    microStop: 2min\n    points: { status: { address: 7 } }\n    condition: [{ is: setup }]\n",
      ),
    ).assets["a"];
    expect(asset?.sources["main"]).toEqual({ connection: "plc", unit: 3, poll: "2s", holdLast: 3 });
    expect(asset?.microStop).toBe("2min");
    expect(asset?.points["status"]).toMatchObject({ table: "holding", address: 7, type: "uint16" });
    expect(asset?.condition).toEqual([{ is: "setup" }]);
  });

  test("an unknown template names the nearest", () => {
    const lines = linesOf(
      problemsOf(
        load(
          "    template: simulate\n    connection: plc\n    unit: 1\n    points: { p: { table: coil, address: 0, type: bool } }\n    condition: [{ is: idle }]\n",
        ),
      ),
    );
    expect(lines).toEqual([
      `${join(folder, "plant.yaml")}:18:15 assets.a.template there is no template simulate (did you mean \`simulated\`?)`,
    ]);
  });

  test("mistakes of the template stand in its file, once for all assets", () => {
    const asset = "    template: own\n    connection: plc\n    unit: 3\n";
    const lines = linesOf(
      problemsOf(
        load(`${asset}  b:\n    area: x\n    line: y\n${asset}`, own.replace("holding", "holdin")),
      ),
    );
    expect(lines).toEqual([
      `${join(folder, "templates", "own.yaml")}:7:22 assets.a.points.status.table must be one of coil, discrete, input, holding, not "holdin" (did you mean \`holding\`?)`,
    ]);
  });

  test("a template file that is none", () => {
    const lines = linesOf(problemsOf(load("    template: own\n", "version: 1\nasset: []\n")));
    expect(lines.filter((line) => line.includes("own.yaml"))).toEqual([
      `${join(folder, "templates", "own.yaml")}:1:1 description is missing (The machine model, and where its register map comes from)`,
      `${join(folder, "templates", "own.yaml")}:2:8 asset must be a map of keys and values, not a list`,
    ]);
  });
});
