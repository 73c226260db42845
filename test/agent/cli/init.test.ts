/** `init`: for every machine model a configuration that `check` accepts, written once, never by accident over another. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { type Given, isOnLines, starterFacts, wrongAnswer } from "../../../agent/setup/facts.ts";
import { flowText } from "../../../agent/setup/flow.ts";
import { starterText } from "../../../agent/setup/starter.ts";
import { parseConfig } from "../../../config/load.ts";
import { templateNames } from "../../../config/template.ts";
import { DRIVER_NAMES } from "../../../drivers/registry.ts";
import { cli, endProcesses } from "../../support/cli.ts";

const folder = mkdtempSync(join(tmpdir(), "init-"));
afterEach(endProcesses);
afterAll(() => rmSync(folder, { recursive: true }));

const loaded = (given: Given) =>
  parseConfig("plant.yaml", starterText(starterFacts(given, folder)), { drivers: DRIVER_NAMES });

describe("the text is sound", () => {
  test.each(templateNames(folder))("with template %s", (template) => {
    const place = isOnLines(template, folder) ? { chip: "pinctrl-rp1" } : { host: "10.0.0.9" };
    const result = loaded({ template, ...place });
    expect(result).toMatchObject({ ok: true, config: { assets: { "press-01": { template } } } });
  });

  test.each<[string, Given, object]>([
    ["on its own", { host: "10.0.0.9" }, { driver: "modbus-tcp", host: "10.0.0.9", port: 502 }],
    ["with its port", { host: "10.0.0.9:5020" }, { host: "10.0.0.9", port: 5020 }],
    ["by IPv6", { host: "fe80::1%eth0" }, { host: "fe80::1%eth0", port: 502 }],
    [
      "on a serial line",
      { device: "/dev/serial/by-id/usb-A1", baud: "9600", parity: "none" },
      { driver: "modbus-rtu", device: "/dev/serial/by-id/usb-A1", baudRate: 9600, parity: "none" },
    ],
  ])("%s", (_, given, connection) => {
    const result = loaded({ ...given, name: 'Press "1": #2', asset: "on", unit: "7" });
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    expect(result.config.connections["machine"]).toMatchObject(connection);
    expect(result.config.assets["on"]).toMatchObject({ name: 'Press "1": #2' });
    expect(result.config.assets["on"]?.sources["main"]?.unit).toBe(7);
    expect(result.warnings.map(({ path }) => path)).toEqual(["mqtt.url"]);
  });

  test("with a broker", () => {
    const result = loaded({ host: "h", broker: "mqtts://b.example:8883" });
    expect(result).toMatchObject({ ok: true, config: { mqtt: { url: "mqtts://b.example:8883" } } });
  });
});

test.each<[keyof Given, string, string | null]>([
  ["host", "", "without it nothing can be read"],
  ["host", "10.0.0.9:5020", null],
  ["template", "pakml", "there is no template pakml"],
  ["template", "packml", null],
  ["template", "", null],
  ["unit", "10.0.0.9", "a whole number from 0 to 255"],
  ["unit", "256", "a whole number from 0 to 255"],
  ["unit", "255", null],
  ["line", "L 1", "1 to 32 lower-case letters, digits and hyphens, such as press-01"],
  ["broker", "", null],
])("%s %j is asked again: %j", (key, answer, wrong) => {
  expect(wrongAnswer(key, answer, folder)).toBe(wrong);
});

test.each([
  ["words", { is: "fault", in: [8, 9] }, "{ is: fault, in: [8, 9] }"],
  [
    "words that YAML takes for others",
    ["on", "No", "5s", "a b", ""],
    '["on", "No", "5s", "a b", ""]',
  ],
])("flow style: %s", (_, value, text) => {
  expect(flowText(value)).toBe(text);
});

test("as a process: written, checked, not replaced without --force, refused when unsound", async () => {
  const out = join(folder, "plant.yaml");
  const init = ["init", "--host", "10.0.0.9", "--template", "packml", "--out", out];
  const first = await cli(init);
  expect([first.code, first.stdout]).toEqual([0, `wrote ${out}\n`]);
  expect((await cli(["check", "-c", out])).code).toBe(0);
  writeFileSync(out, "mine");
  const second = await cli(init);
  expect(second.stderr).toContain("--force replaces it");
  expect([second.code, readFileSync(out, "utf8")]).toEqual([73, "mine"]);
  const wrong = await cli([...init, "--force", "--asset", "Press 1"]);
  expect(wrong.stderr).toContain("Press 1");
  expect([wrong.code, readFileSync(out, "utf8")]).toEqual([64, "mine"]);
  const nowhere = await cli(["init", "--out", join(folder, "other.yaml")]);
  expect(nowhere.stderr).toContain("one of --host, --device, --chip");
  expect(nowhere.code).toBe(64);
  expect((await cli([...init, "--force"])).code).toBe(0);
});
