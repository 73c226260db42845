/** 100 units at 10 Hz: polls delivered, lateness, drift; once on the disk as it is, once with every fsync delayed. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connectAsync } from "mqtt";
import { cpuSeconds, rssMb, stop, waitedMs } from "../children.mjs";
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

async function measure(child, server, windowMs) {
  const from = { cpu: cpuSeconds(child.pid), waited: waitedMs(child.pid) };
  await server.mark(true);
  await sleep(windowMs);
  const { polls, arrivals } = await server.take();
  return {
    timing: timingOf(arrivals, WORK.pollMs),
    per1000: ((cpuSeconds(child.pid) - from.cpu) / polls) * 1_000,
    waited: (waitedMs(child.pid) - from.waited) / windowMs,
    rss: rssMb(child.pid),
  };
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
    const measured = await measure(agent, server, windowMs);
    const { local } = await statusOf(agent);
    await stop(agent, 30_000);
    const loop = JSON.parse(readFileSync(delays, "utf8"));
    return { ...measured, poller: local.poller, loop, silence: watch?.seen ?? null };
  } finally {
    await stop(agent, 30_000);
    await watch?.close();
  }
}

async function peerRun(startPeer, world, windowMs) {
  if (!startPeer) return null;
  const child = startPeer(WORK, "crowd-peer");
  try {
    await untilPolling(child, world.server, WORK.units);
    await sleep(5_000);
    return await measure(child, world.server, windowMs);
  } finally {
    await stop(child);
  }
}

export async function crowd(anchors, world, { windowMs, slowMs, peerMs }) {
  const peers = peersOf(anchors, world);
  const tell = (name, one) =>
    world.say(
      `100 x 10 Hz, ${name}: ${(one.timing.delivered * 100).toFixed(2)} % delivered, p99 ${one.timing.p99.toFixed(1)} ms`,
    );
  const c = await peerRun(peers["c-quiet"], world, peerMs);
  if (c) tell("C", c);
  const normal = await agentRun(world, "crowd", windowMs, {});
  tell("agent", normal);
  const env = { LD_PRELOAD: anchors.slowFsync, SLOW_FSYNC_MS: String(FSYNC_MS) };
  const slow = anchors.slowFsync ? await agentRun(world, "crowd-slow", slowMs, env) : null;
  if (slow) tell("slow fsync", slow);
  const nodeRed = await peerRun(peers.nodeRed, world, peerMs);
  if (nodeRed) tell("Node-RED", nodeRed);
  return { normal, slow, c, nodeRed };
}
