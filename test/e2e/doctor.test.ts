/** `doctor` as a process: what it finds on this computer, and its exit codes. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { cli } from "../support/cli.ts";

const folder = mkdtempSync(join(tmpdir(), "doctor-"));
afterAll(() => rmSync(folder, { recursive: true }));
const example = readFileSync(new URL("../../config/examples/plant.yaml", import.meta.url), "utf8");

test("an absent broker needs attention, with the next step", async () => {
  const file = join(folder, "absent.yaml");
  writeFileSync(file, example.replace("127.0.0.1:1883", "127.0.0.1:1"));
  const { code, stdout, stderr } = await cli(["doctor", "-c", file]);
  expect(code).toBe(1);
  expect(stdout).toContain("WARN broker");
  expect(stdout).toMatch(/press-01\/main reads unit 1 holding 0-6/);
  expect(stdout).toMatch(/grows by \d+ MiB a day/);
  expect(stderr).toContain("next: check mqtt.url");
});

test("a period that a serial line cannot keep is named", async () => {
  const file = join(folder, "slow.yaml");
  const slow = example
    .replace(
      /plc: \{.*\}/,
      "plc: { driver: modbus-rtu, device: /dev/serial/by-id/none, baudRate: 1200 }",
    )
    .replace(/url: .*/, "protocol: auto");
  writeFileSync(file, slow);
  const { code, stdout } = await cli(["doctor", "-c", file, "--json"]);
  const { ok, findings } = JSON.parse(stdout);
  expect([code, ok]).toEqual([1, false]);
  const bus = findings.find(({ about }: { about: string }) => about.startsWith("connection plc"));
  expect(bus.ok).toBe(false);
  expect(bus.lines.join("\n")).toContain("cannot keep up");
});
