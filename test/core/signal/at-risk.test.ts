/** The downtime that contracts have left, with a signal: as of its instant, the same after a restart, absent without a contract. */
import { expect, test } from "vitest";
import { signalsOf } from "../../../agent/acts/plant-facts.ts";
import { calendarFeeds } from "../../../agent/calendar/feeds.ts";
import { advance } from "../../../agent/core/advance.ts";
import type { SignalActInput } from "../../../agent/core/annotation/entered.ts";
import { type Core, coreOf, newCore } from "../../../agent/core/core.ts";
import type { Input } from "../../../agent/core/input.ts";
import type { SignalChange } from "../../../agent/core/signal/change.ts";
import { message } from "../../../agent/record/message.ts";
import { MINUTE, plantOf, SIX, YAML } from "../../support/line-plant.ts";
import { type Payload, violations } from "../../support/records.ts";

const WATCHED = YAML.replace(
  "    calendar: early\n",
  "    calendar: early\n    signals: [{ point: power, detector: limit, high: 10, limitFor: 1min, limitClear: 1min }]\n",
);
const CONTRACT = `contracts:
  acme-2026:
    assets: [press-01]
    effectiveFrom: "2026-11-01"
    period: month
    unknown: exclude
    outcomes:
      - { metric: uptime, target: 90% }
      - { metric: quality, target: 99% }
  elsewhere:
    assets: [saw-02]
    effectiveFrom: "2026-11-01"
    period: month
    outcomes: [{ metric: uptime, target: 50% }]
`;

const SHELVED: Omit<SignalActInput, "at" | "until"> = {
  ...{ kind: "signal-act", id: "s-1", asset: "press-01", signal: "power-limit", points: null },
  ...{ act: "shelve", by: "Ada", via: "cli", why: "known" },
};

/** What was told of the power of a press on such a morning. */
const morning = (text: string, restartAt = 0, records: Payload[] = []): SignalChange[] =>
  run(text, { restartAt, records }).told;

interface Course {
  restartAt?: number;
  records?: Payload[];
  /** The configuration from 06:45 on. */
  later?: string;
  until?: number;
}

/** A press that fails from 06:20 to 06:30 and draws too much power from 06:40 to 06:50. */
function run(text: string, course: Course): { told: SignalChange[]; core: Core } {
  const { restartAt = 0, records = [], later, until = SIX + 60 * MINUTE } = course;
  const plant = plantOf(text);
  let core = newCore();
  const feeds = calendarFeeds(plant.calendars, {}, plant.model.contracts);
  const told: SignalChange[] = [];
  const enter = (input: Input): void => {
    for (const one of [...feeds.until(input.at), input])
      for (const fact of advance(core, one))
        if (fact.kind === "record" && fact.class === "signal") {
          told.push(fact.body);
          const { body } = message(fact, plant.model);
          const record: unknown = { ...body, seq: told.length, replayed: false };
          records.push(record as Payload);
        }
  };
  enter({ kind: "config", at: SIX, hash: plant.hash, model: plant.model });
  for (let at = SIX; at <= until; at += 10_000) {
    if (at === restartAt) core = coreOf(structuredClone(core.state));
    if (at === SIX + 45 * MINUTE && later) {
      const { hash, model } = plantOf(later);
      enter({ kind: "config", at, hash, model });
      enter({ ...SHELVED, at, until: at + MINUTE });
    }
    const minute = (at - SIX) / MINUTE;
    const status = minute >= 20 && minute < 30 ? 8 : 6;
    const power = (minute >= 40 && minute < 50 ? 20 : 5) + (at % 70_000) / 100_000;
    for (const [source, values] of [
      ["meter", { power }],
      ["main", { status }],
    ] as const)
      enter({ kind: "cycle", at, asset: "press-01", source, values, bad: {}, failure: null });
  }
  return { told, core };
}

test("a signal of a machine under contract says what downtime is left, and only while it is heard", () => {
  const records: Payload[] = [];
  const told = morning(WATCHED + CONTRACT, 0, records);
  expect(violations(records)).toEqual([]);
  expect(told.map(({ status }) => status)).toEqual(["raised", "cleared"]);
  // From Monday the 23rd on, six days of 105 planned minutes: a tenth of them, less the ten minutes of the fault.
  const left = [
    {
      contract: "acme-2026",
      metric: "uptime",
      to: Date.UTC(2026, 10, 30, 23),
      allowedMs: 63 * MINUTE,
      leftMs: 53 * MINUTE,
    },
  ];
  expect(told[0]?.budgetAtRisk).toEqual(left);
  expect(records[0]?.["signal"]).toMatchObject({
    budgetAtRisk: [{ contract: "acme-2026", to: "2026-11-30T23:00:00.000Z", leftMs: 3_180_000 }],
  });
  expect(told[1]).not.toHaveProperty("budgetAtRisk");
});

test("a restart between the fault and the signal changes nothing", () => {
  const told = morning(WATCHED + CONTRACT);
  expect(morning(WATCHED + CONTRACT, SIX + 25 * MINUTE)).toEqual(told);
  expect(morning(WATCHED + CONTRACT, SIX + 40 * MINUTE)).toEqual(told);
});

test("without a contract about downtime the record is as it was", () => {
  const quality = CONTRACT.replace("      - { metric: uptime, target: 90% }\n", "");
  const [free, bound] = [morning(WATCHED), morning(WATCHED + quality)];
  expect(free[0]).not.toHaveProperty("budgetAtRisk");
  expect(bound).toEqual(free);
});

test("what a contract had left is not shown of a signal any more once no contract is there", () => {
  const { told, core } = run(WATCHED + CONTRACT, { later: WATCHED, until: SIX + 48 * MINUTE });
  expect(told.map(({ status }) => status)).toEqual(["raised", "shelved", "unshelved"]);
  expect(told[0]).toHaveProperty("budgetAtRisk");
  const [signal] = signalsOf(core);
  expect(signal).toMatchObject({ state: "raised" });
  expect(signal).not.toHaveProperty("budgetAtRisk");
});
