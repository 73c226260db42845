/** Scenarios played through the whole accounting on the virtual clock, and every window held against the truth. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { calendarFeeds } from "../../agent/calendar/feeds.ts";
import { advance } from "../../agent/core/advance.ts";
import { newCore } from "../../agent/core/core.ts";
import type { Input } from "../../agent/core/input.ts";
import { loadPlant, type Plant } from "../../agent/plant.ts";
import { replay } from "../../agent/replay/replay.ts";
import { blindWatch } from "../../simulator/blind.ts";
import { checkWindows, type WindowRecord } from "../../simulator/check.ts";
import { replayLine } from "../../simulator/lines.ts";
import { plantAxis } from "../../simulator/plant-axis.ts";
import { sample } from "../../simulator/sample.ts";
import { machinesOf, type Scenario } from "../../simulator/scenario.ts";
import { loadScenario } from "../../simulator/scenario-file.ts";

const HOUR = 3_600_000;
const EXAMPLE = new URL("../../config/examples/plant.yaml", import.meta.url);
const SHORT_COUNTER = "maxRate: 5/s, modulus: 65536";

let folder = "";
const plants = new Map<string, Plant>();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "golden-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The example configuration; the press has a 16-bit counter where the scenario says so. */
function plantOf(scenario: Scenario): Plant {
  const modulus = scenario.machines[0]?.modulus;
  const name = modulus === 65_536 ? "short.yaml" : "plain.yaml";
  const text = readFileSync(EXAMPLE, "utf8");
  const file = join(folder, name);
  writeFileSync(file, modulus === 65_536 ? text.replaceAll("maxRate: 5/s", SHORT_COUNTER) : text);
  const plant = plants.get(name) ?? loadPlant(file);
  plants.set(name, plant);
  return plant;
}

/** Plays it to the hour that ends behind the last input, settled; payloads of final hour windows by asset. */
function played(scenario: Scenario) {
  const machines = machinesOf(scenario);
  const watches = machines.map(({ id }) => blindWatch(id, 3 * scenario.pollMs, scenario.from));
  const windows = new Map<string, WindowRecord[]>();
  const run = replay({
    plant: plantOf(scenario),
    load: loadPlant,
    print: (line) => {
      const { payload } = JSON.parse(line);
      if (payload.schema !== "uptime.window/1" || payload.window.kind !== "hour") return;
      if (payload.window.revision !== 1) return;
      windows.set(payload.asset, [...(windows.get(payload.asset) ?? []), payload]);
    },
  });
  let axis = scenario.from;
  for (const input of sample(scenario, machines, { channels: ["pack-01", "cnc-01", "comp-01"] })) {
    for (const watch of watches) watch.see(input);
    run.line(replayLine(input));
    axis = Math.max(axis, input.at + (input.kind === "clock" ? Math.max(0, input.stepMs) : 0));
  }
  const end = Math.ceil(axis / HOUR) * HOUR;
  // Nothing was read any more: the last hours settle, and what follows the last cycle is blind.
  const settled = end + HOUR / 2;
  run.end(settled);
  return machines.map((machine, i) => {
    const watch = watches[i]!;
    const observed = {
      pollMs: scenario.pollMs,
      axis: plantAxis(scenario),
      blind: watch.spans(settled),
      slackMs: 0,
      firstGood: watch.firstGood() ?? 0,
      lastGood: watch.lastGood() ?? 0,
    };
    const records = (windows.get(machine.id) ?? []).filter(({ window }) => {
      return Date.parse(window.to) <= end;
    });
    return { machine, records, observed };
  });
}

const names = [
  "shift",
  "fault",
  "cable-pull",
  "plc-reboot",
  "agent-kill",
  "broker-outage",
  "clock-step",
  "demo",
  "wear",
];

/** The core alone, without text, seals and schemas; milliseconds it took. */
function advanced(scenario: Scenario, asset: string): { took: number; windows: number } {
  const plant = plantOf(scenario);
  const model = { ...plant.model, assets: plant.model.assets.filter(({ id }) => id === asset) };
  const machines = machinesOf(scenario).filter(({ id }) => id === asset);
  const begin = process.cpuUsage();
  const core = newCore();
  const feeds = calendarFeeds([], {});
  let windows = 0;
  const step = (input: Input): void => {
    for (const fact of advance(core, input)) {
      if (fact.kind === "record" && fact.class === "window" && fact.body.final) windows++;
    }
  };
  for (const input of feeds.configure(plant.calendars, scenario.from)) step(input);
  step({ kind: "config", at: scenario.from, hash: plant.hash, model });
  for (const input of sample(scenario, machines)) {
    for (const known of feeds.until(input.at)) step(known);
    step(input);
  }
  const { user, system } = process.cpuUsage(begin);
  return { took: (user + system) / 1_000, windows };
}

test("a day of one machine runs through the core in seconds at most, whatever else the computer does", () => {
  const scenario = loadScenario("shift");
  scenario.to = scenario.from + 24 * HOUR;
  const { took, windows } = advanced(scenario, "press-01");
  expect(windows).toBeGreaterThanOrEqual(23);
  // A guard against losing an order of magnitude; the bench measures.
  expect(took).toBeLessThan(6_000);
});

describe("every window of every machine agrees with the truth", () => {
  test.each(names)("%s", (name) => {
    const scenario = loadScenario(name);
    for (const { machine, records, observed } of played(scenario)) {
      const { findings } = checkWindows(machine, records, observed);
      expect(findings.map(({ message }) => `${machine.id} ${message}`)).toEqual([]);
      expect(records.length).toBeGreaterThanOrEqual((scenario.to - scenario.from) / HOUR);
    }
  });
});
