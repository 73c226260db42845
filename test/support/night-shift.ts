/**
 * The last night of a month in a simulated hall under contract, and its configuration: a fault, micro-stops, a pulled
 * cable, a sensor that sticks and one that passes its limit. Judges nothing.
 */
import type { Scenario } from "../../simulator/scenario.ts";
import { loadScenario } from "../../simulator/scenario-file.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** 20:00 in Berlin, four hours before the month ends. */
export const BEGIN = Date.UTC(2026, 10, 30, 19);
export const MONTH_END = Date.UTC(2026, 10, 30, 23);
/** Windows and verdicts of November are out. */
export const END = MONTH_END + HOUR;

/** When what begins and ends, after {@link BEGIN}. */
export const FAULT = { from: 35 * MINUTE, to: 47 * MINUTE, reason: 42 };

/** Starts for the plant of `demo`, with mishaps of this night. */
export function nightShift(): Scenario {
  const demo = loadScenario("demo");
  const at = (ms: number): number => BEGIN + ms;
  return {
    ...demo,
    name: "night-shift",
    from: BEGIN,
    to: END,
    calendar: null,
    machines: demo.machines.filter(({ id }) => id === "press-01" || id === "pack-01"),
    events: [
      {
        ...{ kind: "fault", machine: "press-01", reason: FAULT.reason },
        ...{ at: at(FAULT.from), to: at(FAULT.to) },
      },
      { kind: "micro-stops", at: at(70 * MINUTE), machine: "pack-01", count: 8, everyMs: 90_000 },
      {
        ...{ kind: "cable-pull", machine: "pack-01", how: "silent" },
        ...{ at: at(100 * MINUTE), to: at(110 * MINUTE) },
      },
      {
        ...{ kind: "wear", wear: "sensor-stuck", machine: "press-01", channel: "pressure" },
        ...{ at: at(120 * MINUTE), to: at(140 * MINUTE), repaired: at(160 * MINUTE) },
      },
      {
        ...{ kind: "fault", machine: "pack-01", reason: 44 },
        ...{ at: at(150 * MINUTE), to: at(159 * MINUTE) },
      },
    ],
  };
}

/** The gateway of that hall. Without `mqtt` records wait. */
export function nightShiftYaml({ modbus, mqtt }: { modbus: number; mqtt?: number }): string {
  const url = mqtt === undefined ? "" : `\n  url: mqtt://127.0.0.1:${mqtt}`;
  return `version: 1
gateway: { id: gw-1, enterprise: acme, site: ulm, timezone: Europe/Berlin }
store: { path: data/agent.db }
mqtt:
  namespace: uptime1
  commands: { enabled: true, as: supplier }${url}
connections:
  plc: { driver: modbus-tcp, host: 127.0.0.1, port: ${modbus}, timeout: 50ms }
calendars:
  night:
    shifts:
      - { id: first, days: [mon], start: "20:00", end: "23:30" }
      - { id: second, days: [tue], start: "00:00", end: "01:00" }
severities:
  s1: { ackWithin: 10min, respondWithin: 30min, restoreWithin: 1h, escalation: [{ at: 50%, to: lead }, { at: on breach }] }
  s2: { ackWithin: 2h }
assets:
  press-01:
    name: Press
    area: hall
    line: l1
    template: simulated
    connection: plc
    unit: 1
    poll: 10s
    idealCycle: 1.2s
    microStop: 2min
    calendar: night
    windows: [hour, shift, day, month]
    reasons:
      - { code: 42, is: mechanical/die, loss: breakdown, attribution: supplier }
      - { pattern: "4?", is: mechanical, loss: breakdown }
    incidents:
      rules:
        - { fault: 5min, severity: s1 }
        - { signal: advisory, severity: s2 }
      verify: { stable: 5min }
    signals: auto
  pack-01:
    name: Packer
    area: hall
    line: l1
    template: simulated
    connection: plc
    unit: 2
    poll: 10s
    idealRate: 240/min
    microStop: 2min
    calendar: night
    incidents:
      rules:
        - { fault: 3min, severity: s1 }
        - { microStops: 5, within: 1h, severity: s2 }
        - { lostContact: 5min, severity: s2 }
      verify: { stable: 5min }
    signals:
      - { point: oilTemp, detector: limit, high: 20, hysteresis: 1, limitFor: 1min, safety: true }
contracts:
  hall:
    assets: [press-01, pack-01]
    effectiveFrom: "2026-11-30"
    period: month
    minCoverage: 90%
    unknown: bounds
    attribution: { pendingResolvesTo: supplier }
    outcomes:
      - { metric: uptime, target: 97%, minimum: 80%, malus: { perPoint: 2%, cap: 15% } }
      - { metric: oee, target: 75%, minimum: 10% }
      - { metric: response, severity: s1, limit: 30min, target: 90% }
    fees: { currency: EUR, base: "18000.00" }
    decides: { attribution: both, reason: both, counts: customer }
    value:
      press-01: { contributionPerGoodPiece: "0.85", costPerDownHour: "120.00" }
`;
}
