/**
 * What a value moves of the fee: bands, a linear malus and bonus, a step below the minimum, caps. Exact until the one
 * rounding to minor units, half-up on the amount. Negative is in the customer's favor.
 */
import {
  compare,
  exact,
  type Fraction,
  fraction,
  halfUp,
  least,
  minus,
  most,
  over,
  plus,
  times,
  whole,
  ZERO,
} from "./fraction.ts";
import type { Band, ContractModel, Exact, Fees, OutcomeModel, Slope } from "./model.ts";
import { isAtMost, isShare, levelOf, reached } from "./verdict.ts";

/** Shares of the fee. */
export interface Adjustment {
  malus: Fraction;
  bonus: Fraction;
  /** A cap cut the malus or the bonus. */
  capped: boolean;
}

/** `value` as everything is decided with it. */
export function adjustmentOf(outcome: OutcomeModel, value: Fraction, share: Exact): Adjustment {
  const band = bandOf(outcome.bands, value);
  const step = stepOf(outcome, value, share);
  const malus = capped(plus(slope(outcome, outcome.malus, value, -1, share), step), outcome.malus);
  const bonus = capped(slope(outcome, outcome.bonus, value, 1, share), outcome.bonus);
  const isCredit = band.n < 0n;
  return {
    malus: plus(malus.value, isCredit ? minus(ZERO, band) : ZERO),
    bonus: plus(bonus.value, isCredit ? ZERO : band),
    capped: malus.capped || bonus.capped,
  };
}

/** Half-open: the lower edge belongs to the band above it. */
function bandOf(bands: readonly Band[], value: Fraction): Fraction {
  const band = bands.find(
    ({ from, to }) =>
      (from === null || compare(value, exact(from)) >= 0) &&
      (to === null || compare(value, exact(to)) < 0),
  );
  return band ? exact(band.adjust) : ZERO;
}

function stepOf(outcome: OutcomeModel, value: Fraction, share: Exact): Fraction {
  const isBreach = reached(outcome, value, share) === "below-minimum";
  return outcome.step && isBreach ? exact(outcome.step) : ZERO;
}

/** Points beyond the begin of a slope in the direction of `sign`, times its share per point. */
function slope(
  outcome: OutcomeModel,
  line: Slope | null,
  value: Fraction,
  sign: 1 | -1,
  share: Exact,
): Fraction {
  if (!line) return ZERO;
  const from = levelOf(outcome, line.from, share) ?? ZERO;
  const upward = (sign === 1) === !isAtMost(outcome.metric);
  const beyond = most(ZERO, upward ? minus(value, from) : minus(from, value));
  const point = pointOf(outcome, from, share);
  return point.n === 0n ? ZERO : times(over(beyond, point), exact(line.perPoint));
}

/** One percent, or one percent of the target. */
function pointOf(outcome: OutcomeModel, from: Fraction, share: Exact): Fraction {
  const percent = { n: 1n, d: 100n };
  if (isShare(outcome.metric)) return percent;
  return times(levelOf(outcome, outcome.target, share) ?? from, percent);
}

function capped(value: Fraction, line: Slope | null): { value: Fraction; capped: boolean } {
  if (!line?.cap || compare(value, exact(line.cap)) <= 0) return { value, capped: false };
  return { value: exact(line.cap), capped: true };
}

/** The fee of a period in millionths of the currency unit. `runMs` and `goodPieces` are what was measured. */
export function feeOf(fees: Fees, share: Exact, goodPieces: number, runMs: number): Fraction {
  const base = times(whole(fees.baseMicro), exact(share));
  const pieces = whole(BigInt(fees.perGoodPieceMicro) * BigInt(goodPieces));
  const hours = fraction(BigInt(fees.perRunHourMicro) * BigInt(runMs), 3_600_000) ?? ZERO;
  return plus(plus(base, pieces), hours);
}

/** Integer minor units of an amount in millionths. */
export function minorOf(digits: number, micro: Fraction): number {
  return Number(halfUp(times(micro, { n: 10n ** BigInt(digits), d: 1_000_000n })));
}

/** All maluses together, cut to the contract's liability. */
export function liable(
  { fees }: ContractModel,
  malus: Fraction,
): { malus: Fraction; capped: boolean } {
  if (!fees?.liabilityCap) return { malus, capped: false };
  const cap = exact(fees.liabilityCap);
  return { malus: least(malus, cap), capped: compare(malus, cap) > 0 };
}
