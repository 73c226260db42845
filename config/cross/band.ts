/** Bands of an outcome, half-open, side by side over every value there can be; slopes that have somewhere to begin. */
import type { Exact } from "../../agent/core/contract/model.ts";
import { compareExact, exactOf } from "../exact.ts";
import type { Path } from "../problem.ts";
import type { Contract, Outcome } from "../types.ts";
import { error, errorAtKey, type Report } from "./report.ts";

interface Edges {
  index: number;
  from: Exact;
  /** null: no upper end. */
  to: Exact | null;
}

const NOTHING: Exact = { n: 0, d: 1 };

export function checkBands(report: Report, path: Path, { bands, metric }: Outcome): void {
  if (bands.length === 0) return;
  const edges = bands.map(({ from, to }, index): Edges => {
    return {
      index,
      from: from === undefined ? NOTHING : exactOf(from),
      to: to === undefined ? null : exactOf(to),
    };
  });
  edges.sort((a, b) => compareExact(a.from, b.from));
  const at = (index: number): Path => [...path, "bands", index];
  const text = (index: number, key: "from" | "to"): string => String(bands[index]?.[key] ?? "0");
  const [lowest] = edges;
  if (lowest && lowest.from.n > 0)
    error(report, at(lowest.index), `nothing is said below ${text(lowest.index, "from")}`);
  for (const [i, band] of edges.entries()) {
    if (band.to && compareExact(band.to, band.from) <= 0) {
      error(
        report,
        at(band.index),
        `is empty: the upper edge is not above ${text(band.index, "from")}`,
      );
      continue;
    }
    const next = edges[i + 1];
    if (!next) checkTop(report, at(band.index), band, text(band.index, "to"), metric);
    else if (band.to === null || compareExact(band.to, next.from) > 0)
      error(
        report,
        at(next.index),
        `overlaps the band from ${text(band.index, "from")}`,
        HALF_OPEN,
      );
    else if (compareExact(band.to, next.from) < 0) {
      const gap = `${text(band.index, "to")} to ${text(next.index, "from")}`;
      error(report, at(next.index), `leaves a gap from ${gap}`, HALF_OPEN);
    }
  }
}

const HALF_OPEN = "the lower edge belongs to a band, the upper one to the next";

/** 100 % itself lies in a band only if that has no upper edge. */
function checkTop(report: Report, path: Path, { to }: Edges, text: string, metric: string): void {
  if (to === null) return;
  error(
    report,
    [...path, "to"],
    `leaves ${text} of ${metric} and above without a band`,
    "leave `to` out",
  );
}

/** Money needs a fee, and a slope a level to begin at. */
export function checkSlopes(
  report: Report,
  path: Path,
  outcome: Outcome,
  { fees }: Contract,
): void {
  const { malus, bonus, bands, stepBelowMinimum, target, minimum } = outcome;
  for (const [key, slope] of Object.entries({ malus, bonus }))
    if (
      slope &&
      slope.from === undefined &&
      target === undefined &&
      outcome.metric !== "response" &&
      outcome.metric !== "restore"
    )
      errorAtKey(report, [...path, key], "needs `from`, or a target");
  if (stepBelowMinimum !== undefined && minimum === undefined)
    errorAtKey(report, [...path, "stepBelowMinimum"], "needs `minimum`");
  if (fees) return;
  const moves = { malus, bonus, stepBelowMinimum, bands: bands.length > 0 ? bands : undefined };
  for (const [key, value] of Object.entries(moves))
    if (value !== undefined)
      errorAtKey(
        report,
        [...path, key],
        "needs `fees` of the contract",
        "it is a share of the fee",
      );
}
