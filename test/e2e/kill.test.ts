/** The agent as a process: killed again and again (fault matrix A1), frozen (A3), and stopped in order (A4). */
import { existsSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { AgentStartedInput, Input } from "../../agent/core/input.ts";
import { readRaw } from "../../agent/store/raw-reader.ts";
import { openReader } from "../../agent/store/read.ts";
import { type Broker, startBroker } from "../../simulator/broker.ts";
import { until } from "../publisher/real-brokers.ts";
import { cli, endProcesses, type Running, said, startCli } from "../support/cli.ts";
import { bodyOf, onceEach, type Payload, sequenceFaults, violations } from "../support/records.ts";
import { newSite, type Site } from "../support/site.ts";
import { startToggling, type Toggling } from "../support/toggling.ts";

const HOUR = 3_600_000;
const KILLS = 10;
const POLL = 200;
/** A wake-up of the poller, in which inputs are written. */
const SLOT = 50;
/** Between an instant and the word of it, on a loaded machine. */
const SLACK = 500;

let site: Site;
let broker: Broker;
let plant: Toggling;
beforeEach(async () => {
  plant = await startToggling(350);
  broker = await startBroker({ host: "127.0.0.1", port: 0 });
  site = newSite({ modbus: plant.port, mqtt: broker.port });
});
afterEach(async () => {
  await endProcesses();
  await Promise.all([broker.close(), plant.close()]);
  site.remove();
});

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function start(): Promise<Running> {
  const agent = startCli(["run", "-c", site.config]);
  await said(agent, "polling");
  return agent;
}

async function stop(agent: Running): Promise<void> {
  const began = Date.now();
  agent.child.kill("SIGTERM");
  expect(await agent.exit).toEqual({ code: 0, signal: null });
  expect(Date.now() - began).toBeLessThan(3_000);
  expect(existsSync(`${site.database}-wal`)).toBe(false);
}

/** Everything sent, and what the stop left for the next start. */
function told(): Payload[] {
  const arrived = broker.received.map(({ payload }) => JSON.parse(String(payload)) as Payload);
  expect(violations(arrived)).toEqual([]);
  const reader = openReader(site.database);
  const waiting = reader.records(0, 100_000).filter(({ state }) => state === "waiting");
  reader.close();
  return onceEach([...arrived, ...waiting.map(({ payload }) => JSON.parse(payload))]);
}

/** Unknown time of press-01 by cause, in the hours that touch `[from, to)`. */
async function unknownMs(from: number, to: number): Promise<Record<string, number>> {
  const end = Math.ceil(to / HOUR) * HOUR;
  const settled = new Date(end + HOUR).toISOString();
  const { code, stdout } = await cli(["replay", "--raw", site.raw, "--until", settled]);
  expect(code).toBe(0);
  const sums: Record<string, number> = {};
  for (const line of stdout.trim().split("\n")) {
    const { asset, window, unknownMs: unknown } = JSON.parse(line).payload;
    if (asset !== "press-01" || window?.kind !== "hour" || window.revision !== 1) continue;
    if (Date.parse(window.to) <= from || Date.parse(window.to) > end) continue;
    for (const [cause, ms] of Object.entries<number>(unknown))
      sums[cause] = (sums[cause] ?? 0) + ms;
  }
  return sums;
}

/** What was said live, over all kills, is what a replay of the whole raw log says. */
async function expectReplayed(records: Payload[]): Promise<void> {
  const { code, stdout } = await cli(["replay", "--raw", site.raw]);
  expect(code).toBe(0);
  const replayed = stdout.split("\n").filter((line) => line !== "");
  const bodies = new Map(
    replayed.map((line) => JSON.parse(line).payload as Payload).map((one) => [one.id, one]),
  );
  for (const record of records) {
    const twin = bodies.get(record.id);
    expect(twin && bodyOf(twin), record.id).toBe(bodyOf(record));
  }
  expect(bodies.size).toBe(records.length);
}

/** Instants of the first and the last cycle of press-01 before `to`. */
function cyclesBefore(inputs: Input[], to: number): [number, number] {
  const at = inputs.flatMap((input) =>
    input.kind === "cycle" && input.asset === "press-01" && input.at <= to ? [input.at] : [],
  );
  return [at[0] ?? 0, at.at(-1) ?? 0];
}

const total = (sums: Record<string, number>): number =>
  Object.values(sums).reduce((a, b) => a + b, 0);

test("ten kills: no seq twice, no id with two bodies, unknown while it was gone", {
  timeout: 60_000,
}, async () => {
  const began = Date.now();
  let seen = 0;
  for (let i = 0; i < KILLS; i++) {
    const agent = await start();
    const polling = Date.now();
    await sleep(50 + 1_000 * Math.random());
    agent.child.kill("SIGKILL");
    seen += Date.now() - polling;
    await agent.exit;
  }
  const agent = await start();
  const polling = Date.now();
  await sleep(1_500);
  await until(async () => (await site.status())?.status.outbox.depth === 0, 20_000);
  await stop(agent);
  const stopped = Date.now();
  seen += stopped - polling;

  const records = told();
  expect(sequenceFaults(records)).toEqual({ missing: [], shared: [] });
  expect(records.filter(({ schema }) => schema === "uptime.state/1").length).toBeGreaterThan(KILLS);

  const unknown = await unknownMs(began, stopped);
  const from = Math.floor(began / HOUR) * HOUR;
  const blind = Math.ceil(stopped / HOUR) * HOUR - from - seen;
  expect(total(unknown)).toBe(unknown["agentStopped"]);
  expect(total(unknown)).toBeGreaterThan(blind - (KILLS + 1) * SLACK);
  expect(total(unknown)).toBeLessThan(blind + KILLS * (POLL + SLOT + SLACK));
  await expectReplayed(records);
});

test("a kill after nine quiet seconds costs a poll, not the seconds", {
  timeout: 40_000,
}, async () => {
  await plant.close();
  site.remove();
  plant = await startToggling(Number.POSITIVE_INFINITY);
  site = newSite({ modbus: plant.port, mqtt: broker.port });
  const began = Date.now();
  const agent = await start();
  await sleep(9_000);
  const commits = (await site.status())?.local.pipeline.commits ?? 0;
  const killed = Date.now();
  agent.child.kill("SIGKILL");
  await agent.exit;
  await sleep(1_000);
  const again = await start();
  await sleep(1_500);
  await stop(again);
  const stopped = Date.now();

  // Quiet: what was read since the first seconds was in no commit.
  expect(commits).toBeLessThan(4);
  const inputs = [...readRaw(site.raw)];
  const starts = inputs.filter((input) => input.kind === "agent-started");
  expect(starts).toMatchObject([{ cause: "agent-stopped" }]);
  const { at, lastAlive } = starts[0] as AgentStartedInput;
  expect(lastAlive).toBeLessThanOrEqual(killed);
  expect(lastAlive).toBeGreaterThan(killed - POLL - SLOT - SLACK);
  const [first, last] = cyclesBefore(inputs, lastAlive);
  expect(lastAlive - last).toBeLessThanOrEqual(POLL + SLACK);

  const unknown = await unknownMs(began, stopped);
  expect(total(unknown)).toBe(unknown["agentStopped"]);
  const hours = Math.ceil(stopped / HOUR) * HOUR - Math.floor(began / HOUR) * HOUR;
  const seen = lastAlive - first + (stopped - at);
  expect(Math.abs(total(unknown) - (hours - seen))).toBeLessThan(2 * SLACK);
  const records = told();
  expect(sequenceFaults(records)).toEqual({ missing: [], shared: [] });
  expect(records.filter((record) => JSON.stringify(record).includes("device-silent"))).toEqual([]);
  await expectReplayed(records);
});

test("a frozen agent books the gap as unknown and does not catch up on polls", {
  timeout: 30_000,
}, async () => {
  const agent = await start();
  const began = Date.now();
  await sleep(1_500);
  agent.child.kill("SIGSTOP");
  const frozen = Date.now();
  await sleep(2_000);
  agent.child.kill("SIGCONT");
  const thawed = Date.now();
  await sleep(1_500);
  await stop(agent);
  const stopped = Date.now();

  const gap = thawed - frozen;
  const after = plant.asked.filter((at) => at >= thawed && at < thawed + 1_000);
  // Three tables each: one pass per slot, whatever was missed.
  expect(after.length).toBeLessThanOrEqual(3 * (1_000 / POLL + 2));
  const unknown = await unknownMs(began, stopped);
  const from = Math.floor(began / HOUR) * HOUR;
  const seen = stopped - began - gap;
  const expected = Math.ceil(stopped / HOUR) * HOUR - from - seen;
  expect(unknown["deviceSilent"]).toBe(0);
  expect(Math.abs(total(unknown) - expected)).toBeLessThan(POLL + 2 * SLACK);
  expect(sequenceFaults(told())).toEqual({ missing: [], shared: [] });
});
