/** A gateway's folder for one machine under contract, with everything people act by: topic, page, buttons. Real time. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface ContractSite {
  folder: string;
  config: string;
  database: string;
  /** Of the page. */
  page: number;
  write(edit?: (text: string) => string): void;
  remove(): void;
}

export async function newContractSite(modbus: number, mqtt: number): Promise<ContractSite> {
  const folder = mkdtempSync(join(tmpdir(), "uptime-contract-"));
  const config = join(folder, "plant.yaml");
  const page = await freePort();
  const write = (edit: (text: string) => string = (text) => text): void =>
    writeFileSync(config, edit(yaml(modbus, mqtt, page)));
  write();
  return {
    ...{ folder, config, page, write },
    database: join(folder, "data/agent.db"),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

const yaml = (modbus: number, mqtt: number, page: number): string => `version: 1
gateway: { id: gw-1, enterprise: acme, site: ulm, timezone: Europe/Berlin }
store: { path: data/agent.db }
mqtt:
  url: mqtt://127.0.0.1:${mqtt}
  namespace: uptime1
  commands: { enabled: true, as: supplier, allow: [acknowledge, respond, restore, attribute, plan] }
page: { port: ${page} }
connections:
  plc: { driver: modbus-tcp, host: 127.0.0.1, port: ${modbus}, timeout: 500ms }
severities:
  s1: { ackWithin: 1h, respondWithin: 2h, restoreWithin: 4h, holdReasons: [no access] }
assets:
  press-01:
    name: Press
    area: hall
    line: l1
    template: simulated
    connection: plc
    unit: 1
    poll: 100ms
    points:
      oilTemp: { table: input, address: 0, type: int16, scale: 0.1, unit: degC, kind: temperature, signal: auto }
    recipes:
      - { id: a7, when: { point: recipe, equals: 7 }, idealCycle: 100ms }
    microStop: 500ms
    windows: [hour, day]
    reasons:
      - { code: 42, is: mechanical/die, loss: breakdown, attribution: supplier }
    incidents:
      rules:
        - { fault: 200ms, severity: s1 }
        - { signal: advisory, severity: s1, id: announced }
      restoredAfter: 0s
      verify: { stable: 1s }
      close: by-hand
      buttons: [{ point: guard, act: respond }]
    signals:
      - { point: oilTemp, detector: limit, high: 60, hysteresis: 1, limitFor: 500ms, limitClear: 500ms, safety: true }
contracts:
  press-service:
    assets: [press-01]
    effectiveFrom: "2026-01-01"
    period: month
    unknown: exclude
    attribution: { pendingResolvesTo: supplier }
    outcomes:
      - { metric: uptime, target: 97%, minimum: 80%, malus: { perPoint: 2%, cap: 15% } }
      - { metric: response, severity: s1, limit: 2h, target: 90% }
    fees: { currency: EUR, base: "18000.00" }
    decides: { attribution: both, reason: both, counts: customer, schedule: both, ideal: customer }
`;
