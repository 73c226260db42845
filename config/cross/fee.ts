/** Fees that can be paid and worked out: whole minor units, and pieces only where somebody counts them. */
import type { Draft } from "../draft.ts";
import type { Path } from "../problem.ts";
import type { Contract } from "../types.ts";
import { placesOf } from "./level.ts";
import { error, errorAtKey, type Report } from "./report.ts";

/** Prices of a piece or an hour may be finer than what is paid: their sum is rounded once. */
export function checkFees(
  report: Report,
  path: Path,
  { fees, assets }: Contract,
  draft: Draft,
): void {
  if (!fees) return;
  const { base, currency, digits, perGoodPiece } = fees;
  const at = [...path, "fees"];
  if (base !== undefined && placesOf(base) > digits) {
    const message = `${base} has more than the ${digits} decimals of ${currency}`;
    error(report, [...at, "base"], message, "an amount is whole minor units, see `digits`");
  }
  if (perGoodPiece === undefined) return;
  for (const id of assets) {
    const asset = Object.hasOwn(draft.assets, id) ? draft.assets[id] : null;
    if (!asset || asset.counts?.good !== undefined || asset.counts?.reject !== undefined) continue;
    const message = `needs \`counts.good\` or \`counts.reject\` of ${id}`;
    errorAtKey(report, [...at, "perGoodPiece"], message);
  }
}
