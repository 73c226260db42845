/**
 * Values of a contract's outcomes in pieces for one asset. Counters go on while nobody looks, so recovered pieces bound
 * what was made. Undefined is a denominator of 0.
 */
import { lengthOf } from "./allowance.ts";
import { coverage, type Ratio, ratio, type Sums, type Value } from "./measure.ts";
import type { IdealRow } from "./tally.ts";

/** Good pieces of a row; null where nothing tells them. */
const goodOf = (
  { asset }: Sums,
  { total, good, reject }: { total: number; good: number; reject: number },
): number | null => {
  if (asset.good === "counted") return good;
  if (asset.good === "rest") return total - reject;
  return total === 0 ? 0 : null;
};

type Take = (row: IdealRow) => number | null;

/** Σ ideal × pieces in µs; null where they cannot be valued. */
function valued({ tally }: Sums, take: Take): bigint | null {
  let sum = 0n;
  for (const row of Object.values(tally.rows)) {
    const pieces = take(row);
    if (pieces === null || (row.idealCycleUs === null && pieces !== 0)) return null;
    sum += BigInt(pieces) * BigInt(row.idealCycleUs ?? 0);
  }
  return sum;
}

const undefinedRatio: Ratio = { n: 0n, d: 0n };
const orUndefined = (n: bigint | null, d: number | bigint | null): Ratio =>
  n === null || d === null ? undefinedRatio : ratio(n, d);

const bothGood =
  (sums: Sums): Take =>
  (row) => {
    const [seen, found] = [goodOf(sums, row), goodOf(sums, row.recovered)];
    return seen === null || found === null ? null : seen + found;
  };

/** Bounds: blind time made nothing beside the recovered pieces, or ran ideally. */
export function oee(sums: Sums): Value {
  const { judged } = sums;
  const length = lengthOf(judged);
  const good = valued(sums, (row) => goodOf(sums, row));
  const bridged = valued(sums, bothGood(sums));
  const filled = good === null ? null : good + BigInt(judged.blind) * 1000n;
  const most = bridged === null || filled === null || bridged > filled ? bridged : filled;
  return {
    value: orUndefined(good, (length - judged.blind) * 1000),
    min: orUndefined(bridged, length * 1000),
    max: orUndefined(most, length * 1000),
    coverage: coverage(sums),
  };
}

/** The other end: with the pieces that were made while nobody looked. Which is the lower one shows when assets are joined. */
export function quality(sums: Sums): Value {
  const allGood = valued(sums, bothGood(sums));
  const whole = orUndefined(
    allGood,
    valued(sums, (row) => row.total + row.recovered.total),
  );
  return {
    value: orUndefined(
      valued(sums, (row) => goodOf(sums, row)),
      valued(sums, ({ total }) => total),
    ),
    min: whole,
    max: whole,
    coverage: coverage(sums),
  };
}

/** Pieces the machine could have made beyond those recovered while nobody looked; null where no ideal cycle is known. */
function unseenPieces({ asset, judged, tally }: Sums): number | null {
  if (judged.blind === 0) return 0;
  if (asset.fastestUs === null) return null;
  const recovered = Object.values(tally.rows).reduce((sum, row) => sum + row.recovered.total, 0);
  return Math.max(0, Math.ceil((judged.blind * 1000) / asset.fastestUs) - recovered);
}

/** Good pieces wherever they were made, recovered ones included. */
export function goodPieces(sums: Sums): Value {
  const rows = Object.values(sums.tally.rows).map(bothGood(sums));
  const outside = goodOf(sums, sums.tally.outside);
  const pieces = [...rows, outside].reduce<number | null>(
    (sum, each) => (sum === null || each === null ? null : sum + each),
    0,
  );
  return counted(sums, pieces, 1, 1);
}

/** Pieces, good or not, per hour of loading. */
export function throughput(sums: Sums): Value {
  const rows = Object.values(sums.tally.rows);
  const pieces = rows.reduce((sum, row) => sum + row.total + row.recovered.total, 0);
  return counted(sums, pieces, 3_600_000, lengthOf(sums.judged));
}

function counted(sums: Sums, pieces: number | null, factor: number, per: number): Value {
  const unseen = unseenPieces(sums);
  const of = (n: number | null): Ratio =>
    n === null ? undefinedRatio : ratio(BigInt(n) * BigInt(factor), per);
  return {
    value: of(pieces),
    min: of(pieces),
    max: of(pieces === null || unseen === null ? null : pieces + unseen),
    coverage: coverage(sums),
  };
}
