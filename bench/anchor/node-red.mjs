// A Node-RED flow that does what the other peers do: one client, one read node and one JSON array per poll and unit.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes settings and flow into `folder`; returns the arguments for `node`. `home`: where Node-RED is installed. */
export function nodeRedArguments(home, folder, { port, units, registers, pollMs, broker, ui }) {
  const nodes = [
    { id: "tab", type: "tab", label: "bench" },
    {
      id: "mqtt",
      type: "mqtt-broker",
      broker: "127.0.0.1",
      port: String(broker),
      clientid: "bench-red",
      protocolVersion: "4",
      keepalive: "60",
      cleansession: true,
      autoConnect: true,
    },
  ];
  for (let unit = 1; unit <= units; unit++) nodes.push(...nodesOf(unit, port, registers, pollMs));
  const settings = {
    uiPort: ui,
    uiHost: "127.0.0.1",
    httpAdminRoot: false,
    httpNodeRoot: false,
    logging: { console: { level: "warn" } },
    userDir: home,
    flowFile: join(folder, "flow.json"),
    credentialSecret: false,
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "flow.json"), JSON.stringify(nodes));
  writeFileSync(join(folder, "settings.cjs"), `module.exports = ${JSON.stringify(settings)};`);
  const main = join(home, "node_modules/node-red/red.js");
  return [main, "-u", home, "-s", join(folder, "settings.cjs"), join(folder, "flow.json")];
}

function nodesOf(unit, port, registers, pollMs) {
  const client = `client${unit}`;
  const isSlow = pollMs >= 1_000;
  return [
    {
      id: client,
      type: "modbus-client",
      name: "",
      clienttype: "tcp",
      bufferCommands: true,
      tcpHost: "127.0.0.1",
      tcpPort: String(port),
      tcpType: "DEFAULT",
      unit_id: String(unit),
      commandDelay: "1",
      clientTimeout: "1000",
      reconnectOnTimeout: true,
      reconnectTimeout: "2000",
      parallelUnitIdsAllowed: true,
    },
    {
      id: `read${unit}`,
      type: "modbus-read",
      z: "tab",
      name: "",
      topic: "",
      unitid: String(unit),
      dataType: "HoldingRegister",
      adr: "0",
      quantity: String(registers),
      rate: String(isSlow ? pollMs / 1_000 : pollMs),
      rateUnit: isSlow ? "s" : "ms",
      server: client,
      useIOFile: false,
      x: 0,
      y: 0,
      wires: [[`out${unit}`], []],
    },
    {
      id: `out${unit}`,
      type: "mqtt out",
      z: "tab",
      topic: `bench/red/${unit}`,
      qos: "1",
      retain: "false",
      broker: "mqtt",
      x: 0,
      y: 0,
      wires: [],
    },
  ];
}
