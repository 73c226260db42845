/** Devices, brokers and disks that misbehave while the agent runs: it says so, goes on, and loses nothing recorded. */
import { readdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openReader } from "../../agent/store/read.ts";
import { startBroker } from "../../simulator/broker.ts";
import { type ModbusServer, startModbus } from "../../simulator/modbus.ts";
import type { Action } from "../../simulator/serve.ts";
import { until } from "../publisher/real-brokers.ts";
import { cli, endProcesses, type Running, said, startCli } from "../support/cli.ts";
import type { Payload } from "../support/records.ts";
import { newSite, type Site, type SiteOptions } from "../support/site.ts";
import { startToggling, type Toggling } from "../support/toggling.ts";

let site: Site;
let plant: Toggling;
const closing: (() => Promise<void>)[] = [];
const machines = { "press-01": 1 };
beforeEach(async () => {
  plant = await startToggling(150);
  closing.push(() => plant.close());
  site = newSite({ modbus: plant.port, machines });
});
afterEach(async () => {
  await endProcesses();
  for (const close of closing.splice(0)) await close();
  site.remove();
});

const configure = (options: Partial<SiteOptions>): void =>
  site.write({ modbus: plant.port, machines, ...options });

async function start(): Promise<Running> {
  const agent = startCli(["run", "-c", site.config]);
  await said(agent, '"polling"');
  return agent;
}

