/**
 * What losses cost in the customer's own terms: pieces not made and contribution lost, by the six big losses
 * (Nakajima), from the value model of an asset. Start-up losses, pieces rejected before the first good ones in a row after
 * a stop, cannot be known from counts by the minute: they are among the defects.
 */

import { minorOf } from "./fee.ts";
import { fraction, plus, times, whole, ZERO } from "./fraction.ts";
import type { Sums } from "./measure.ts";
import type { ValueModel } from "./model.ts";
import type { IdealRow } from "./tally.ts";

export const BIG_LOSSES = ["breakdown", "setup", "minor-stops", "speed", "defects"] as const;
export type BigLoss = (typeof BIG_LOSSES)[number];

export interface Loss {
  class: BigLoss;
  lostMs: number;
  /** Good pieces that would have been made at the ideal cycle; without one none are counted. */
  pieces: number;
  /** Integer minor units. */
  cost: number;
}

export interface AssetLosses {
  asset: string;
  losses: Loss[];
  cost: number;
}

export function lossesOf(sums: Sums, value: ValueModel, digits: number): AssetLosses {
  const losses = BIG_LOSSES.map((each) => lossOf(sums, each, value, digits));
  const cost = losses.reduce((sum, loss) => sum + loss.cost, 0);
  return { asset: sums.asset.id, losses, cost };
}

function lossOf(sums: Sums, name: BigLoss, value: ValueModel, digits: number): Loss {
  let lostUs = 0;
  let pieces = 0;
  for (const row of Object.values(sums.tally.rows)) {
    const lost = lostOf(sums, row, name);
    lostUs += lost.us;
    pieces += lost.pieces;
  }
  const lostMs = Math.floor(lostUs / 1000);
  const hours = name === "breakdown" ? fraction(lostMs, 3_600_000) : null;
  const contribution = whole(BigInt(pieces) * BigInt(value.contributionMicro));
  const standing = hours === null ? ZERO : times(hours, whole(value.downHourMicro));
  return { class: name, lostMs, pieces, cost: minorOf(digits, plus(contribution, standing)) };
}

function lostOf(
  { asset, unread }: Sums,
  row: IdealRow,
  name: BigLoss,
): { us: number; pieces: number } {
  const ideal = row.idealCycleUs;
  if (unread && (name === "speed" || name === "defects")) return { us: 0, pieces: 0 };
  if (name === "defects") {
    if (asset.good === null) return { us: 0, pieces: 0 };
    const good = asset.good === "counted" ? row.good : row.total - row.reject;
    const pieces = Math.max(0, row.total - good);
    return { us: pieces * (ideal ?? 0), pieces };
  }
  const us = Math.max(
    0,
    name === "speed"
      ? ideal === null
        ? 0
        : row.producing * 1000 - row.total * ideal
      : row.lossMs[name] * 1000,
  );
  return { us, pieces: ideal === null ? 0 : Math.floor(us / ideal) };
}
