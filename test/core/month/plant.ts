/** The plant and the contract of the simulated month, as somebody would write them. */

/** Night shifts end in another hour on 9 March in Detroit and on 30 March in Ulm. */
export const PLANT = `version: 1
gateway: { id: gw-1, enterprise: acme, site: ulm, timezone: Europe/Berlin }
mqtt: { url: "mqtt://127.0.0.1:1883" }
connections:
  plc: { driver: modbus-tcp, host: 127.0.0.1, timeout: 1s }
calendars:
  ulm:
    shifts:
      - { id: early, days: mon-sun, start: "06:00", end: "14:00", breaks: [{ start: "10:00", end: "10:30" }] }
      - { id: night, days: mon-sun, start: "22:00", end: "06:00" }
  detroit:
    zone: America/New_York
    shifts:
      - { id: night, days: mon-sun, start: "22:00", end: "06:00" }
  service:
    shifts:
      - { id: service, days: mon-fri, start: "07:00", end: "19:00" }
severities:
  s1: { ackWithin: 30min, respondWithin: 2h, coverage: service }
  s3: {}
assets:
${asset("press-01", 1, "30s", "calendar: ulm")}
${asset("mill-02", 2, "24s", "noDemand: { point: order, equals: 0 }", "order: { table: holding, address: 8, type: uint16 }")}
${asset("lathe-03", 3, "30s", "calendar: detroit")}
contracts:
  acme-2025:
    assets: [press-01, mill-02, lathe-03]
    effectiveFrom: "2025-03-01"
    period: month
    exclusions:
      - { code: planned, conditions: [maintenance], schedules: [planned-stop], allowance: 4h, notice: 24h }
    outcomes:
      - { metric: uptime, target: 97%, minimum: 92%, minCoverage: 95%, malus: { perPoint: 2%, cap: 15% }, stepBelowMinimum: 5% }
      - { metric: quality, target: 99.75%, unknown: exclude, malus: { perPoint: 5%, cap: 5% } }
      - { metric: oee, target: 90%, unknown: exclude }
      - metric: response
        severity: s1
        limit: 2h
        target: 90%
        minimum: 80%
        bands:
          - { from: 90%, adjust: 0% }
          - { from: 80%, to: 90%, adjust: -2% }
          - { to: 80%, adjust: -5% }
    fees: { currency: EUR, base: 10000 }
`;

function asset(id: string, unit: number, cycle: string, more: string, point?: string): string {
  return `  ${id}:
    area: hall
    line: l1
    connection: plc
    unit: ${unit}
    poll: 2min
    points:
      status: { table: holding, address: 0, type: uint16 }
      total: { table: holding, address: 2, type: uint32, counter: { maxRate: 1/s } }
      good: { table: holding, address: 4, type: uint32, counter: { maxRate: 1/s } }
${point === undefined ? "" : `      ${point}\n`}    condition:
      - { is: fault, when: { point: status, equals: 9 } }
      - { is: producing, when: { point: status, equals: 6 } }
      - { is: maintenance, when: { point: status, equals: 12 } }
      - { is: external-fault, when: { point: status, equals: 13 } }
      - { is: idle }
    counts: { total: total, good: good }
    idealCycle: ${cycle}
    microStop: 5min
    incidents: { rules: [{ fault: 5min, severity: s1 }, { lostContact: 30min, severity: s3 }] }
    ${more}
    windows: [${id === "press-01" ? "hour, " : ""}shift, day]`;
}
