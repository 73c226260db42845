/**
 * What a contract adds up of one asset in one period: integers that may be added and taken off again in any order.
 * Every millisecond of the period is in exactly one bucket or claim. Judges nothing (`place.ts`), derives nothing.
 */

import type { Millis } from "../time.ts";
import { noPieces, type Pieces } from "../window/sums.ts";
import type { BigLoss } from "./model.ts";

export const BUCKETS = ["outside", "up", "down", "pending", "excluded", "blind"] as const;
/**
 * `outside` the denominator; `down` answered for by the supplier or nobody; `pending` the same while nobody was named;
 * `excluded` because others answer for it (accounting rule 11); `blind`: not observed.
 */
export type Bucket = (typeof BUCKETS)[number];

/** What an exclusion claims, by what it is beyond the allowance. */
export interface Claim {
  up: Millis;
  down: Millis;
  blind: Millis;
}

/** Where every millisecond stands. */
export interface Sides {
  buckets: Record<Bucket, Millis>;
  /** By code of the exclusion. */
  claims: Record<string, Claim>;
  /** Inside the denominator: producing and micro-stops. */
  run: Millis;
  /** Thousandths of a millisecond of `up` that degraded running lost. */
  lost: number;
}

/** SEMI E10: all time but the unscheduled, whatever the contract excludes. */
export interface Whole {
  up: Millis;
  down: Millis;
  blind: Millis;
}

export const LOSSES = ["breakdown", "setup", "minor-stops", "other-stops"] as const;
/** Losses that are time; speed and defects follow from the pieces, where no reason tree gives them time (Nakajima). */
export type TimeLoss = (typeof LOSSES)[number];

/** One ideal cycle. Pieces in loading, and those made while nobody looked. */
export interface IdealRow extends Pieces {
  /** Microseconds per piece; null for `unassigned`. */
  idealCycleUs: number | null;
  producing: Millis;
  lossMs: Record<TimeLoss, Millis> & Partial<Record<BigLoss, Millis>>;
  recovered: Pieces;
}

export interface Tally {
  /** Stops judged as they are, and with `unknown` read as `producing` on both sides (the ′ terms of rule 11). */
  judged: Sides;
  prime: Sides;
  whole: { judged: Whole; prime: Whole };
  /** By ideal cycle. */
  rows: Record<string, IdealRow>;
  outside: Pieces;
  /** Stops with downtime that ended here: how many, how long their downtime, and its square in s². */
  repairs: { count: number; ms: Millis; squareS: number };
}

const newSides = (): Sides => ({
  buckets: { outside: 0, up: 0, down: 0, pending: 0, excluded: 0, blind: 0 },
  claims: {},
  run: 0,
  lost: 0,
});

const newWhole = (): Whole => ({ up: 0, down: 0, blind: 0 });

export const newTally = (): Tally => ({
  judged: newSides(),
  prime: newSides(),
  whole: { judged: newWhole(), prime: newWhole() },
  rows: {},
  outside: noPieces(),
  repairs: { count: 0, ms: 0, squareS: 0 },
});

export function claimOf(sides: Sides, code: string): Claim {
  sides.claims[code] ??= { up: 0, down: 0, blind: 0 };
  return sides.claims[code];
}

/** The row of an ideal cycle, made on first use. */
export function rowOf(tally: Tally, idealCycleUs: number | null): IdealRow {
  const key = String(idealCycleUs ?? "-");
  tally.rows[key] ??= {
    idealCycleUs,
    producing: 0,
    lossMs: { breakdown: 0, setup: 0, "minor-stops": 0, "other-stops": 0 },
    ...noPieces(),
    recovered: noPieces(),
  };
  return tally.rows[key];
}

type Numbers = { [key: string]: number | null | Numbers };

/** Adds every number of `more` to `into`, except what names a row. */
function addNumbers(into: Numbers, more: Numbers): void {
  for (const [key, value] of Object.entries(more)) {
    if (key === "idealCycleUs") into[key] = value;
    else if (typeof value === "number") into[key] = Number(into[key] ?? 0) + value;
    else if (value !== null) {
      into[key] ??= {};
      addNumbers(into[key] as Numbers, value);
    }
  }
}

/** The sum of several tallies: of the months of a rolling period. */
export function sumOf(tallies: readonly Tally[]): Tally {
  const sum = newTally();
  for (const tally of tallies) addNumbers(sum as unknown as Numbers, tally as unknown as Numbers);
  return sum;
}

/** All milliseconds of one side; always the booked length of the period. */
export function lengthOf({ buckets, claims }: Sides): Millis {
  let sum = 0;
  for (const ms of Object.values(buckets)) sum += ms;
  for (const { up, down, blind } of Object.values(claims)) sum += up + down + blind;
  return sum;
}

/** Adds to a row time that is lost, or takes it off. */
export function addLoss({ lossMs }: IdealRow, loss: BigLoss, ms: Millis): void {
  const left = (lossMs[loss] ?? 0) + ms;
  if (left === 0 && !(LOSSES as readonly string[]).includes(loss)) delete lossMs[loss];
  else lossMs[loss] = left;
}

/** Forgets rows and claims that hold nothing, so that taking off what was added leaves no trace. */
export function tidy(tally: Tally): void {
  const isBlank = (value: number | null | Numbers): boolean =>
    value === null ||
    (typeof value === "number" ? value === 0 : Object.values(value).every(isBlank));
  for (const [key, row] of Object.entries(tally.rows)) {
    const { idealCycleUs: _, ...numbers } = row;
    if (isBlank(numbers as unknown as Numbers)) delete tally.rows[key];
  }
  for (const { claims } of [tally.judged, tally.prime])
    for (const [code, claim] of Object.entries(claims))
      if (isBlank(claim as unknown as Numbers)) delete claims[code];
}
