/**
 * Contracts that can be evaluated: known assets, levels that fit their metric, bands without gaps, alerts that can
 * fire. What cannot be evaluated is refused here, with its line, not found out at the end of a period.
 */
import type { Draft, DraftAsset } from "../draft.ts";
import { didYouMean } from "../nearest.ts";
import type { Path } from "../problem.ts";
import type { Contract, Outcome } from "../types.ts";
import { durationMs } from "../units.ts";
import { checkBands, checkSlopes } from "./band.ts";
import { checkBurnAlerts } from "./burn.ts";
import { checkDaylight } from "./daylight.ts";
import { checkFees } from "./fee.ts";
import { checkLevels } from "./level.ts";
import { error, errorAtKey, type Report, warn } from "./report.ts";
import { checkIncidentTerms } from "./response.ts";
import { checkDate, checkDuration } from "./time.ts";

export function checkContracts(report: Report, draft: Draft): void {
  for (const [id, contract] of Object.entries(draft.contracts))
    if (contract) checkContract(report, ["contracts", id], contract, draft);
}

function checkContract(report: Report, path: Path, contract: Contract, draft: Draft): void {
  checkAssets(report, path, contract, draft);
  checkTerm(report, path, contract);
  checkDuration(report, [...path, "microStop"], contract.microStop, { least: "1ms", most: "1d" });
  checkExclusions(report, path, contract);
  checkWeights(report, path, contract);
  checkCapability(report, path, contract);
  checkNotified(report, path, contract, draft);
  checkFees(report, path, contract, draft);
  checkOutcomes(report, path, contract, draft);
  checkBurnAlerts(report, path, contract, draft);
  checkDaylight(report, path, contract, draft);
}

function checkAssets(report: Report, path: Path, contract: Contract, draft: Draft): void {
  for (const [index, id] of contract.assets.entries()) {
    const at = [...path, "assets", index];
    if (!Object.hasOwn(draft.assets, id)) {
      const hint = didYouMean(id, Object.keys(draft.assets));
      error(report, at, `there is no asset ${id}`, hint);
      continue;
    }
    const asset = draft.assets[id];
    if (asset) checkResolution(report, path, contract, id, asset);
  }
}

/** A stop shorter than two polls is not measured. */
function checkResolution(
  report: Report,
  path: Path,
  { microStop }: Contract,
  id: string,
  asset: DraftAsset,
): void {
  if (microStop === undefined) return;
  for (const [name, source] of Object.entries(asset.sources)) {
    if (!source || !decides(asset, name)) continue;
    if (durationMs(microStop) >= 2 * durationMs(source.poll)) continue;
    const message = `must be at least two polls of ${id} (${source.poll}), not ${microStop}`;
    error(report, [...path, "microStop"], message, "shorter stops are not seen");
    return;
  }
}

/** Whether a condition rule reads the source. */
function decides(asset: DraftAsset, source: string): boolean {
  const text = JSON.stringify(asset.condition);
  return Object.entries(asset.points).some(
    ([id, point]) => point?.source === source && text.includes(JSON.stringify(id)),
  );
}

function checkTerm(report: Report, path: Path, contract: Contract): void {
  const { effectiveFrom, effectiveTo, period } = contract;
  if (effectiveFrom !== undefined) checkDate(report, [...path, "effectiveFrom"], effectiveFrom);
  if (effectiveTo !== undefined) checkDate(report, [...path, "effectiveTo"], effectiveTo);
  if (effectiveFrom !== undefined && effectiveTo !== undefined && effectiveTo <= effectiveFrom)
    error(report, [...path, "effectiveTo"], `must be after effectiveFrom ${effectiveFrom}`);
  if (effectiveFrom === undefined && (period === "contract-year" || period === "year"))
    warn(report, [...path, "period"], "without `effectiveFrom` contract years begin on 1 January");
}

function checkCapability(report: Report, path: Path, { degraded, capability }: Contract): void {
  const isWeighted = degraded === "capability-weighted";
  if (isWeighted && capability.length === 0)
    errorAtKey(report, [...path, "degraded"], "needs `capability`");
  if (!isWeighted && capability.length > 0)
    errorAtKey(report, [...path, "capability"], "needs `degraded: capability-weighted`");
}

/** Where nobody is ever notified, downtime that begins with a notification never begins. */
function checkNotified(
  report: Report,
  path: Path,
  { downtimeStart, assets }: Contract,
  draft: Draft,
): void {
  if (downtimeStart !== "notification") return;
  for (const id of assets) {
    const asset = Object.hasOwn(draft.assets, id) ? draft.assets[id] : null;
    if (!asset || asset.incidents !== undefined) continue;
    const message = `nobody is notified of ${id}: it has no incidents`;
    error(
      report,
      [...path, "downtimeStart"],
      message,
      "`incidents: {}` on the machine takes all defaults",
    );
  }
}

function checkExclusions(report: Report, path: Path, { exclusions }: Contract): void {
  const codes = new Set<string>();
  for (const [index, exclusion] of exclusions.entries()) {
    const at = [...path, "exclusions", index];
    const { code, conditions, reasons, attributions, schedules } = exclusion;
    if (codes.has(code)) error(report, [...at, "code"], `${code} is defined twice`);
    codes.add(code);
    const names = [...conditions, ...reasons, ...attributions, ...schedules];
    if (names.length === 0) {
      const hint = "name conditions, reasons, attributions or schedules";
      error(report, at, "excludes everything", hint);
    }
    if (conditions.length > 0 && conditions.every((condition) => condition === "producing"))
      error(report, [...at, "conditions"], "exclude nothing: producing is never excluded");
    checkDuration(report, [...at, "allowance"], exclusion.allowance, { most: "366d" });
    checkDuration(report, [...at, "notice"], exclusion.notice, { most: "366d" });
  }
}