async function stop(agent: Running): Promise<void> {
  agent.child.kill("SIGTERM");
  expect(await agent.exit).toEqual({ code: 0, signal: null });
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function stored(): Payload[] {
  const reader = openReader(site.database);
  const records = reader.records(0, 100_000).map(({ payload }) => JSON.parse(payload) as Payload);
  reader.close();
  return records;
}

interface State {
  condition: string;
  cause: string | null;
}
const states = (): State[] =>
  stored().flatMap(({ state }) => (state === undefined ? [] : [state as State]));
const now = async (): Promise<string> => {
  const asset = (await site.status())?.local.assets[0];
  return asset ? `${asset.condition}${asset.cause ? ` (${asset.cause})` : ""}` : "no agent";
};

describe("a device", () => {
  /** Unit 1 produces; `behave` may spoil any answer. */
  async function device(behave: () => Action, size = 7): Promise<ModbusServer> {
    const server = await startModbus({
      host: "127.0.0.1",
      port: 0,
      devices: new Map([
        [
          1,
          {
            read: (table, address, quantity) =>
              table === "holding" && address + quantity > size
                ? null
                : Array.from({ length: quantity }, (_, i) => (address + i === 0 ? 6 : 0)),
            identity: ["acme", "device", "1"],
          },
        ],
      ]),
      behave,
    });
    closing.push(() => server.close());
    return server;
  }

  test("that lacks one register loses that point only", async () => {
    const server = await device(() => ({ do: "answer" }), 6);
    configure({ modbus: server.port });
    const tried = await cli(["test", "-c", site.config, "--json"]);
    expect([tried.code, tried.stderr]).toEqual([
      69,
      expect.stringContaining("next: Check the address"),
    ]);
    const [source] = (JSON.parse(tried.stdout) as { sources: { points: Record<string, object> }[] })
      .sources;
    const { recipe, ...others } = source?.points ?? {};
    expect(recipe).toMatchObject({ quality: "bad", reason: "MODBUS_EXCEPTION_2" });
    for (const point of Object.values(others)) expect(point).toMatchObject({ quality: "good" });

    const agent = await start();
    await until(async () => (await now()) === "producing");
    await sleep(700);
    expect(await now()).toBe("producing");
    await stop(agent);
  });

  test.each<[string, (answer: Buffer) => Buffer]>([
    ["garbage", () => Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\nwhat is this?")],
    ["half frames", (answer) => answer.subarray(0, 7)],
    [
      "someone else's answers",
      (answer) => Buffer.concat([Buffer.from([0xbe, 0xef]), answer.subarray(2)]),
    ],
  ])("that sends %s is unknown, and known again once it answers", async (_, make) => {
    let isSpoiled = false;
    const server = await device(() => (isSpoiled ? { do: "bytes", make } : { do: "answer" }));
    configure({ modbus: server.port, timeout: "200ms" });
    const agent = await start();
    await until(async () => (await now()) === "producing");
    isSpoiled = true;
    await until(async () => (await now()) === "unknown (device-silent)");
    isSpoiled = false;
    await until(async () => (await now()) === "producing", 15_000);
    await stop(agent);
    expect(
      states().filter(({ condition }) => condition !== "unknown" && condition !== "producing"),
    ).toEqual([]);
  });
});

test("a broker that refuses the password: recording goes on, the log names the next step and no secret", async () => {
  const secret = "correct horse battery staple";
  const login = { username: "gw-1", password: "another" };
  const broker = await startBroker({ host: "127.0.0.1", port: 0, login });
  closing.push(() => broker.close());
  writeFileSync(join(site.folder, "password"), `${secret}\n`, { mode: 0o600 });
  configure({ mqtt: broker.port, mqttLines: ["username: gw-1", "passwordFile: password"] });
  const agent = await start();
  await said(agent, "MQTT_REFUSED");
  expect(agent.stderr()).toContain("mqtt.passwordFile");
  await until(async () => ((await site.status())?.status.outbox.depth ?? 0) > 4);
  expect((await site.status())?.local.publisher?.trouble).toBe("MQTT_REFUSED");
  expect(broker.refusedLogins).toBeLessThanOrEqual(2);
  await stop(agent);
  expect(agent.stderr() + agent.stdout()).not.toContain(secret);
  expect(agent.stderr()).not.toContain(Buffer.from(secret).toString("base64"));
  expect(stored().length).toBeGreaterThan(4);
});

describe("a store", () => {
  const DAMAGES: [string, (file: string) => void][] = [
    ["overwritten", (file) => writeFileSync(file, "this was a database once\n".repeat(400))],
    ["cut off", (file) => truncateSync(file, 3_000)],
  ];

  test.each(DAMAGES)("that is %s: set aside and begun anew, seq goes on", async (_, damage) => {
    const first = await start();
    await sleep(1_200);
    await stop(first);
    const before = Math.max(...stored().map(({ seq }) => seq ?? 0));
    expect(before).toBeGreaterThan(2);
    damage(site.database);
    const second = await start();
    expect(second.stderr()).toContain("set aside");
    await until(async () => (await now()) !== "no agent");
    await sleep(1_200);
    await stop(second);
    const aside = readdirSync(join(site.folder, "data")).filter((name) => name.includes("damaged"));
    expect(aside.length).toBeGreaterThanOrEqual(1);
    const after = stored();
    expect(Math.min(...after.map(({ seq }) => seq ?? 0))).toBeGreaterThan(before);
    expect(
      after.map(({ event }) => event as { type: string; detail?: unknown } | undefined),
    ).toContainEqual(expect.objectContaining({ type: "data" }));
  });

  test("that is full: polls go on, and what was recorded stays", { timeout: 40_000 }, async () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`m-${i}`, i + 1]));
    configure({ storeLines: ["maxSize: 1MiB"], poll: "100ms", machines: many });
    const agent = await start();
    await said(agent, "STORE_FULL", 30_000);
    expect(agent.stderr()).toContain("store.maxSize");
    const cycles = async (): Promise<number> =>
      (await site.status())?.local.pipeline.cycles ?? Number.NaN;
    const before = await cycles();
    await sleep(1_000);
    expect(await cycles()).toBeGreaterThan(before + 100);
    await stop(agent);
    const seqs = stored().map(({ seq }) => seq ?? 0);
    expect(seqs.length).toBeGreaterThan(500);
    expect(seqs).toEqual(seqs.map((_, i) => i + 1));
  });
});
