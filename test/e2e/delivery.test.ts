/** Records on their way to a broker that goes away, acknowledges nothing, or was never there (fault matrix C1, C3). */
import { connectAsync, type MqttClient } from "mqtt";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openReader } from "../../agent/store/read.ts";
import { type Broker, startBroker } from "../../simulator/broker.ts";
import { startChaos } from "../../simulator/chaos.ts";
import { until } from "../publisher/real-brokers.ts";
import { type Inside, startInside } from "../support/inside.ts";
import { onceEach, type Payload, sequenceFaults, violations } from "../support/records.ts";
import { newSite, type Site } from "../support/site.ts";
import { startToggling, type Toggling } from "../support/toggling.ts";

const STATUS = "uptime1/acme/ulm/_gateway/gw-1/status";

let plant: Toggling;
let broker: Broker;
let site: Site;
let agents: Inside[] = [];
let watchers: MqttClient[] = [];
beforeEach(async () => {
  plant = await startToggling(150);
  broker = await startBroker({ host: "127.0.0.1", port: 0 });
  const mqttLines = ["ackDeadline: 1s"];
  site = newSite({ modbus: plant.port, mqtt: broker.port, mqttLines, poll: "100ms" });
});
afterEach(async () => {
  for (const agent of agents) await agent.stop();
  for (const watcher of watchers) await watcher.endAsync(true);
  [agents, watchers] = [[], []];
  await Promise.all([broker.close(), plant.close()]);
  site.remove();
});

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function start(): Promise<Inside> {
  const agent = await startInside(site.config);
  agents.push(agent);
  return agent;
}

const arrived = (): Payload[] => broker.received.map(({ payload }) => JSON.parse(String(payload)));

/** Everything that was ever recorded has arrived: no seq is missing, and none waits. */
function expectComplete(): Payload[] {
  const payloads = arrived();
  expect(violations(payloads)).toEqual([]);
  const records = onceEach(payloads);
  expect(sequenceFaults(records)).toEqual({ missing: [], shared: [] });
  const reader = openReader(site.database);
  const waiting = reader.records(0, 100_000).filter(({ state }) => state !== "delivered");
  reader.close();
  const left = waiting.filter(({ seq }) => !records.some((record) => record.seq === seq));
  expect(left.map(({ seq }) => seq)).toEqual([]);
  return records;
}

/** What a newcomer at the broker is given, by topic, and every status from then on. */
async function newcomer(): Promise<{ kept: Map<string, Payload>; online: boolean[] }> {
  const watcher = await connectAsync(`mqtt://127.0.0.1:${broker.port}`, { protocolVersion: 4 });
  watchers.push(watcher);
  const kept = new Map<string, Payload>();
  const online: boolean[] = [];
  watcher.on("message", (topic, text, { retain }) => {
    const payload: Payload = JSON.parse(String(text));
    if (retain) kept.set(topic, payload);
    if (topic === STATUS) online.push((payload["status"] as { online: boolean }).online);
    expect(violations([payload])).toEqual([]);
  });
  await watcher.subscribeAsync("uptime1/#", { qos: 1 });
  await sleep(200);
  return { kept, online };
}

test("a broker that is away for a while gets everything when it is back", async () => {
  const agent = await start();
  await until(() => arrived().length > 5);
  await broker.setFault("refuse");
  const before = onceEach(arrived()).length;
  await sleep(2_500);
  expect(await agent.depth()).toBeGreaterThan(20);
  expect(agent.log.filter((line) => line.includes("MQTT_UNREACHABLE")).length).toBeGreaterThan(0);
  await broker.setFault(null);
  await until(async () => (await agent.depth()) === 0);
  await agent.stop();
  expect(expectComplete().length).toBeGreaterThan(before + 20);
});

test("a broker that never acknowledges is left in time, and nothing is lost", async () => {
  const agent = await start();
  await until(() => arrived().length > 5);
  const connections = broker.connections;
  await broker.setFault("hold-acks");
  await until(() => broker.connections >= connections + 2);
  expect(agent.log.some((line) => line.includes("MQTT_ACK_LATE"))).toBe(true);
  await broker.setFault(null);
  await until(async () => (await agent.depth()) === 0);
  await agent.stop();
  const records = expectComplete();
  // Sent again with the same number and content, as at-least-once delivery does.
  expect(arrived().length).toBeGreaterThan(records.length);
});

test("a backlog is sent after a restart, and only the newest state stays at the broker", async () => {
  await broker.setFault("refuse");
  const first = await start();
  await sleep(2_000);
  await first.stop();
  expect(broker.received).toEqual([]);
  await broker.setFault(null);
  const second = await start();
  await until(async () => (await second.depth()) === 0);
  await second.stop();
  const records = expectComplete();
  expect(records.length).toBeGreaterThan(30);
  const newest = new Map(
    records.flatMap(({ schema, asset, id }) => (schema === "uptime.state/1" ? [[asset, id]] : [])),
  );
  const { kept } = await newcomer();
  for (const asset of ["press-01", "pack-01"]) {
    const state = kept.get(`uptime1/acme/ulm/hall/l1/${asset}/state`);
    expect(state?.id).toBe(newest.get(asset));
    expect(state?.["state"]).toMatchObject({ condition: "unknown", cause: "agent-stopped" });
  }
});

test("the retained status says online, the will offline, and a stop says goodbye", async () => {
  const proxy = await startChaos({ host: "127.0.0.1", port: broker.port });
  try {
    site.write({ modbus: plant.port, mqtt: proxy.port });
    const agent = await start();
    await until(() => arrived().some(({ schema }) => schema === "uptime.status/1"));
    const { kept, online } = await newcomer();
    expect(kept.get(STATUS)?.schema).toBe("uptime.status/1");
    expect(online).toEqual([true]);
    proxy.reset();
    await until(() => online.length >= 3);
    expect(online).toEqual([true, false, true]);
    await agent.stop();
    await until(() => online.length >= 4);
    expect(online).toEqual([true, false, true, false]);
    const later = await newcomer();
    expect(later.online).toEqual([false]);
  } finally {
    await proxy.close();
  }
});
