/** The configuration the agent runs with in a bench: alike machines of one template, a connection, unit and request each. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FIRST_CHANNEL } from "./machine.mjs";

/** Writes `plant.yaml` into `folder` and returns its path; JSON is YAML. Without `broker` nothing is published. */
export function writePlant(folder, { units, registers, pollMs, port = 502, broker = null }) {
  const connections = {};
  const assets = {};
  for (let unit = 1; unit <= units; unit++) {
    const connection = `plc-${unit}`;
    connections[connection] = { driver: "modbus-tcp", host: "127.0.0.1", port, timeout: "1s" };
    const name = `Machine ${unit}`;
    const place = { name, area: "hall", line: "l1", connection, unit, poll: `${pollMs}ms` };
    assets[`m-${unit}`] = { ...place, template: "bench" };
  }
  const plant = {
    version: 1,
    gateway: { id: "bench", enterprise: "acme", site: "ulm", timezone: "Europe/Berlin" },
    store: { path: "data/agent.db" },
    ...(broker === null ? {} : { mqtt: { url: `mqtt://127.0.0.1:${broker}` } }),
    connections,
    assets,
  };
  const file = join(folder, "plant.yaml");
  mkdirSync(join(folder, "templates"), { recursive: true });
  writeFileSync(
    join(folder, "templates/bench.yaml"),
    JSON.stringify(templateOf(registers), null, 1),
  );
  writeFileSync(file, JSON.stringify(plant, null, 1));
  return file;
}

function templateOf(registers) {
  const word = (address) => ({ table: "holding", address, type: "uint16" });
  const counter = (address) => ({ ...word(address), type: "uint32", counter: { maxRate: "5/s" } });
  const points = {
    status: word(0),
    reason: word(1),
    total: counter(2),
    good: counter(4),
    recipe: word(6),
  };
  for (let at = FIRST_CHANNEL; at < registers; at++) points[`c${at}`] = { ...word(at), scale: 0.1 };
  const asset = {
    points,
    condition: [
      { is: "fault", when: { point: "status", in: [8, 9] }, reason: { point: "reason" } },
      { is: "producing", when: { point: "status", equals: 6 } },
      { is: "starved", when: { point: "status", equals: 5 } },
      { is: "setup", when: { point: "status", equals: 3 } },
      { is: "idle" },
    ],
    counts: { total: "total", good: "good" },
    recipes: [{ id: "r1", when: { point: "recipe", equals: 1 }, idealCycle: "0.9s" }],
  };
  return { version: 1, description: "A machine of the bench.", asset };
}
