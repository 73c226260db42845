/** 100 units at 10 Hz: polls delivered, lateness, drift; once on the disk as it is, once with every fsync delayed. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connectAsync } from "mqtt";
import { cpuSeconds, rssMb, stop } from "../children.mjs";
import { folderOf, peersOf, startAgent, statusOf, untilPolling } from "../peers.mjs";
import { writePlant } from "../plant.mjs";
import { timingOf } from "../timing.mjs";

const WORK = { units: 100, registers: 20, pollMs: 100 };
const FSYNC_MS = 300;

/** Counts records of class `state` that call a machine silent. */
async function watchSilence(port) {
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`);
  const seen = { records: 0, silent: 0 };
  client.on("message", (topic, payload) => {
    if (!topic.endsWith("/state")) return;
    seen.records++;
    if (JSON.parse(payload).state.cause === "device-silent") seen.silent++;
  });
  await client.subscribeAsync("uptime1/#", { qos: 1 });
  return { seen, close: () => client.endAsync() };
}

async function agentRun(world, name, windowMs, env) {
  const { server, broker } = world;
  const folder = folderOf(name);
  writePlant(folder, { ...WORK, port: server.port, broker: broker?.port ?? null });
  const delays = join(folder, "loop.json");
  const probe = join(import.meta.dirname, "../anchor/loop-delay.mjs");
  const watch = broker ? await watchSilence(broker.port) : null;
  const agent = startAgent(folder, {
    env: { ...env, BENCH_LOOP_DELAY: delays },
    node: ["--import", probe],
  });
  try {
    await untilPolling(agent, server, WORK.units, 60_000);
    await sleep(6_000);
    const from = cpuSeconds(agent.pid);
    await server.mark(true);
    await sleep(windowMs);
    const taken = await server.take();
    const seconds = cpuSeconds(agent.pid) - from;
    const { local } = await statusOf(agent);
    const rss = rssMb(agent.pid);
    await stop(agent, 30_000);
    const timing = timingOf(taken.arrivals, WORK.pollMs);
    return {
      delivered: timing.delivered,
      poller: local.poller,
      server: timing,
      per1000: (seconds / taken.polls) * 1_000,
      rss,
      loop: JSON.parse(readFileSync(delays, "utf8")),
      silence: watch?.seen ?? null,
    };
  } finally {
    await stop(agent, 30_000);
    await watch?.close();
  }
}

async function nodeRedRun(anchors, world, windowMs) {
  const { nodeRed } = peersOf(anchors, world);
  if (!nodeRed) return null;
  const child = nodeRed(WORK, "crowd-red");
  try {
    await untilPolling(child, world.server, WORK.units);
    await sleep(5_000);
    const from = cpuSeconds(child.pid);
    await world.server.mark(true);
    await sleep(windowMs);
    const taken = await world.server.take();
    return {
      delivered: timingOf(taken.arrivals, WORK.pollMs).delivered,
      per1000: ((cpuSeconds(child.pid) - from) / taken.polls) * 1_000,
    };
  } finally {
    await stop(child);
  }
}

export async function crowd(anchors, world, { windowMs, slowMs, redMs }) {
  const normal = await agentRun(world, "crowd", windowMs, {});
  world.say(
    `100 x 10 Hz: ${(normal.delivered * 100).toFixed(2)} % delivered, p99 ${normal.server.p99.toFixed(1)} ms`,
  );
  const env = { LD_PRELOAD: anchors.slowFsync, SLOW_FSYNC_MS: String(FSYNC_MS) };
  const slow = anchors.slowFsync ? await agentRun(world, "crowd-slow", slowMs, env) : null;
  if (slow)
    world.say(
      `  with slow fsync: ${(slow.delivered * 100).toFixed(2)} %, p99 ${slow.server.p99.toFixed(1)} ms`,
    );
  return { normal, slow, nodeRed: await nodeRedRun(anchors, world, redMs) };
}
