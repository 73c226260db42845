/** The contracts that a report concerns, folded from the journal over the period that it is about, or ends in. */
import type { StandingBody } from "../core/contract/body.ts";
import type { ContractModel } from "../core/contract/model.ts";
import type { Incidents } from "../core/contract/response.ts";
import { isOfIncidents } from "../core/contract/verdict.ts";
import type { Millis } from "../core/time.ts";
import type { Plant } from "../plant.ts";
import { outcomesOf } from "../report/incidents.ts";
import { assetsOf, type Known } from "../report/known.ts";
import { type Material, type Source, slice } from "../report/report.ts";
import { type Slice, settledEnd } from "../report/slice.ts";
import { periodsAt, standingAt } from "../report/standing.ts";
import { say } from "./output.ts";
import { contractsOf } from "./report-asked.ts";

/** `view`: how slices are seen, under the recorded configuration or another. `terms`: whose contracts and calendars. */
export function standingsOf(
  source: Source,
  { known, slices, instant }: Material,
  terms: Plant,
  end: Millis,
  view: (slice: Slice) => Slice,
): StandingBody[] {
  const contracts = contractsOf(terms);
  const incidents = contracts.some(needsIncidents) ? incidentsBy(source, known, end) : {};
  const mine = new Set(slices.map(({ asset }) => asset.id));
  return contracts
    .filter(({ assets }) => assets.some(({ id }) => mine.has(id)))
    .flatMap((contract) => {
      const periods = periodsAt({ contract, calendars: terms.calendars }, instant);
      const [first, current] = [periods[0], periods.at(-1)];
      if (!first || !current) return [];
      const span = { from: first.from, to: current.to };
      const own = contract.assets.flatMap(({ id }) => sliceOver(source, known, id, span, end));
      if (!isWhole(contract, own)) return [];
      const standing = standingAt(contract, periods, own.map(view), incidents);
      return standing ? [standing] : [];
    });
}

/** A bundle may hold some of the machines; then nobody can tell how the contract stands. */
function isWhole({ id, assets }: ContractModel, slices: readonly Slice[]): boolean {
  const isKnown = (asset: string): boolean =>
    slices.some((slice) => slice.asset.id === asset && slice.intervals.length > 0);
  const missing = assets.map((asset) => asset.id).filter((asset) => !isKnown(asset));
  if (missing.length > 0)
    say(`contract ${id} is not told: nothing of ${missing.join(", ")} is known here`);
  return missing.length === 0;
}

const needsIncidents = ({ outcomes }: ContractModel): boolean =>
  outcomes.some(({ metric }) => isOfIncidents(metric));

function incidentsBy(source: Source, known: Known, end: Millis): Incidents {
  const all = outcomesOf(source, known, end);
  return Object.fromEntries(
    assetsOf(known).map(({ id }) => [id, all.filter(({ asset }) => asset === id)]),
  );
}

function sliceOver(
  source: Source,
  known: Known,
  id: string,
  span: { from: Millis; to: Millis },
  end: Millis,
): Slice[] {
  const asset = assetsOf(known).find((one) => one.id === id);
  if (!asset) return [];
  return [slice(source, known, { asset, ...span, label: "" }, settledEnd(source, id, end))];
}
