/**
 * A checked contract as the core evaluates it: percentages, amounts and durations become exact integers, older words
 * become the present ones, what is not said gets its value. Checks nothing again.
 */
import type {
  BigLoss,
  ContractAsset,
  ContractModel,
  Exact,
  OutcomeModel,
  Slope,
  UnknownRule,
} from "../agent/core/contract/model.ts";
import { exactOf, microOf } from "./exact.ts";
import type { LocalTime } from "./local-time.ts";
import { recipeModels } from "./recipe.ts";
import type { Asset, Bonus, Config, Contract, Outcome, ReasonNode } from "./types.ts";
import { durationMs, minutesOf } from "./units.ts";

/** Sorted by id. */
export function contractModels(config: Config, localTime: LocalTime): ContractModel[] {
  const ids = Object.keys(config.contracts).sort();
  return ids.map((id) => contractModel(id, config.contracts[id]!, config, localTime));
}

const WHOLE_EFFECT = { from: Number.MIN_SAFE_INTEGER, to: Number.MAX_SAFE_INTEGER };

function contractModel(
  id: string,
  contract: Contract,
  config: Config,
  localTime: LocalTime,
): ContractModel {
  const { effectiveFrom = null, effectiveTo = null } = contract;
  const midnight = (date: string): number => localTime(date, config.gateway.timezone);
  const begin = dayBegin(contract, config, localTime);
  const period = contract.period === "year" ? "contract-year" : contract.period;
  return {
    id,
    revision: contract.revision,
    effective: { from: effectiveFrom, to: effectiveTo },
    effectiveFrom: effectiveFrom === null ? WHOLE_EFFECT.from : begin(effectiveFrom),
    effectiveTo: effectiveTo === null ? WHOLE_EFFECT.to : begin(effectiveTo),
    period,
    months: period === "rolling" ? contract.months : 1,
    firstPeriod: contract.firstPeriod,
    denominator: contract.denominator,
    noDemand: contract.noDemand,
    setup: contract.setup,
    downtimeStart: contract.downtimeStart,
    aggregation: contract.aggregation,
    rounding: { ...contract.rounding },
    assets: contract.assets.toSorted().map((asset) => assetOf(asset, contract, config, midnight)),
    exclusions: contract.exclusions.map(({ allowance, notice, ...exclusion }) => ({
      ...exclusion,
      allowanceMs: allowance === undefined ? null : durationMs(allowance),
      noticeMs: notice === undefined ? 0 : durationMs(notice),
    })),
    attribution: {
      rules: contract.attribution.rules.map((rule) => ({ ...rule })),
      pendingResolvesTo: contract.attribution.pendingResolvesTo,
    },
    capability:
      contract.degraded === "ignore"
        ? null
        : contract.capability.map(({ is, ...match }) => ({ ...match, permille: permilleOf(is) })),
    outcomes: contract.outcomes.map((outcome) => outcomeModel(outcome, contract)),
    fees: feesOf(contract),
    decides: { ...contract.decides },
    budgetAlerts: contract.budgetAlerts
      .map(exactOf)
      .sort((a, b) => (a.n * b.d < b.n * a.d ? -1 : 1)),
    burnAlerts: contract.burnAlerts.map(({ factor, share, window }) => ({
      factor: factor === undefined ? null : exactOf(factor),
      share: share === undefined ? null : exactOf(share),
      windowMs: durationMs(window),
    })),
    value: Object.fromEntries(
      Object.entries(contract.value).map(([asset, value]) => [
        asset,
        {
          contributionMicro: microOf(value.contributionPerGoodPiece),
          downHourMicro: microOf(value.costPerDownHour),
        },
      ]),
    ),
  };
}

/** When a local date begins: by the calendar that all assets share, else by the gateway's clock. */
function dayBegin(
  { assets }: Contract,
  { assets: all, calendars, gateway }: Config,
  localTime: LocalTime,
): (date: string) => number {
  const ids = new Set(assets.map((id) => all[id]?.calendar ?? ""));
  const shared = ids.size === 1 ? calendars[[...ids].join()] : undefined;
  const minutes = minutesOf(shared?.dayStart ?? "00:00");
  return (date) => localTime(date, shared?.zone ?? gateway.timezone, minutes);
}

