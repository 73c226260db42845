/** A small sound configuration for tests, and edits of it. `¦` in an edit marks the place a problem must name. */
import { type Loaded, type LoadOptions, parseConfig } from "../../config/load.ts";
import { formatProblem, type Problem } from "../../config/problem.ts";

export const BASE = `version: 1
gateway: { id: gw-1, enterprise: acme, site: ulm, timezone: Europe/Berlin }
mqtt: { url: "mqtt://127.0.0.1:1883" }
connections:
  plc: { driver: modbus-tcp, host: 127.0.0.1, timeout: 1s }
  bus: { driver: modbus-rtu, device: /dev/serial/by-id/usb-A1 }
  panel: { driver: gpio, chip: pinctrl-rp1 }
calendars:
  two-shift:
    shifts:
      - { id: early, days: mon-fri, start: "06:00", end: "14:00" }
      - { id: night, days: mon-thu, start: "22:00", end: "06:00" }
    holidays: ["2026-12-25"]
assets:
  press-01:
    area: press
    line: l1
    sources:
      main: { connection: plc, unit: 1, poll: 1s }
      meter: { connection: bus, unit: 7, poll: 5s }
      lamps: { connection: panel }
    points:
      status: { table: holding, address: 0, type: uint16 }
      total: { table: holding, address: 2, type: uint32, counter: { maxRate: 5/s } }
      big: { table: holding, address: 8, type: uint64 }
      word: { table: holding, address: 16, type: string, length: 4 }
      guard: { table: discrete, address: 3, type: bool }
      power: { source: meter, table: input, address: 52, type: float32 }
      red: { source: lamps, line: GPIO17 }
    condition:
      - { is: producing, when: { point: status, equals: 6 } }
      - { is: idle }
    counts: { total: total }
    idealCycle: 1s
    calendar: two-shift
`;

const ALL: LoadOptions = { drivers: ["modbus-tcp", "modbus-rtu", "modbus-rtu-over-tcp", "gpio"] };

/** {@link BASE} with each `[old, new]` replaced; throws when `old` is not there exactly once. */
export function edited(...edits: [old: string, text: string][]): string {
  return edits.reduce((text, [old, now]) => {
    if (text.split(old).length !== 2) throw new Error(`not exactly once in the text: ${old}`);
    return text.replace(old, () => now);
  }, BASE);
}

export const parse = (text: string, options = ALL): Loaded =>
  parseConfig("plant.yaml", text.replaceAll("¦", ""), options);

export function problemsOf(loaded: Loaded): Problem[] {
  return loaded.ok ? [] : loaded.problems;
}

export const linesOf = (problems: Problem[]): string[] => problems.map(formatProblem);

/** `plant.yaml:line:col` of every mark, in order. */
export function marks(text: string): string[] {
  const lines = text.split("\n");
  return lines.flatMap((line, row) => {
    const cols = [...line.matchAll(/¦/g)].map((mark, before) => mark.index - before + 1);
    return cols.map((col) => `plant.yaml:${row + 1}:${col}`);
  });
}
