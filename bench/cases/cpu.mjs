/** CPU per poll and memory of the whole agent beside Node-RED and C, in turn, several rounds. */
import { setTimeout as sleep } from "node:timers/promises";
import { cpuSeconds, median, rssMb, stop } from "../children.mjs";
import { peersOf, untilPolling } from "../peers.mjs";

export const NAMES = {
  agent: "uptime-agent (accounts and stores, synchronous=FULL)",
  "c-publish": "C: libmodbus + libmosquitto, a message per poll",
  "c-quiet": "C: libmodbus, no message, no storage",
  nodeRed: "Node-RED + contrib-modbus, a message per poll",
};

/** A program in C is warm at once; V8 compiles and collects what start-up left for some 20 s. */
const WARM_C_MS = 1_000;

async function measure(startPeer, work, server, { warmMs, windowMs }) {
  const child = startPeer(work, "cpu");
  try {
    await untilPolling(child, server, work.units);
    await sleep(warmMs);
    const from = cpuSeconds(child.pid);
    const { marked } = await server.mark();
    await sleep(windowMs);
    const { polls, at } = await server.take();
    const seconds = cpuSeconds(child.pid) - from;
    const elapsed = (at - marked) / 1_000;
    return {
      per1000: (seconds / polls) * 1_000,
      percent: (seconds / elapsed) * 100,
      delivered: polls / ((work.units * elapsed * 1_000) / work.pollMs),
      rss: rssMb(child.pid),
    };
  } finally {
    await stop(child);
  }
}

/** Medians by peer; `rounds` keeps every CPU figure, so that the noise can be seen. */
export async function cpu(anchors, world, { pollMs, rounds, warmMs, windowMs }) {
  const peers = peersOf(anchors, world);
  const work = { units: 20, registers: 20, pollMs };
  const found = Object.fromEntries(Object.keys(peers).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const [name, startPeer] of Object.entries(peers)) {
      const warm = name.startsWith("c-") ? WARM_C_MS : warmMs;
      const result = await measure(startPeer, work, world.server, { warmMs: warm, windowMs });
      world.say(
        `${name} ${1_000 / pollMs} Hz: ${result.per1000.toFixed(3)} CPU s per 1,000 polls, ${result.rss.toFixed(0)} MB`,
      );
      found[name].push(result);
    }
  const summary = {};
  for (const [name, list] of Object.entries(found)) {
    const mid = (key) => median(list.map((one) => one[key]));
    summary[name] = {
      per1000: mid("per1000"),
      percent: mid("percent"),
      delivered: mid("delivered"),
      rss: mid("rss"),
      rounds: list.map((one) => one.per1000),
    };
  }
  return summary;
}
