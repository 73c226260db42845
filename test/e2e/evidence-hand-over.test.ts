/** A machine that moves to another gateway with an incident open: counters, incident and chains go on, declared. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { until } from "../publisher/real-brokers.ts";
import { cli, said, startCli } from "../support/cli.ts";
import { type Gateway, openGateway, step, stepsOf } from "../support/gateway.ts";
import { FAULT, PRODUCING } from "../support/hand-machine.ts";
import { violations } from "../support/records.ts";

let gateway: Gateway;
beforeEach(async () => {
  gateway = await openGateway();
});
afterEach(() => gateway.close());

test("export --hand-over, import --take-over, run", { timeout: 60_000 }, async () => {
  const { machine, site } = gateway;
  const first = await gateway.start();
  machine.status = FAULT;
  await step(gateway, "i-1", "opened");
  expect((await gateway.say("incident", "ack", "press-01")).code).toBe(0);
  expect(await gateway.stop(first)).toBe(0);
  const bundle = join(site.folder, "gw-1.evidence");
  const made = await gateway.say("export", "--hand-over", "--out", bundle);
  expect([made.code, made.stderr]).toEqual([0, ""]);

  const folder = join(site.folder, "gw-2");
  mkdirSync(folder);
  const config = join(folder, "plant.yaml");
  site.write((text) => {
    writeFileSync(config, text.replace("id: gw-1", "id: gw-2"));
    return text;
  });
  const taken = await cli(["import", "--take-over", bundle, "-c", config]);
  expect([taken.code, taken.stderr]).toEqual([0, expect.any(String)]);
  expect((await cli(["import", "--take-over", bundle, "-c", config])).code).toBe(65);

  const second = startCli(["run", "-c", config]);
  await said(second, '"page"');
  expect(second.stderr()).not.toMatch(/damaged|another key/);
  machine.status = PRODUCING;
  await step(gateway, "i-1", "verified");
  const listed = await cli(["incident", "list", "-c", config]);
  expect(listed.stdout).toMatch(/^press-01\/i-1 {2}s1 {2}verified/);
  expect((await cli(["incident", "close", "press-01/i-1", "-c", config])).code).toBe(0);
  await step(gateway, "i-1", "closed");
  second.child.kill("SIGTERM");
  expect((await second.exit).code).toBe(0);

  const records = gateway.arrived();
  expect(violations(records)).toEqual([]);
  await until(() => stepsOf(records, "i-1").length >= 5);
  expect(stepsOf(records, "i-1")).toEqual([
    "opened",
    "acknowledged",
    "restored",
    "verified",
    "closed",
  ]);
  const closing = records.find(
    ({ incident }) => (incident as { status?: string })?.status === "closed",
  );
  expect(closing).toMatchObject({ agent: "gw-2", hash: expect.any(String) });
  const verified = await cli(["verify", "-c", config]);
  expect([verified.code, verified.stdout]).toEqual([0, expect.stringContaining(": ok")]);
});
