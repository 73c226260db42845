/** A gateway's folder with its configuration, for agents that are started as processes. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { askStatus } from "../../agent/control.ts";

export interface SiteOptions {
  /** Port of the Modbus server on 127.0.0.1. */
  modbus: number;
  /** Port of the broker on 127.0.0.1; without one records wait. */
  mqtt?: number;
  /** Further lines of the `mqtt` and `store` sections, such as "ackDeadline: 1s". */
  mqttLines?: string[];
  storeLines?: string[];
  poll?: string;
  timeout?: string;
  /** Unit ids by asset; each has the register map of the simulator. */
  machines?: Record<string, number>;
  /** Text changes at the end. */
  edit?: (text: string) => string;
}

export interface Site {
  folder: string;
  config: string;
  database: string;
  raw: string;
  write(options: SiteOptions): void;
  /** What a running agent tells about itself, null when none runs. */
  status(): Promise<LocalStatus | null>;
  remove(): void;
}

export interface LocalStatus {
  status: { outbox: { depth: number; parked: number } };
  local: {
    pipeline: { cycles: number; commits: number; waiting: number };
    poller: { polls: number; missed: number; p99Ms: number };
    publisher: { connected: boolean; trouble: string | null } | null;
    assets: { id: string; condition: string; cause: string | null }[];
  };
}

export function newSite(options: SiteOptions): Site {
  const folder = mkdtempSync(join(tmpdir(), "uptime-site-"));
  const config = join(folder, "plant.yaml");
  const write = (wanted: SiteOptions): void => writeFileSync(config, plantText(wanted));
  write(options);
  return {
    folder,
    config,
    database: join(folder, "data/agent.db"),
    raw: join(folder, "data/raw"),
    write,
    status: async () =>
      (await askStatus(join(folder, "data/agent.sock"), 2_000)) as LocalStatus | null,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export function plantText({
  modbus,
  mqtt,
  mqttLines = [],
  storeLines = [],
  poll = "200ms",
  timeout = "500ms",
  machines = { "press-01": 1, "pack-01": 2 },
  edit = (text) => text,
}: SiteOptions): string {
  const assets = Object.entries(machines).map(
    ([id, unit]) => `  ${id}:
    name: ${id}
    area: hall
    line: l1
    template: simulated
    connection: plc
    unit: ${unit}
    poll: ${poll}
    idealCycle: 1s`,
  );
  const url = mqtt === undefined ? [] : [`url: mqtt://127.0.0.1:${mqtt}`];
  const section = (lines: string[]): string[] => lines.map((line) => `  ${line}`);
  return edit(
    [
      "version: 1",
      "gateway: { id: gw-1, enterprise: acme, site: ulm, timezone: Europe/Berlin }",
      "store:",
      ...section(["path: data/agent.db", ...storeLines]),
      "mqtt:",
      ...section(["namespace: uptime1", ...url, ...mqttLines]),
      "connections:",
      `  plc: { driver: modbus-tcp, host: 127.0.0.1, port: ${modbus}, timeout: ${timeout} }`,
      "assets:",
      ...assets,
      "",
    ].join("\n"),
  );
}
