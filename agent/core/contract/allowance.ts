/**
 * What exclusions grant: claimed time up to the allowance, and how the rest stands. Order-free, so that the sums say it
 * all: downtime is granted first, whenever it was.
 */
import { exact, floor, times, whole } from "./fraction.ts";
import type { ContractModel, Exact, Exclusion } from "./model.ts";
import type { Claim, Sides } from "./tally.ts";

/** Milliseconds after allowances: what the supplier answers for, and what the outcomes divide by. */
export interface Settled {
  up: number;
  down: number;
  pending: number;
  excluded: number;
  blind: number;
  run: number;
  lost: number;
  /** Granted and counted as available: part of `up`, but nobody ran. */
  credited: number;
  /** Taken by exclusions, credited ones included. */
  granted: number;
}

/**
 * Grants the exclusions up to their allowances, downtime first; what is beyond stands as it is. `share`: the part of
 * the period an allowance is for.
 */
export function settle({ exclusions }: ContractModel, sides: Sides, share: Exact): Settled {
  const { up, down, pending, excluded, blind } = sides.buckets;
  const settled = {
    up,
    down,
    pending,
    excluded,
    blind,
    run: sides.run,
    lost: sides.lost,
    credited: 0,
    granted: 0,
  };
  for (const [code, claim] of Object.entries(sides.claims))
    grant(
      settled,
      claim,
      exclusions.find((each) => each.code === code),
      share,
    );
  return settled;
}

function grant(
  settled: Settled,
  claim: Claim,
  exclusion: Exclusion | undefined,
  share: Exact,
): void {
  let left = exclusion ? allowanceOf(exclusion, share) : 0;
  for (const kind of ["down", "blind", "up"] as const) {
    const granted = Math.min(claim[kind], left);
    left -= granted;
    settled[kind] += claim[kind] - granted;
    settled.granted += granted;
    if (exclusion?.treatment !== "credit") continue;
    settled.up += granted;
    settled.credited += granted;
  }
}

const allowanceOf = ({ allowanceMs }: Exclusion, share: Exact): number =>
  allowanceMs === null
    ? Number.MAX_SAFE_INTEGER
    : Number(floor(times(whole(allowanceMs), exact(share))));

/** Downtime the supplier answers for. */
export const downOf = ({ attribution }: ContractModel, { down, pending }: Settled): number =>
  ["supplier", "none", "pending"].includes(attribution.pendingResolvesTo) ? down + pending : down;

export const lengthOf = ({ up, down, pending, excluded, blind }: Settled): number =>
  up + down + pending + excluded + blind;
