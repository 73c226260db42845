/** The verbs `template list | show | lint | test` of the compiled program, as a technician types them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { cli, endProcesses, startCli } from "../support/cli.ts";

let folder = "";
let plant = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "uptime-template-"));
  plant = join(folder, "plant.yaml");
  mkdirSync(join(folder, "templates"));
  writeFileSync(
    join(folder, "templates", "our-press.yaml"),
    "version: 1\ndescription: Our press.\nasset:\n  points: {}\n",
  );
});
afterEach(endProcesses);
afterAll(() => rmSync(folder, { recursive: true }));

test("list shows shipped and local templates", async () => {
  const text = await cli(["template", "list", "-c", plant]);
  expect(text.code).toBe(0);
  expect(text.stdout).toMatch(/^our-press +- +- +local/m);
  expect(text.stdout).toMatch(/^eastron-sdm630 +from-manual +Eastron +shipped/m);
  const json = await cli(["template", "list", "--json", "-c", plant]);
  const { templates } = JSON.parse(json.stdout) as { templates: { name: string }[] };
  expect(templates.find(({ name }) => name === "siemens-g120")).toMatchObject({
    grade: "from-manual",
    shipped: true,
    points: ["status", "speed", "frequency"],
  });
});

test("show prints the file alone on stdout, sources and caveats beside it", async () => {
  const { code, stdout, stderr } = await cli(["template", "show", "danfoss-fc"]);
  expect(code).toBe(0);
  expect(stdout.startsWith("version: 1\n")).toBe(true);
  expect(stderr).toContain("source: VLT AQUA Drive FC 202 design guide");
  expect(stderr).toContain("mind: Parameter 8-10");
  const missing = await cli(["template", "show", "danfos-fc"]);
  expect(missing.code).toBe(78);
  expect(missing.stderr).toContain("there is no template danfos-fc (did you mean `danfoss-fc`?)");
});

test("lint names file, line and column, and ends with 1", async () => {
  const file = join(folder, "templates", "our-press.yaml");
  const found = await cli(["template", "lint", file]);
  expect(found.code).toBe(1);
  expect(found.stdout).toContain(`${file}:1:1 grade is missing`);
  const byName = await cli(["template", "lint", "our-press", "-c", plant, "--json"]);
  expect(byName.code).toBe(1);
  expect(JSON.parse(byName.stdout)).toMatchObject({ ok: false });
  expect(await cli(["template", "lint", "packml", "siemens-g120"])).toMatchObject({
    code: 0,
    stdout: "",
  });
  expect((await cli(["template", "lint", "no/such.yaml"])).code).toBe(78);
});

test("test without a host plays the fixtures", async () => {
  const { code, stdout, stderr } = await cli(["template", "test", "schneider-iem3000"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^running: producing$/m);
  expect(stdout).toMatch(/^ {2}energyImport +987654321 {2}raw 0000 0000 3ade 68b1 {2}expected/m);
  expect(stderr).toContain("all as expected");
});

test("test with a host reads a device that simulate serves", async () => {
  const simulator = startCli(["simulate", "--template", "siemens-g120", "--port", "0", "--json"]);
  const port = await new Promise<string>((resolve) => {
    simulator.child.stdout?.once("data", () => {
      resolve(String((JSON.parse(simulator.stdout()) as { port: number }).port));
    });
  });
  const at = ["--host", "127.0.0.1", "--port", port];
  const same = await cli(["template", "test", "siemens-g120", ...at]);
  expect(same).toMatchObject({ code: 0, stderr: expect.stringContaining("answers like") });
  expect(same.stdout).toMatch(/speed +1455 {2}raw 05af {2}plausible -16250 to 16250/);
  expect(same.stdout).toContain("condition, if it stays so: producing");
  const other = await cli(["template", "test", "cia402-drive", ...at, "--json"]);
  expect(other.code).toBe(1);
  expect(JSON.parse(other.stdout)).toMatchObject({ ok: false, checks: [{ fits: false }] });
  const silent = await cli(["template", "test", "siemens-g120", ...at, "--unit", "9"]);
  expect(silent.code).toBe(69);
  expect((await cli(["template", "test", "packml", ...at])).code).toBe(78);
  expect((await cli(["template", "test", "siemens-g120", ...at, "--unit", "x"])).code).toBe(64);
});
