/**
 * Values of a contract's time outcomes for one asset, from its sums: what was seen, what is certain, what is possible.
 * Numerators and denominators stay apart, so that assets can be pooled. Undefined is a denominator of 0.
 */
import { downOf, lengthOf, type Settled, settle } from "./allowance.ts";
import type { ContractAsset, ContractModel, Exact } from "./model.ts";
import type { Tally } from "./tally.ts";

/** Not reduced; `d` 0: undefined. */
export interface Ratio {
  n: bigint;
  d: bigint;
}

export interface Value {
  value: Ratio;
  min: Ratio;
  max: Ratio;
  /** Observed share. */
  coverage: Ratio;
}

export const ratio = (n: number | bigint, d: number | bigint): Ratio => ({
  n: BigInt(n),
  d: BigInt(d),
});

/** What an asset's values are made of. */
export interface Sums {
  model: ContractModel;
  asset: ContractAsset;
  tally: Tally;
  judged: Settled;
  prime: Settled;
  /** A counter was never read: of the pieces nothing is known, not even a bound. */
  unread: boolean;
}

export const sumsOf = (
  model: ContractModel,
  asset: ContractAsset,
  tally: Tally,
  share: Exact,
  unread: boolean,
): Sums => ({
  model,
  asset,
  tally,
  judged: settle(model, tally.judged, share),
  prime: settle(model, tally.prime, share),
  unread,
});

export const coverage = ({ judged }: Sums): Ratio =>
  ratio(lengthOf(judged) - judged.blind, lengthOf(judged));

/** Σ over the sums, in thousandths of milliseconds, so that degraded running stays an integer. */
export function uptime(sums: Sums): Value {
  const { model, judged, prime } = sums;
  const up = BigInt(judged.up) * 1000n - BigInt(judged.lost);
  const base = BigInt(judged.up + downOf(model, judged)) * 1000n;
  return {
    value: ratio(up, base),
    min: ratio(up, base + BigInt(judged.blind) * 1000n),
    max: larger(bestOf(model, judged), bestOf(model, prime)),
    coverage: coverage(sums),
  };
}

/** If all that was not observed was up. */
function bestOf(model: ContractModel, settled: Settled): Ratio {
  const up = settled.up + settled.blind;
  const base = BigInt(up + downOf(model, settled)) * 1000n;
  return ratio(BigInt(up) * 1000n - BigInt(settled.lost), base);
}

/** Stops judged either way: which is better depends on what a degraded one is worth. */
const larger = (a: Ratio, b: Ratio): Ratio => (b.d === 0n || a.n * b.d > b.n * a.d ? a : b);

/** SEMI E10: supplier-dependent uptime. */
export function wholeUptime({ tally: { whole } }: Sums): Value {
  const { judged, prime } = whole;
  const seen = judged.up + judged.down;
  return {
    value: ratio(judged.up, seen),
    min: ratio(judged.up, seen + judged.blind),
    max: ratio(prime.up + prime.blind, prime.up + prime.blind + prime.down),
    coverage: ratio(seen, seen + judged.blind),
  };
}

/** Running, and what exclusions credit. */
export const availableOf = ({ run, credited }: Settled): number => run + credited;

export function availability(sums: Sums): Value {
  const { judged, prime } = sums;
  const length = lengthOf(judged);
  return {
    value: ratio(availableOf(judged), length - judged.blind),
    min: ratio(availableOf(judged), length),
    max: ratio(availableOf(prime) + prime.blind, lengthOf(prime)),
    coverage: coverage(sums),
  };
}

/** Hours of producing and micro-stops inside the denominator: of a meter, to which nothing is credited. */
export function runHours(sums: Sums): Value {
  const { judged, prime } = sums;
  return {
    value: ratio(judged.run, 3_600_000),
    min: ratio(judged.run, 3_600_000),
    max: ratio(prime.run + prime.blind, 3_600_000),
    coverage: coverage(sums),
  };
}
