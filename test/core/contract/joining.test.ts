/** Contracts and machines that come while a gateway runs: what went by before is not asked for, and is not called unseen. */
import { expect, test } from "vitest";
import type { StandingBody } from "../../../agent/core/contract/body.ts";
import { replay } from "../../../agent/replay/replay.ts";
import { plantOf } from "../../support/line-plant.ts";
import { HOUR } from "./desk.ts";

const DAY = 24 * HOUR;
const NOVEMBER = Date.UTC(2026, 10, 1);
const JOINED = NOVEMBER + 14 * DAY + 12 * HOUR;

const machine = (id: string, unit: number) => `
  ${id}:
    { area: press, line: l1, connection: plc, unit: ${unit}, poll: 1h, microStop: 2h, windows: [day],
      points: { status: { table: holding, address: 0, type: uint16 } },
      condition: [{ is: fault, when: { point: status, equals: 9 } }, { is: producing }] }`;
const plant = (contract: string) =>
  plantOf(`version: 1
gateway: { id: gw-1, enterprise: acme, site: ulm, timezone: UTC }
mqtt: { url: "mqtt://127.0.0.1:1883" }
connections:
  plc: { driver: modbus-tcp, host: 127.0.0.1 }
assets:${machine("press-01", 1)}${machine("press-02", 2)}
${contract}`);
const contract = (assets: string, more = ""): string => `contracts:
  acme: { assets: [${assets}], period: month, ${more} fees: { currency: EUR, base: 3000 },
    outcomes: [{ metric: uptime, target: 90% }] }
`;

/** November, both machines down on the 3rd and the 20th from 8 to 18; `later` holds from the 15th, 12:00 on. */
function verdictOf(first: string, later: string): StandingBody {
  const plants: Record<string, ReturnType<typeof plantOf>> = { later: plant(later) };
  const verdicts: StandingBody[] = [];
  const player = replay({
    plant: plant(first),
    load: (file) => plants[file]!,
    print: (line) => {
      const { payload } = JSON.parse(line) as { payload: { contract?: StandingBody } };
      if (payload.contract?.final) verdicts.push(payload.contract);
    },
  });
  const isDown = (at: number): boolean =>
    [2, 19].some((d) => at >= NOVEMBER + d * DAY + 8 * HOUR && at < NOVEMBER + d * DAY + 18 * HOUR);
  for (let at = NOVEMBER; at <= NOVEMBER + 31 * DAY; at += HOUR) {
    if (at === JOINED) player.line(JSON.stringify({ at, event: "config", file: "later" }));
    for (const asset of ["press-01", "press-02"])
      player.line(JSON.stringify({ at, asset, values: { status: isDown(at) ? 9 : 6 } }));
  }
  player.end(NOVEMBER + 31 * DAY);
  expect(verdicts).toHaveLength(1);
  return verdicts[0]!;
}

const JOINED_TEXT = new Date(JOINED).toISOString();
const AHEAD = NOVEMBER + 30 * DAY - JOINED;

test("a contract that is added to a running gateway is judged from then on, with its part of the fee", () => {
  const verdict = verdictOf("", contract("press-01"));
  expect(verdict).toMatchObject({
    from: JOINED_TEXT,
    sums: { upMs: AHEAD - 10 * HOUR, pendingMs: 10 * HOUR, blindMs: 0 },
    outcomes: [{ verdict: "met", coverage: 1 }],
    money: { fee: Math.round((300_000 * AHEAD) / (30 * DAY)) },
  });
});

test("a date in its text is kept: what went by since then was not seen for it", () => {
  const verdict = verdictOf("", contract("press-01", 'effectiveFrom: "2026-11-01",'));
  expect(verdict).toMatchObject({
    from: new Date(NOVEMBER).toISOString(),
    outcomes: [{ verdict: "indeterminate" }],
    money: { fee: 300_000 },
  });
  const { upMs, pendingMs, blindMs } = verdict.sums;
  expect(upMs + pendingMs + blindMs).toBe(30 * DAY);
  // Up to what was settled last when it came.
  expect(blindMs).toBeGreaterThan(JOINED - NOVEMBER - DAY);
});

test("a machine that joins a contract is accounted from then on, the others go on", () => {
  const verdict = verdictOf(contract("press-01"), contract("press-01, press-02"));
  expect(verdict).toMatchObject({
    from: new Date(NOVEMBER).toISOString(),
    sums: { upMs: 30 * DAY - 20 * HOUR + AHEAD - 10 * HOUR, pendingMs: 30 * HOUR, blindMs: 0 },
    alerts: [{ id: "CONTRACT_CHANGED", at: JOINED_TEXT }],
  });
});
