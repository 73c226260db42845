/** Worked examples of contracts as they are written: tiers, slopes, cliffs, rounding, means (metrics C1, C3). */
import { describe, expect, test } from "vitest";
import type { ContractModel, Fees } from "../../../agent/core/contract/model.ts";
import {
  asset,
  booked,
  ended,
  HOUR,
  model,
  outcome,
  percent,
  timeline,
  verdictOf,
} from "./desk.ts";

const fees = (base: number): Fees => ({
  currency: "EUR",
  digits: 2,
  baseMicro: base * 1_000_000,
  perGoodPieceMicro: 0,
  perRunHourMicro: 0,
  liabilityCap: null,
});

/** Minutes down of 10,000 that leave `value` percent. */
const down = (value: number): number => Math.round(10_000 - value * 100);
const amount = (contract: ContractModel, value: number): number | null =>
  ended(contract, 10_000, down(value)).outcomes[0]!.money!.amount;

describe("example 7: tiers, the lower edge belongs to the better one", () => {
  const tier = (from: string | null, to: string | null, adjust: number) => ({
    from: from === null ? null : percent(from),
    to: to === null ? null : percent(to),
    adjust: { n: adjust, d: 100 },
  });
  const bands = [
    tier("99.0", null, 0),
    tier("97.5", "99.0", -5),
    tier("95.0", "97.5", -10),
    tier(null, "95.0", -20),
  ];
  const contract = model({
    outcomes: [outcome({ target: percent("99.0"), minimum: null, bands })],
    fees: fees(100),
  });

  test.each([
    [99.0, 0],
    [97.8, -500],
    [95.0, -1000],
    [94.99, -2000],
  ])("%d %% gives %d cents of a fee of 100", (value, expected) => {
    expect(amount(contract, value)).toBe(expected);
  });
});

test.each([
  [95.5, 95_00],
  [70.0, 44_00],
  [69.99, 0],
])(
  "example 8: availability of %d %% pays %d cents of 100, with the cliff at 70 %%",
  (value, pays) => {
    const slope = { perPoint: percent("2"), from: percent("98"), cap: percent("100") };
    const contract = model({
      outcomes: [
        outcome({
          target: percent("98"),
          minimum: percent("70"),
          malus: slope,
          step: percent("100"),
        }),
      ],
      fees: fees(100),
    });
    expect(ended(contract, 10_000, down(value)).money!.payable).toBe(pays);
  },
);

describe("example 10: mean of assets and pooled are two named methods", () => {
  const assets = [asset("a"), asset("b")];
  const value = (aggregation: ContractModel["aggregation"], weights = [1, 1]): number | null => {
    const contract = model({
      aggregation,
      assets: assets.map((each, i) => ({ ...each, weight: weights[i]! })),
    });
    const facts = [
      ...timeline(
        [
          { is: "producing", ms: 90 * HOUR },
          { is: "fault", ms: 10 * HOUR },
        ],
        { id: "a" },
      ),
      ...timeline(
        [
          { is: "producing", ms: 294 * HOUR },
          { is: "fault", ms: 6 * HOUR },
        ],
        { id: "b" },
      ),
    ];
    return verdictOf(contract, booked(contract, facts)).outcomes[0]!.value;
  };

  test("94 % and 96 %, and weighted as the contract says", () => {
    expect([value("mean-of-assets"), value("pooled"), value("weighted", [1, 3])]).toEqual([
      0.94, 0.96, 0.96,
    ]);
  });
});

test.each([
  ["before-band", "met", "0.9700"],
  ["none", "below-target", "0.969950000"],
] as const)("example 36: 96.995 %% rounded %s is %s", (stage, verdict, judged) => {
  const contract = model({ rounding: { decimals: 2, stage } });
  const body = ended(contract, 200_000 / 10, 6_010 / 10);
  expect(body.outcomes[0]).toMatchObject({ value: 0.96995, judged, verdict });
});

describe("example 37: malus and bonus with step and caps", () => {
  const contract = model({
    outcomes: [
      outcome({
        malus: { perPoint: percent("2"), from: percent("97"), cap: percent("15") },
        bonus: { perPoint: percent("1"), from: percent("98"), cap: percent("2") },
        step: percent("5"),
      }),
    ],
    fees: fees(10_000),
  });

  test.each([
    [98.4, 40_00, false],
    [97.2, 0, false],
    [96.99, -2_00, false],
    [94.0, -600_00, false],
    [91.0, -1_500_00, true],
  ])("%d %% moves %d cents, breach: %s", (value, cents, breach) => {
    const { outcomes, money } = ended(contract, 10_000, down(value));
    expect(outcomes[0]).toMatchObject({ money: { amount: cents, capped: breach }, breach });
    expect(money!.payable).toBe(10_000_00 + cents);
  });

  test("the liability of the contract cuts all maluses together", () => {
    const capped = { ...contract, fees: { ...fees(10_000), liabilityCap: percent("4") } };
    expect(ended(capped, 10_000, down(94)).money).toMatchObject({
      malus: 400_00,
      capped: true,
      payable: 9_600_00,
    });
  });
});

test("a fee by use: pieces and run hours, and a malus on it", () => {
  const used = { ...fees(0), perRunHourMicro: 12_500_000 };
  const malus = { perPoint: percent("2"), from: percent("97"), cap: null };
  const contract = model({ outcomes: [outcome({ malus })], fees: used });
  // 94 h × 12.50 = 1,175.00, three points of 2 % of it
  expect(ended(contract, 6_000, 360).money).toMatchObject({ fee: 1_175_00, malus: 70_50 });
});
