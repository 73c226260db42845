/** A plant of YAML text for replay tests, and what a replay of lines prints. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Millis } from "../../agent/core/time.ts";
import { loadPlant, type Plant } from "../../agent/plant.ts";
import { replay } from "../../agent/replay/replay.ts";
import type { Payload } from "./records.ts";

export const YAML = `version: 1
gateway: { id: gw-1, enterprise: acme, site: ulm, timezone: Europe/Berlin }
mqtt: { url: "mqtt://127.0.0.1:1883" }
connections:
  plc: { driver: modbus-tcp, host: 127.0.0.1, timeout: 1s }
calendars:
  early:
    shifts:
      - { id: early, days: mon-fri, start: "06:00", end: "08:00", breaks: [{ start: "07:00", end: "07:15" }] }
assets:
  press-01:
    area: press
    line: l1
    sources:
      main: { connection: plc, unit: 1, poll: 10s, holdLast: 3 }
      meter: { connection: plc, unit: 7, poll: 10s, holdLast: 3 }
    points:
      status: { table: holding, address: 0, type: uint16 }
      total: { table: holding, address: 2, type: uint64, counter: { modulus: 18446744073709551616, maxRate: 5/s } }
      good: { table: holding, address: 6, type: uint32, counter: { maxRate: 5/s } }
      power: { source: meter, table: input, address: 52, type: float32 }
    condition:
      - { is: fault, when: { point: status, in: [8, 9] } }
      - { is: producing, when: { all: [{ point: status, equals: 6 }, { point: power, above: 1 }] } }
      - { is: idle }
    counts: { total: total, good: good }
    idealCycle: 10s
    microStop: 1min
    calendar: early
    windows: [hour, shift, day]
  saw-02:
    area: saw
    line: l1
    connection: plc
    unit: 2
    poll: 10s
    points:
      status: { table: holding, address: 0, type: uint16 }
    condition:
      - { is: producing, when: { point: status, equals: 6 } }
      - { is: idle }
    microStop: 1min
    windows: [hour]
`;

/** The text as a loaded plant. */
export function plantOf(text = YAML): Plant {
  const folder = mkdtempSync(join(tmpdir(), "uptime-agent-plant-"));
  try {
    const file = join(folder, "plant.yaml");
    writeFileSync(file, text);
    return loadPlant(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export interface Printed {
  topic: string;
  payload: Payload;
}

/** What a replay of these lines prints; objects are written as JSON. */
export function replayed(
  lines: (object | string)[],
  until: Millis | null = null,
  files: Record<string, Plant> = {},
): Printed[] {
  const printed: Printed[] = [];
  const run = replay({
    plant: plantOf(),
    load: (file) => {
      const plant = files[file];
      if (!plant) throw new Error(`no plant ${file}`);
      return plant;
    },
    print: (line) => void printed.push(JSON.parse(line)),
  });
  for (const line of lines) run.line(typeof line === "string" ? line : JSON.stringify(line));
  run.end(until);
  return printed;
}

/** 06:00 on a Monday in Berlin. */
export const SIX = Date.UTC(2026, 10, 23, 5);
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** Both sources of the press every 10 s, with its counters. */
export function polls(from: number, to: number, status = 6, first = 0): object[] {
  const lines: object[] = [];
  for (let t = from, n = first; t <= to; t += 10_000, n++)
    lines.push({
      at: SIX + t,
      asset: "press-01",
      values: { status, total: String(2n ** 63n + BigInt(n)), good: n, power: 5 },
    });
  return lines;
}

export const classOf = ({ topic }: Printed): string => topic.split("/").slice(6).join("/");
export const of = (printed: Printed[], asset: string, kind: string): Printed[] =>
  printed.filter(
    ({ topic, payload }) => payload.asset === asset && classOf({ topic, payload }).startsWith(kind),
  );
export type Section = Record<string, unknown>;
export const part = ({ payload }: Printed, key: string): Section => payload[key] as Section;
export const states = (printed: Printed[]): string[] =>
  of(printed, "press-01", "state").map((record) => {
    const { condition, cause, since } = part(record, "state");
    return `${(Date.parse(String(since)) - SIX) / 1000} ${condition}${cause ? ` ${cause}` : ""}`;
  });
