/** Bad input on the command line and in files: a clear error with its place and the next step, and the exit code. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cli, endProcesses, type Running, said, startCli } from "../support/cli.ts";
import { newSite, type Site } from "../support/site.ts";
import { startToggling, type Toggling } from "../support/toggling.ts";

let site: Site;
let plant: Toggling;
beforeEach(async () => {
  plant = await startToggling(300);
  site = newSite({ modbus: plant.port, machines: { "press-01": 1 } });
});
afterEach(async () => {
  await endProcesses();
  await plant.close();
  site.remove();
});

async function polling(): Promise<Running> {
  const agent = startCli(["run", "-c", site.config]);
  await said(agent, '"polling"');
  return agent;
}

async function stop(agent: Running): Promise<void> {
  agent.child.kill("SIGTERM");
  expect(await agent.exit).toEqual({ code: 0, signal: null });
}

test("a malformed configuration: every error at once, with its place, exit 78", async () => {
  site.write({
    modbus: plant.port,
    machines: { "press-01": 1 },
    edit: (text) =>
      text
        .replace("template: simulated", "template: simulatd")
        .replace("connection: plc", "connection: plk")
        .replace("poll: 200ms", "poll: 200 parsecs"),
  });
  for (const verb of ["run", "check", "test"]) {
    const { code, stdout, stderr } = await cli([verb, "-c", site.config]);
    expect(code).toBe(78);
    const places = `${stdout}${stderr}`
      .split("\n")
      .filter((line) => /plant\.yaml:\d+:\d+ /.test(line));
    expect(places.length).toBeGreaterThanOrEqual(3);
    expect(places.join("\n")).toMatch(/did you mean .?simulated/);
    expect(stderr).toContain("next: ");
  }
});

test("a configuration that is no YAML or not there: exit 78", async () => {
  writeFileSync(site.config, "assets: [unclosed\n  : {");
  expect(await cli(["run", "-c", site.config])).toMatchObject({
    code: 78,
    stderr: expect.stringMatching(/plant\.yaml:\d+:\d+ [\s\S]*next: /),
  });
  expect(await cli(["run", "-c", join(site.folder, "absent.yaml")])).toMatchObject({
    code: 78,
    stderr: expect.stringMatching(/absent\.yaml[\s\S]*next: /),
  });
});

test("an unknown verb, option or combination: exit 64", async () => {
  for (const args of [
    ["rnu"],
    ["run", "--speed", "2"],
    ["replay"],
    ["replay", "--raw", "a", "--input", "b"],
  ]) {
    const { code, stdout, stderr } = await cli(args);
    expect([args, code, stdout]).toEqual([args, 64, ""]);
    expect(stderr).toContain("next: ");
  }
});

test("recorded input with a bad line: exit 65 and its number", async () => {
  const input = join(site.folder, "input.ndjson");
  const good = { at: "2026-11-23T05:00:00Z", asset: "press-01", values: { status: 6 } };
  writeFileSync(
    input,
    `${JSON.stringify(good)}\n${JSON.stringify({ ...good, asset: "press-9" })}\n`,
  );
  const { code, stderr } = await cli(["replay", "-c", site.config, "--input", input]);
  expect([code, stderr]).toEqual([65, expect.stringMatching(/line 2: .*press-9[\s\S]*next: /)]);
});

test("a store that cannot be made: exit 73 with the next step", async () => {
  writeFileSync(join(site.folder, "data"), "a file where the folder should be");
  const { code, stderr } = await cli(["run", "-c", site.config]);
  expect([code, stderr]).toEqual([73, expect.stringMatching(/data[\s\S]*next: .*install -d/)]);
});

test.skipIf(process.getuid?.() === 0)("a store without permission: exit 73", async () => {
  mkdirSync(join(site.folder, "data"));
  chmodSync(join(site.folder, "data"), 0o500);
  const { code, stderr } = await cli(["run", "-c", site.config]);
  expect([code, stderr]).toEqual([73, expect.stringContaining("next: ")]);
});

test("a second agent on the same store: exit 75, and the first goes on", async () => {
  const first = await polling();
  const { code, stderr } = await cli(["run", "-c", site.config]);
  expect([code, stderr]).toEqual([75, expect.stringMatching(/next: Stop the other agent/)]);
  const asked = await cli(["status", "-c", site.config]);
  expect([asked.code, asked.stdout]).toEqual([0, expect.stringContaining("asset press-01: ")]);
  await stop(first);
});
