/** A folder with a small configuration, for tests of commissioning. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Folder {
  config: string;
  /** Removes it. */
  remove(): void;
}

/** One press on one Modbus TCP connection `plc`, unit 1, every 50 ms; `source` adds to its source. */
export function folderWith(port: number, source = ""): Folder {
  const path = mkdtempSync(join(tmpdir(), "commission-"));
  const config = join(path, "plant.yaml");
  writeFileSync(
    config,
    `version: 1
gateway: { id: gw-1, enterprise: acme, site: ulm, timezone: Europe/Berlin }
mqtt: { url: "mqtt://127.0.0.1:1" }
store: { path: data/agent.db }
connections:
  plc: { driver: modbus-tcp, host: 127.0.0.1, port: ${port}, timeout: 1s }
assets:
  press-01:
    area: press
    line: l1
    sources:
      main: { connection: plc, unit: 1, poll: 50ms, holdLast: 20${source} }
    points:
      status: { table: holding, address: 0, type: uint16 }
      speed: { table: holding, address: 1, type: uint16, unit: rpm, range: [0, 3000] }
    condition:
      - { is: producing, when: { point: status, equals: 6 } }
      - { is: idle }
    idealCycle: 1s
`,
  );
  return { config, remove: () => rmSync(path, { recursive: true, force: true }) };
}