function checkWeights(report: Report, path: Path, contract: Contract): void {
  for (const key of ["weights", "value"] as const)
    for (const id of Object.keys(contract[key])) {
      if (contract.assets.includes(id)) continue;
      const hint = didYouMean(id, contract.assets);
      errorAtKey(report, [...path, key, id], "is no asset of this contract", hint);
    }
  if (Object.keys(contract.weights).length > 0 && contract.aggregation !== "weighted")
    errorAtKey(report, [...path, "weights"], "needs `aggregation: weighted`");
}

function checkOutcomes(report: Report, path: Path, contract: Contract, draft: Draft): void {
  const keys = new Set<string>();
  for (const [index, outcome] of contract.outcomes.entries()) {
    const at = [...path, "outcomes", index];
    const key = `${outcome.metric} ${outcome.severity ?? ""}`.trim();
    if (keys.has(key)) error(report, [...at, "metric"], `${key} is promised twice`);
    keys.add(key);
    checkLevels(report, at, outcome, contract);
    checkService(report, at, outcome);
    checkIncidentTerms(report, at, outcome, contract, draft);
    checkBands(report, at, outcome);
    checkSlopes(report, at, outcome, contract);
    checkCounters(report, at, outcome, contract, draft);
  }
}

function checkService(report: Report, path: Path, outcome: Outcome): void {
  const { metric, limit, within } = outcome;
  const isService = metric === "response" || metric === "restore";
  if (isService && limit === undefined) {
    errorAtKey(report, [...path, "limit"], "is missing", "the longest time that keeps the promise");
  }
  for (const key of ["limit", "clock"] as const)
    if (!isService && outcome[key] !== undefined)
      errorAtKey(report, [...path, key], "only goes with response and restore");
  if (outcome.severity !== undefined && !isService && metric !== "repeat-rate")
    errorAtKey(report, [...path, "severity"], "only goes with response, restore and repeat-rate");
  if (within !== undefined && metric !== "repeat-rate")
    errorAtKey(report, [...path, "within"], "only goes with repeat-rate");
  if (!isService && outcome.target === undefined && outcome.bands.length === 0)
    errorAtKey(report, [...path, "target"], "is missing", "a level, or `bands`");
  checkDuration(report, [...path, "limit"], limit, { most: "366d" });
  checkDuration(report, [...path, "within"], within, { most: "366d" });
}

const VALUED = ["oee", "quality"];
const COUNTED = [...VALUED, "throughput", "good-pieces"];

/** Outcomes in pieces need counters on every machine, and ideal cycles for what they count over the term. */
function checkCounters(
  report: Report,
  path: Path,
  { metric }: Outcome,
  contract: Contract,
  draft: Draft,
): void {
  if (!COUNTED.includes(metric)) return;
  for (const id of contract.assets) {
    const asset = Object.hasOwn(draft.assets, id) ? draft.assets[id] : null;
    if (!asset) continue;
    const { counts } = asset;
    const hasGood = counts?.good !== undefined || counts?.reject !== undefined;
    const at = [...path, "metric"];
    if (!counts) error(report, at, `${metric} needs \`counts\` of ${id}`);
    else if (metric !== "throughput" && !hasGood)
      error(report, at, `${metric} needs \`counts.good\` or \`counts.reject\` of ${id}`);
    if (VALUED.includes(metric)) checkIdeals(report, at, metric, contract, id, asset);
  }
}

function checkIdeals(
  report: Report,
  path: Path,
  metric: string,
  contract: Contract,
  id: string,
  asset: DraftAsset,
): void {
  const hasIdeal = asset.idealCycle !== undefined || asset.idealRate !== undefined;
  if (!hasIdeal && asset.recipes.length === 0) {
    const hint = "give the asset `idealCycle`, `idealRate` or `recipes`";
    error(report, path, `${metric} needs an ideal cycle of ${id}`, hint);
  }
  checkCovered(report, path, contract, id, asset);
}

/** A recipe that begins inside the term, and has no earlier revision, leaves its pieces without an ideal cycle until then. */
function checkCovered(
  report: Report,
  path: Path,
  { effectiveFrom, effectiveTo }: Contract,
  id: string,
  { recipes }: DraftAsset,
): void {
  const known = recipes.filter((recipe) => recipe !== null);
  for (const name of new Set(known.map((recipe) => recipe.id))) {
    const begins = known.filter((recipe) => recipe.id === name).map(({ validFrom }) => validFrom);
    if (effectiveFrom === undefined || begins.includes(undefined)) continue;
    const first = begins.map((date) => (date ?? "").slice(0, 10)).sort()[0] ?? "";
    if (first <= effectiveFrom || (effectiveTo !== undefined && first >= effectiveTo)) continue;
    const message = `recipe ${name} of ${id} has no ideal cycle from ${effectiveFrom} to ${first}`;
    error(report, path, message, "date its `validFrom` at the contract's begin");
  }
}
