/** A backlog from the agent's outbox to mosquitto, beside mqtt.js alone at the same window; polls go on meanwhile. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { median, rssMb, run, stop, writtenBytes } from "../children.mjs";
import { folderOf, freePort, startAgent, startBroker, statusOf, untilPolling } from "../peers.mjs";
import { writePlant } from "../plant.mjs";
import { timingOf } from "../timing.mjs";

const WORK = { units: 20, registers: 20, pollMs: 100 };
const WINDOW = 100;
const IDLE_MS = 8_000;

/** Messages per second from the middle of the drain, so that the edges of sampling do not matter. */
function rateOf(samples, count) {
  const inside = samples.filter(({ acked }) => acked >= count * 0.05 && acked <= count * 0.95);
  const [a, b] = [inside[0], inside.at(-1)];
  return inside.length < 2 ? null : ((b.acked - a.acked) / (b.at - a.at)) * 1_000;
}

async function agentDrain(world, count) {
  const { server } = world;
  const folder = folderOf("drain");
  const port = await freePort();
  const file = writePlant(folder, { ...WORK, port: server.port, broker: port });
  await run("client", process.execPath, [
    join(import.meta.dirname, "../backlog.mjs"),
    file,
    String(count),
  ]);
  const agent = startAgent(folder);
  let broker = null;
  try {
    await untilPolling(agent, server, WORK.units);
    await sleep(4_000);
    await server.mark(true);
    await sleep(IDLE_MS);
    const idle = timingOf((await server.take()).arrivals, WORK.pollMs);
    const before = { written: writtenBytes(agent.pid), rss: rssMb(agent.pid) };
    await server.mark(true);
    broker = await startBroker(port);
    const samples = [];
    let peak = 0;
    for (const end = performance.now() + 90_000; performance.now() < end; await sleep(20)) {
      const { local } = await statusOf(agent);
      samples.push({ at: performance.now(), acked: local.publisher.acknowledged });
      peak = Math.max(peak, rssMb(agent.pid));
      if (local.publisher.acknowledged >= count) break;
    }
    // Polls before the drain began are idle ones: only the span of the drain counts.
    const { arrivals, at } = await server.take();
    const began = samples.find(({ acked }) => acked > 0)?.at ?? 0;
    const span = performance.now() - began;
    const during = timingOf(
      arrivals.map((list) => list.filter((time) => time > at - span)),
      WORK.pollMs,
    );
    return {
      rate: rateOf(samples, count),
      done: samples.at(-1).acked,
      idle,
      during,
      rssGrowth: peak - before.rss,
      bytesPerMessage: (writtenBytes(agent.pid) - before.written) / count,
    };
  } finally {
    await stop(agent);
    await broker?.close();
  }
}

async function plain(count, port) {
  const script = join(import.meta.dirname, "../anchor/publish.mjs");
  const { ms } = JSON.parse(
    await run("client", process.execPath, [script, port, count, WINDOW].map(String)),
  );
  return (count / ms) * 1_000;
}

export async function drain(_anchors, world, { count, rounds }) {
  if (!world.broker) return null;
  const runs = [];
  for (let round = 0; round < rounds; round++) {
    const alone = await plain(count, world.broker.port);
    const agent = await agentDrain(world, count);
    world.say(
      `drain: agent ${agent.rate?.toFixed(0)}/s, mqtt.js alone ${alone.toFixed(0)}/s, late p99 ${agent.idle.p99.toFixed(1)} → ${agent.during.p99.toFixed(1)} ms`,
    );
    runs.push({ ...agent, alone, ratio: agent.rate / alone });
  }
  const mid = (pick) => median(runs.map(pick));
  return {
    count,
    ratio: mid((one) => one.ratio),
    rate: mid((one) => one.rate),
    alone: mid((one) => one.alone),
    idleP99: mid((one) => one.idle.p99),
    duringP99: mid((one) => one.during.p99),
    rssGrowth: mid((one) => one.rssGrowth),
    bytesPerMessage: mid((one) => one.bytesPerMessage),
    runs,
  };
}
