/** From spawn to the first request that the server sees, on any core. */

import { join } from "node:path";
import { cpuSeconds, median, start, stop, waitFor } from "../children.mjs";
import { folderOf, peersOf, startAgent } from "../peers.mjs";
import { writePlant } from "../plant.mjs";

const WORK = { units: 1, registers: 20, pollMs: 1_000 };
const now = () => Number(process.hrtime.bigint()) / 1e6;

async function once(spawn, server) {
  await server.mark();
  const began = now();
  const child = spawn();
  let first = null;
  let cpuMs = null;
  const seen = async () => {
    first = (await server.take()).first;
    if (first !== null && child.exitCode === null) cpuMs = cpuSeconds(child.pid) * 1_000;
    return first !== null;
  };
  await waitFor(seen, 30_000, null, 5);
  await stop(child);
  if (first === null) throw new Error(`no poll: ${child.output.slice(-500)}`);
  return { ms: first - began, cpuMs };
}

/** Medians of `rounds`, in turn. The agent starts on a store that is there, as after a reboot. */
export async function startup(anchors, world, { rounds }) {
  const { server, broker } = world;
  const folder = folderOf("startup");
  writePlant(folder, { ...WORK, units: 20, port: server.port, broker: broker?.port ?? null });
  const { nodeRed } = peersOf(anchors, world);
  const bare = join(import.meta.dirname, "../anchor/bare.mjs");
  const spawns = {
    bare: () => start("free", process.execPath, [bare, String(server.port)]),
    agent: () => startAgent(folder, { role: "free" }),
    ...(nodeRed ? { nodeRed: () => nodeRed({ ...WORK, units: 20 }, "startup-red", "free") } : {}),
  };
  const cold = await once(spawns.agent, server);
  const found = Object.fromEntries(Object.keys(spawns).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const [name, spawn] of Object.entries(spawns)) found[name].push(await once(spawn, server));
  const peers = {};
  for (const [name, list] of Object.entries(found)) {
    const ms = median(list.map((one) => one.ms));
    peers[name] = {
      ms,
      cpuMs: median(list.map((one) => one.cpuMs)),
      rounds: list.map((one) => one.ms),
    };
    world.say(
      `start-up of ${name}: ${ms.toFixed(0)} ms, ${peers[name].cpuMs.toFixed(0)} ms of CPU`,
    );
  }
  return { coldMs: cold.ms, ...peers };
}
