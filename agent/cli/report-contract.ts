/** The contracts that a report concerns, folded from the journal over the period that it is about, or ends in. */
import type { StandingBody } from "../core/contract/body.ts";
import type { Millis } from "../core/time.ts";
import type { Plant } from "../plant.ts";
import { assetsOf, type Known } from "../report/known.ts";
import { type Material, type Source, slice } from "../report/report.ts";
import { type Slice, settledEnd } from "../report/slice.ts";
import { periodsAt, standingAt } from "../report/standing.ts";
import { contractsOf } from "./report-asked.ts";

/** `view`: how slices are seen, under the recorded configuration or another. `terms`: whose contracts and calendars. */
export function standingsOf(
  source: Source,
  { known, slices, instant }: Material,
  terms: Plant,
  end: Millis,
  view: (slice: Slice) => Slice,
): StandingBody[] {
  const mine = new Set(slices.map(({ asset }) => asset.id));
  return contractsOf(terms)
    .filter(({ assets }) => assets.some(({ id }) => mine.has(id)))
    .flatMap((contract) => {
      const periods = periodsAt({ contract, calendars: terms.calendars }, instant);
      const [first, current] = [periods[0], periods.at(-1)];
      if (!first || !current) return [];
      const span = { from: first.from, to: current.to };
      const own = contract.assets.flatMap(({ id }) => sliceOver(source, known, id, span, end));
      const standing = standingAt(contract, periods, own.map(view));
      return standing ? [standing] : [];
    });
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
