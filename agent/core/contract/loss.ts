/**
 * What losses cost in the customer's own terms: pieces not made and contribution lost, by the six big losses
 * (Nakajima), from the value model of an asset. Of start-up losses only the time is known that the reason tree calls so:
 * pieces rejected while starting up cannot be told from counts by the minute and are among the defects.
 */

import { minorOf } from "./fee.ts";
import { fraction, plus, times, whole, ZERO } from "./fraction.ts";
import type { Sums } from "./measure.ts";
import { BIG_LOSSES, type BigLoss, type ValueModel } from "./model.ts";
import type { IdealRow } from "./tally.ts";

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
  const told = BIG_LOSSES.filter((each) => each !== "start-up" || startsUp(sums));
  const losses = told.map((each) => lossOf(sums, each, value, digits));
  const cost = losses.reduce((sum, loss) => sum + loss.cost, 0);
  return { asset: sums.asset.id, losses, cost };
}

/** Only a reason tree tells start-up losses apart. */
const startsUp = ({ asset, tally }: Sums): boolean =>
  asset.losses?.some(({ is }) => is === "start-up") === true ||
  Object.values(tally.rows).some(({ lossMs }) => lossMs["start-up"] !== undefined);

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

/** Of stops, and of what pieces tell beside them. Valued together: the pieces of a loss are whole. */
function lostOf(sums: Sums, row: IdealRow, name: BigLoss): { us: number; pieces: number } {
  const ideal = row.idealCycleUs;
  const rejects = name === "defects" ? rejectsOf(sums, row) : 0;
  const slow = name === "speed" ? slowUs(sums, row) : 0;
  const us = Math.max(0, row.lossMs[name] ?? 0) * 1000 + slow;
  const unmade = ideal === null ? 0 : Math.floor(us / ideal);
  return { us: us + rejects * (ideal ?? 0), pieces: unmade + rejects };
}

/** Producing time that the pieces made do not fill. */
function slowUs({ asset, unread }: Sums, { idealCycleUs, producing, total }: IdealRow): number {
  if (unread || asset.uncounted || idealCycleUs === null) return 0;
  return Math.max(0, producing * 1000 - total * idealCycleUs);
}

function rejectsOf({ asset, unread }: Sums, { total, good, reject }: IdealRow): number {
  if (unread || asset.good === null) return 0;
  return Math.max(0, asset.good === "counted" ? total - good : reject);
}
