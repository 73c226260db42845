/** Lives that once were judged wrong, found by properties. */
import { describe, expect, test } from "vitest";
import { amend } from "../../../agent/core/contract/amend.ts";
import type { ContractModel } from "../../../agent/core/contract/model.ts";
import {
  asset,
  booked,
  HOUR,
  MINUTE,
  MONDAY,
  model,
  type Stretch,
  standingAt,
  timeline,
} from "./desk.ts";
import { changeOf, type Note, noted } from "./tale.ts";

const limited = (microStopMs: number, more: Partial<ContractModel> = {}): ContractModel =>
  model({ assets: [asset("press-01", { microStopMs })], ...more });

const SLOW: ContractModel["capability"] = [
  { conditions: [], reasons: ["one-head"], permille: 700 },
];

const running = (ms: number, reason?: string): Stretch => ({
  is: "producing",
  ms,
  ...(reason === undefined ? {} : { reason }),
});

/** About the first thousandths of a life only. */
const early = (length: number): Note => ({
  ...{ begin: 0, length, reason: null, schedule: null, attribution: "supplier" as const },
});

describe("a note on the running beside a stop of several parts", () => {
  const amended = (contract: ContractModel, life: Stretch[]) => {
    const facts = timeline(life);
    const state = booked(contract, facts);
    amend(contract, state, "press-01", changeOf(facts, early(1)));
    return { state, anew: booked(contract, noted(facts, early(1))) };
  };

  test("leaves one that still waits to be judged whole", () => {
    const life: Stretch[] = [
      running(88 * MINUTE),
      { is: "starved", ms: MINUTE },
      { is: "external-fault", ms: MINUTE },
    ];
    const { state, anew } = amended(limited(3 * MINUTE), life);
    expect(state.folds["press-01"]?.run?.pieces).toHaveLength(2);
    expect(state.periods).toEqual(anew.periods);
  });

  test("leaves one that was no micro-stop as it was judged, in its pace too", () => {
    const facts = timeline([
      running(181),
      { is: "fault", ms: 83_899 },
      { is: "off", ms: 96_101 },
      { ...running(1), schedule: "no-demand" },
    ]);
    const contract = limited(3 * MINUTE, { denominator: "calendar" });
    const state = booked(contract, facts);
    const { before, after } = changeOf(facts, early(1));
    amend(contract, state, "press-01", { before, after });
    amend(contract, state, "press-01", { before: after, after: before });
    expect(state).toEqual(booked(contract, facts));
  });
});

describe("with degraded running, at 70 % for an hour of two", () => {
  const contract = limited(5 * MINUTE, { capability: SLOW });
  const worth = (inside: Stretch | null): number | null => {
    const hour = inside
      ? [running(30 * MINUTE, "one-head"), inside, running(30 * MINUTE - inside.ms, "one-head")]
      : [running(HOUR, "one-head")];
    const facts = timeline([running(HOUR), ...hour]);
    return standingAt(contract, booked(contract, facts), MONDAY + 2 * HOUR).outcomes[0]!.value;
  };

  test.each<[string, Stretch, number]>([
    ["a micro-stop keeps its capability", { is: "fault", ms: 2 * MINUTE, reason: "door" }, 0.85],
    ["waiting keeps its capability", { is: "starved", ms: 20 * MINUTE }, 0.85],
    ["setup keeps its capability", { is: "setup", ms: 10 * MINUTE }, 0.85],
    // 2 of 120 min up in full in place of 70 %
    [
      "a micro-stop that others answer for is not held against the supplier",
      { is: "fault", ms: 2 * MINUTE, attribution: "customer", reason: "one-head" },
      0.855,
    ],
    // (60 + 0.7 × 40) of 120 min
    ["a stop is down", { is: "fault", ms: 20 * MINUTE, attribution: "supplier" }, 0.733333],
  ])("%s", (_, inside, value) => {
    expect(worth(null)).toBe(0.85);
    expect(worth(inside)).toBe(value);
  });

  test("late knowledge of waiting inside it gives what booking it would have given", () => {
    const facts = timeline([
      running(HOUR, "one-head"),
      { is: "starved", ms: HOUR, reason: "one-head" },
      running(HOUR),
    ]);
    const note = { ...early(0), begin: 400, length: 100, reason: "no material" };
    const state = booked(contract, facts);
    amend(contract, state, "press-01", changeOf(facts, note));
    expect(state.periods).toEqual(booked(contract, noted(facts, note)).periods);
  });
});