function assetOf(
  id: string,
  contract: Contract,
  config: Config,
  midnight: (date: string) => number,
): ContractAsset {
  const asset = config.assets[id]!;
  const points = { ids: Object.keys(asset.points), points: asset.points };
  const cycles = recipeModels(asset, points, midnight).map(({ idealCycleUs }) => idealCycleUs);
  return {
    id,
    weight: contract.weights[id] ?? 1,
    calendar: asset.calendar ?? "",
    microStopMs: durationMs(contract.microStop ?? asset.microStop),
    good: goodOf(asset),
    fastestUs: cycles.length === 0 ? null : Math.min(...cycles),
    ...(contract.value[id] === undefined ? {} : valuedOf(asset)),
  };
}

const BIG: Record<NonNullable<ReasonNode["loss"]>, BigLoss> = {
  breakdown: "breakdown",
  setup: "setup",
  "minor-stop": "minor-stops",
  "reduced-speed": "speed",
  defect: "defects",
  "start-up": "start-up",
};

/** Only where losses are valued: what the reason tree names, and that nothing counts pieces. */
function valuedOf({ reasons = [], counts }: Asset): Pick<ContractAsset, "losses" | "uncounted"> {
  const losses = reasons.flatMap(({ is, loss }) =>
    loss === undefined ? [] : [{ reason: is, is: BIG[loss] }],
  );
  return {
    ...(losses.length > 0 ? { losses } : {}),
    ...(counts === undefined ? { uncounted: true } : {}),
  };
}

function goodOf({ counts }: Asset): ContractAsset["good"] {
  if (counts?.good !== undefined) return "counted";
  return counts?.reject === undefined ? null : "rest";
}

const permilleOf = (percent: string): number => {
  const { n, d } = exactOf(percent);
  return Math.round((n * 1000) / d);
};

const ALIASES: Record<string, UnknownRule> = {
  excluded: "exclude",
  up: "as-up",
  down: "as-down",
};

export const REPEAT_WITHIN = "30d";
const NOTHING: Exact = { n: 0, d: 1 };

function outcomeModel(outcome: Outcome, contract: Contract): OutcomeModel {
  const { metric, consecutiveMisses } = outcome;
  const isService = metric === "response" || metric === "restore";
  const target = exactOrNull(outcome.target ?? (isService ? "100%" : undefined));
  const unknown = outcome.unknown ?? contract.unknown;
  return {
    metric,
    severity: outcome.severity ?? null,
    limitMs: outcome.limit === undefined ? 0 : durationMs(outcome.limit),
    clock: outcome.clock ?? "covered",
    withinMs: durationMs(outcome.within ?? REPEAT_WITHIN),
    target,
    minimum: exactOrNull(outcome.minimum),
    minCoverage: exactOrNull(outcome.minCoverage ?? contract.minCoverage),
    unknown: ALIASES[unknown] ?? (unknown as UnknownRule),
    bands: outcome.bands.map(({ from, to, adjust }) => ({
      from: exactOrNull(from),
      to: exactOrNull(to),
      adjust: exactOf(adjust),
    })),
    malus: slopeOf(outcome.malus, target),
    bonus: slopeOf(outcome.bonus, target),
    step: exactOrNull(outcome.stepBelowMinimum),
    misses: consecutiveMisses ? { ...consecutiveMisses } : null,
  };
}

const exactOrNull = (level: string | number | undefined): Exact | null =>
  level === undefined ? null : exactOf(level);

function slopeOf(slope: Bonus | undefined, target: Exact | null): Slope | null {
  if (!slope) return null;
  return {
    perPoint: exactOf(slope.perPoint),
    from: exactOrNull(slope.from) ?? target ?? NOTHING,
    cap: exactOrNull(slope.cap),
  };
}

function feesOf({ fees }: Contract): ContractModel["fees"] {
  if (!fees) return null;
  return {
    currency: fees.currency,
    digits: fees.digits,
    baseMicro: microOf(fees.base),
    perGoodPieceMicro: microOf(fees.perGoodPiece),
    perRunHourMicro: microOf(fees.perRunHour),
    liabilityCap: exactOrNull(fees.liabilityCap),
  };
}
