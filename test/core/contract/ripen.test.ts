/** Verdicts that wait for incidents: time decides them after the end of their period, or a failure that comes back does. */
import { expect, test } from "vitest";
import { replay } from "../../../agent/replay/replay.ts";
import { plantOf } from "../../support/line-plant.ts";
import { HOUR } from "./desk.ts";

const DAY = 24 * HOUR;
const DECEMBER = Date.UTC(2026, 11, 1);
const plant = (outcome: string) =>
  plantOf(`version: 1
gateway: { id: gw-1, enterprise: acme, site: ulm, timezone: UTC }
mqtt: { url: "mqtt://127.0.0.1:1883" }
connections:
  plc: { driver: modbus-tcp, host: 127.0.0.1 }
assets:
  press-01:
    { area: press, line: l1, connection: plc, unit: 1, poll: 1h, microStop: 2h, windows: [day],
      incidents: { rules: [{ fault: 1h }], repeatWithin: 10d },
      points: { status: { table: holding, address: 0, type: uint16 } },
      condition: [{ is: fault, when: { point: status, equals: 9 } }, { is: producing }] }
contracts:
  acme: { assets: [press-01], period: month, effectiveFrom: "2026-11-20", outcomes: [${outcome}] }
`);

interface Told {
  at: string;
  revision: number;
  verdict: string | undefined;
}
interface Verdict {
  final: boolean;
  localDate: string;
  verdictId: string;
  outcomes: { verdict: string }[];
}

/** November's verdicts in order; down over the spans, in hours from the end of November. */
function verdictsOf(outcome: string, down: [number, number][]): Told[] {
  const told: Told[] = [];
  const player = replay({
    plant: plant(outcome),
    load: () => plant(outcome),
    print: (line) => {
      const { payload } = JSON.parse(line) as { payload: { time: string; contract?: Verdict } };
      const { contract, time: at } = payload;
      if (!contract?.final || contract.localDate !== "2026-11-01") return;
      const { verdictId, outcomes } = contract;
      const revision = Number(verdictId.split("/").at(-1));
      told.push({ at, revision, verdict: outcomes[0]?.verdict });
    },
  });
  const end = DECEMBER + 14 * DAY;
  for (let at = DECEMBER - 5 * DAY; at <= end; at += HOUR) {
    const hour = (at - DECEMBER) / HOUR;
    const isDown = down.some(([from, to]) => from <= hour && hour < to);
    player.line(JSON.stringify({ at, asset: "press-01", values: { status: isDown ? 9 : 6 } }));
  }
  player.end(end);
  return told;
}

const REPEATS = "{ metric: repeat-rate, target: 10%, minimum: 20%, within: 10d }";

test("a failure that does not come back is no repeat once its time is over", () => {
  const [first, second, ...more] = verdictsOf(REPEATS, [[-20, -16]]);
  expect(first).toMatchObject({ revision: 1, verdict: "indeterminate" });
  expect(second).toMatchObject({ revision: 2, verdict: "met" });
  const closed = Date.parse(second?.at ?? "") - 10 * DAY;
  expect(closed).toBeGreaterThan(DECEMBER - 16 * HOUR);
  expect(closed).toBeLessThan(DECEMBER - 12 * HOUR);
  expect(more).toEqual([]);
});

test("one that comes back in the next period makes it a repeat of the one before, when it is opened", () => {
  const [first, second, ...more] = verdictsOf(REPEATS, [
    [-20, -16],
    [30, 34],
  ]);
  expect(first).toMatchObject({ revision: 1, verdict: "indeterminate" });
  expect(second).toMatchObject({ revision: 2, verdict: "below-minimum" });
  expect(Date.parse(second?.at ?? "")).toBe(DECEMBER + 31 * HOUR);
  expect(more).toEqual([]);
});

test("a limit that passes after the end is missed then, not when somebody comes at last", () => {
  const response = "{ metric: response, limit: 24h, clock: calendar, target: 90% }";
  const [first, second, ...more] = verdictsOf(response, [[-6, 200]]);
  expect(first).toMatchObject({ revision: 1, verdict: "indeterminate" });
  expect(second).toMatchObject({ revision: 2, verdict: "below-target" });
  // Opened an hour into the fault; at the limit it is in time still.
  expect(Date.parse(second?.at ?? "")).toBe(DECEMBER + (-5 + 24 + 1) * HOUR);
  expect(more).toEqual([]);
});
