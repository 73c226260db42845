/**
 * The levels that contracts name, against what the span shows. This is no verdict: that belongs to the contract's own
 * period, rules and exclusions. It says where the span stands, and never claims a level that unobserved time could undo.
 */
import type { ContractModel, Exact, Metric, OutcomeModel } from "../core/contract/model.ts";
import { share } from "../core/projection/share.ts";
import type { AssetReport } from "./build.ts";
import { addTotals, type Bounded, type Ratios, ratiosOf } from "./totals.ts";

/** Shares as fractions of 1, for reading. */
interface Level {
  contract: string;
  metric: Metric;
  target: number | null;
  minimum: number | null;
  minCoverage: number | null;
}

/** `open`: unobserved time decides, or too little was observed. `minimum-open`: the same, but the target is out of reach. */
export type Stand = "met" | "below-target" | "minimum-open" | "below-minimum" | "open";

export interface LevelRow extends Level, Bounded {
  coverage: number | null;
  stand: Stand;
  /** Machines of the contract that the report is about. */
  machines: number;
}

/** Rows for what a span can show, of contracts with a machine in the report. */
export function levelRows(
  contracts: readonly ContractModel[],
  reports: readonly AssetReport[],
): LevelRow[] {
  return contracts.flatMap((contract) => {
    const own = reports.filter(({ asset }) => contract.assets.some(({ id }) => id === asset.id));
    if (own.length === 0) return [];
    const ratios = ratiosOf(addTotals(own.map(({ totals }) => totals)));
    return contract.outcomes.flatMap((outcome) => {
      const shown = boundedOf(ratios, outcome.metric);
      if (shown === null) return [];
      const level = levelOf(contract.id, outcome);
      const { coverage } = ratios;
      const stand = standOf(level, shown, coverage);
      return [{ ...level, ...shown, coverage, stand, machines: own.length }];
    });
  });
}

function levelOf(contract: string, { metric, target, minimum, minCoverage }: OutcomeModel): Level {
  const part = (exact: Exact | null): number | null => exact && share([exact.n], [exact.d]);
  return {
    ...{ contract, metric, target: part(target), minimum: part(minimum) },
    minCoverage: part(minCoverage),
  };
}

function boundedOf(ratios: Ratios, metric: Metric): Bounded | null {
  switch (metric) {
    case "uptime":
      return ratios.uptime;
    case "availability":
      return ratios.availability;
    case "oee":
      return ratios.oee;
    case "quality":
      return { value: ratios.quality, min: ratios.quality, max: ratios.quality };
    default:
      return null;
  }
}

function standOf(
  { target, minimum, minCoverage }: Level,
  { min, max }: Bounded,
  coverage: number | null,
): Stand {
  if (min === null || max === null) return "open";
  if (minCoverage !== null && (coverage ?? 0) < minCoverage) return "open";
  if (minimum !== null && max < minimum) return "below-minimum";
  if (target !== null && min >= target) return "met";
  if (target !== null && max >= target) return "open";
  return minimum === null || min >= minimum ? "below-target" : "minimum-open";
}
