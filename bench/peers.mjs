/** The processes of a bench: the Modbus server, the broker, the agent and what it is compared with. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { nodeRedArguments } from "./anchor/node-red.mjs";
import { cache } from "./anchors.mjs";
import { isPinned, start, stop, waitFor } from "./children.mjs";
import { writePlant } from "./plant.mjs";

const root = join(import.meta.dirname, "..");
export const agentMain = join(root, "dist/agent/main.js");
/** As the service runs it. */
export const AGENT_NODE = ["--max-semi-space-size=2"];
const { askStatus } = await import("../dist/agent/control.js");

export const folderOf = (name) => {
  const folder = join(cache, "run", name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
};

export function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

const isListening = (port) =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(true));
    socket.on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });

/** `mark(keep)` begins a measurement, `take()` gives polls, arrivals and the first of them. */
export async function startServer() {
  const script = join(import.meta.dirname, "server.mjs");
  const child = fork(
    script,
    [],
    isPinned ? { execPath: "taskset", execArgv: ["-c", "0", process.execPath] } : {},
  );
  const ask = async (message) => {
    child.send(message);
    return (await once(child, "message"))[0];
  };
  const [{ port }] = await once(child, "message");
  return {
    port,
    mark: (keep = false) => ask({ ask: "mark", keep }),
    take: () => ask({ ask: "take" }),
    close: () => child.disconnect(),
  };
}

/** Loopback only, nothing persisted, without the delay of Nagle's algorithm. */
export async function startBroker(port) {
  const folder = folderOf(`broker-${port}`);
  const file = join(folder, "mosquitto.conf");
  const lines = [
    `listener ${port} 127.0.0.1`,
    "allow_anonymous true",
    "persistence false",
    "set_tcp_nodelay true",
    "max_queued_messages 0",
  ];
  writeFileSync(file, `${lines.join("\n")}\n`);
  const child = start("server", "mosquitto", ["-c", file]);
  if (!(await waitFor(() => isListening(port), 10_000, child)))
    throw new Error(`mosquitto: ${child.output}`);
  return { port, close: () => stop(child) };
}

/** The agent as a user runs it. `preload` and `env` go to its process alone. */
export function startAgent(folder, { env = {}, node = [], role = "client" } = {}) {
  const args = [...AGENT_NODE, ...node, agentMain, "run", "-c", join(folder, "plant.yaml")];
  const child = start(role, process.execPath, args, { env: { ...process.env, ...env } });
  child.folder = folder;
  return child;
}

export const statusOf = (agent) => askStatus(join(agent.folder, "data/agent.sock"), 5_000);

/** Each starts one peer on the same work; all poll `units` of `registers` every `pollMs`. */
export function peersOf(anchors, world) {
  const { server, broker } = world;
  const peers = {
    agent: (work, name) => {
      const folder = folderOf(name);
      writePlant(folder, { ...work, port: server.port, broker: broker?.port ?? null });
      return startAgent(folder);
    },
  };
  if (anchors.c && broker) {
    for (const mode of ["publish", "quiet"])
      peers[`c-${mode}`] = ({ units, registers, pollMs }) =>
        start(
          "client",
          anchors.c,
          ["127.0.0.1", server.port, units, registers, pollMs, broker.port, mode].map(String),
        );
  }
  if (anchors.nodeRed && broker)
    peers.nodeRed = (work, name, role = "client") => {
      const setup = { ...work, port: server.port, broker: broker.port, ui: world.ui };
      return start(
        role,
        process.execPath,
        nodeRedArguments(anchors.nodeRed, folderOf(name), setup),
      );
    };
  return peers;
}

/** Waits until `child` polls; throws with what it said when it does not. */
export async function untilPolling(child, server, units, timeout = 30_000) {
  await server.mark();
  const polls = async () => (await server.take()).polls >= units;
  if (!(await waitFor(polls, timeout, child)))
    throw new Error(`does not poll: ${child.output.slice(-800)}`);
}
