/**
 * Every template of the folder: no finding, and its fixture, served by the simulator over real TCP and read by the
 * driver under its own plan, gives the expected values and the expected condition.
 */
import { afterEach, describe, expect, test } from "vitest";
import { driverClock, systemClock } from "../../agent/clock.ts";
import { lintTemplate } from "../../agent/template/lint.ts";
import { play } from "../../agent/template/play.ts";
import { type Trial, trialOf } from "../../agent/template/trial.ts";
import { agrees, checksOf, fits } from "../../config/check-value.ts";
import { chainOf, expectationOf, imageOf } from "../../config/fixture.ts";
import { formatProblem } from "../../config/problem.ts";
import { openTemplate, readTemplate, templateNames } from "../../config/template.ts";
import type { TemplateFixture } from "../../config/types.ts";
import type { Connection, Sample } from "../../drivers/driver.ts";
import { modbusTcp } from "../../drivers/modbus/driver.ts";
import { type ModbusServer, startModbus } from "../../simulator/modbus.ts";
import { imageDevice } from "../../simulator/template-device.ts";

/** The first set of the library; a template that goes missing is a loss. */
const FIRST_SET = [
  "abb-acs-dcu",
  "abb-acs-drives",
  "cia402-drive",
  "danfoss-fc",
  "eastron-sdm120",
  "eastron-sdm230",
  "eastron-sdm630",
  "packml",
  "packml-modes",
  "power-run-detector",
  "schneider-iem3000",
  "schneider-pm5000",
  "siemens-g120",
  "siemens-logo",
  "siemens-pac2200",
  "simulated",
  "stack-light",
  "sunspec",
  "sunspec-0",
  "sunspec-50000",
];

const names = templateNames("/nowhere");
let server: ModbusServer | null = null;
let connection: Connection | null = null;

afterEach(async () => {
  await connection?.close();
  await server?.close();
  [server, connection] = [null, null];
});

const documentOf = (name: string) => openTemplate(name, "/nowhere")!;

function trialFor(name: string): Trial {
  const document = documentOf(name);
  return trialOf(document, readTemplate(document).template!).trial!;
}

/** The samples that the driver reads from a simulated device with the registers of a chain. */
async function readOverTcp(
  trial: Trial,
  chain: readonly TemplateFixture[],
): Promise<Map<string, Sample>> {
  const device = imageDevice(imageOf(chain), "fixture");
  server = await startModbus({ host: "127.0.0.1", port: 0, devices: new Map([[1, device]]) });
  const options = { host: "127.0.0.1", port: server.port, timeout: 2000 };
  connection = modbusTcp(Math.random).open("device", options, driverClock(systemClock));
  const samples = new Map<string, Sample>();
  for (const source of trial.sources.filter(({ driver }) => driver === "modbus-tcp")) {
    const reader = connection.source(source.source, 1, source.points);
    // The image refuses what lies between the points, so the first passes learn where not to read.
    for (let pass = 0; pass < 4; pass++) {
      const reading = await reader.read();
      expect(reading.failure).toBeNull();
      for (const [id, sample] of reading.samples) samples.set(id, sample);
    }
  }
  const { stats } = server;
  expect(stats).toMatchObject({ refused: 0, broken: 0 });
  await connection.close();
  await server.close();
  return samples;
}

test("the first set is complete, and nothing claims to be verified on hardware", () => {
  expect(names).toEqual(expect.arrayContaining(FIRST_SET));
  const grades = names.map((name) => readTemplate(documentOf(name)).template?.grade);
  expect(grades.filter((grade) => grade === "verified" || grade === undefined)).toEqual([]);
});

describe.each(names)("%s", (name) => {
  test("has no finding", () => {
    const { errors, warnings } = lintTemplate(documentOf(name));
    expect([...errors, ...warnings].map(formatProblem)).toEqual([]);
  });

  test("its fixtures give the expected values and conditions over TCP", async () => {
    const trial = trialFor(name);
    expect(trial.template.fixtures.length).toBeGreaterThan(1);
    const read = new Map<string, Map<string, Sample>>();
    for (const fixture of trial.template.fixtures) {
      const chain = chainOf(trial.template, fixture.name);
      read.set(fixture.name, await readOverTcp(trial, chain));
      const past = (part: readonly TemplateFixture[]) => read.get(part.at(-1)!.name)!;
      const { condition, lines } = play(trial, chain, past);
      const samples = new Map(read.get(fixture.name));
      for (const [id, value] of lines) samples.set(id, { quality: "good", value, raw: [] });
      expect({ fixture: fixture.name, condition }).toEqual({
        fixture: fixture.name,
        condition: fixture.condition,
      });
      compare(samples, expectationOf(chain));
    }
  });

  test("its probe knows its own first fixture", () => {
    const trial = trialFor(name);
    const expected = expectationOf(chainOf(trial.template, trial.template.fixtures[0]!.name));
    for (const { id, check } of checksOf(trial.template)) {
      if (check.read) continue;
      expect(fits(check, expected.values[id]!), id).toBe(true);
    }
  });
});

/** Nothing missing, nothing more, everything as told. */
function compare(samples: Map<string, Sample>, expected: ReturnType<typeof expectationOf>): void {
  const told = [...Object.keys(expected.values), ...Object.keys(expected.bad)].sort();
  expect([...samples.keys()].sort()).toEqual(told);
  for (const [id, sample] of samples) {
    if (sample.quality === "bad") expect([id, sample.reason]).toEqual([id, expected.bad[id]]);
    else if (!agrees(expected.values[id]!, sample.value)) {
      expect([id, sample.value]).toEqual([id, expected.values[id]]);
    }
  }
}
