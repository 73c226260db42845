/** A calendar that is corrected in the middle of a period: what is planned of it follows, what was planned stays. */
import { describe, expect, test } from "vitest";
import type { StandingBody } from "../../../agent/core/contract/body.ts";
import { replanned } from "../../../agent/core/contract/planned.ts";
import { replay } from "../../../agent/replay/replay.ts";
import { plantOf } from "../../support/line-plant.ts";
import { HOUR, MONDAY, period } from "./desk.ts";

const DAY = 24 * HOUR;
const plant = (shifts: string) =>
  plantOf(`version: 1
gateway: { id: gw-1, enterprise: acme, site: ulm, timezone: UTC }
mqtt: { url: "mqtt://127.0.0.1:1883" }
connections:
  plc: { driver: modbus-tcp, host: 127.0.0.1 }
calendars:
  plan: { shifts: [${shifts}] }
assets:
  press-01:
    area: press
    line: l1
    connection: plc
    unit: 1
    poll: 1h
    calendar: plan
    microStop: 2h
    points:
      status: { table: holding, address: 0, type: uint16 }
    condition: [{ is: fault, when: { point: status, equals: 9 } }, { is: producing }]
    windows: [day]
contracts:
  acme: { assets: [press-01], period: month, outcomes: [{ metric: uptime, target: 90% }] }
`);
const EARLY = '{ id: early, days: mon-sun, start: "06:00", end: "14:00" }';
const LATE = '{ id: late, days: mon-sun, start: "14:00", end: "22:00" }';
const plants = { one: plant(EARLY), two: plant(`${EARLY}, ${LATE}`) };
const NOVEMBER = Date.UTC(2026, 10, 1);

/** The budgets that are told on the hour, in hours, by instant. The calendar of `one` holds up to the first change. */
function budgets(
  changes: [at: number, to: keyof typeof plants][],
  until = NOVEMBER + 31 * DAY,
  month = NOVEMBER,
) {
  const told: Record<number, { allowed: number; final: boolean }> = {};
  const player = replay({
    plant: plants.one,
    load: (file) => plants[file as keyof typeof plants],
    print: (line) => {
      const { payload } = JSON.parse(line) as {
        payload: { time: string; contract?: StandingBody };
      };
      const { contract } = payload;
      if (!contract || Number(new Date(contract.from)) !== month) return;
      const allowed = (contract.outcomes[0]?.budget?.allowedMs ?? 0) / HOUR;
      told[Date.parse(payload.time)] = { allowed, final: contract.final };
    },
  });
  const lines = changes.map(([at, file]) => ({ at, event: "config", file }));
  for (let at = NOVEMBER; at <= until; at += HOUR) {
    for (const line of lines) if (line.at === at) player.line(JSON.stringify(line));
    player.line(JSON.stringify({ at, asset: "press-01", values: { status: 6 } }));
  }
  player.end(until);
  return told;
}

describe("a calendar corrected in a running month", () => {
  const at = NOVEMBER + 14 * DAY + 15 * HOUR;

  test("gives the budget of what is planned from then on", () => {
    const told = budgets([[at, "two"]]);
    expect(told[at - HOUR]?.allowed).toBeCloseTo(0.1 * 30 * 8, 9);
    // 15 days of 8 hours went by; 7 hours of this one and 15 days of 16 are ahead.
    const allowed = 0.1 * (15 * 8 + 7 + 15 * 16);
    expect(told[at]?.allowed).toBeCloseTo(allowed, 9);
    const [verdict] = Object.values(told).filter(({ final }) => final);
    expect(verdict?.allowed).toBeCloseTo(allowed, 9);
  });

  test("and corrected back at once leaves what was planned", () => {
    const told = budgets(
      [
        [at, "two"],
        [at + HOUR, "one"],
      ],
      at + HOUR,
    );
    expect(told[at + HOUR]?.allowed).toBeCloseTo(0.1 * (30 * 8 + 1), 9);
  });

  test("when the next month is told already corrects that one as well", () => {
    const december = NOVEMBER + 30 * DAY;
    const told = budgets([[december - DAY, "two"]], december + HOUR, december);
    expect(told[december + HOUR]?.allowed).toBeCloseTo(0.1 * 31 * 16, 9);
  });
});

describe("what was told of a period", () => {
  const told = {
    ...period(MONDAY, MONDAY + DAY),
    scheduled: { "": [{ from: MONDAY, to: MONDAY + DAY }] },
  };

  test("is the same where nothing changed, wherever it was cut", () => {
    for (const at of [MONDAY, MONDAY + 7, MONDAY + DAY])
      expect(replanned(told, { ...told, anew: true }, at)).toEqual(told);
  });

  test("takes calendars that it did not know whole", () => {
    const other = { ...told.scheduled, night: [{ from: MONDAY, to: MONDAY + HOUR }] };
    const anew = { ...told, scheduled: other, anew: true as const };
    expect(replanned(told, anew, MONDAY + 12 * HOUR).scheduled).toEqual(other);
  });
});
