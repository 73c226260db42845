/** Ten minutes of running of one channel as a mean and a spread. Gathers samples into cells; judges nothing. */
import { COUNT, REF, SQUARES, SUM, USUAL } from "./cells.ts";

/** Squares of more than this would leave the range of a double. */
const MOST = 1e150;

/** Takes value `i` of a row in, a sound sample of an open channel. */
export function gather(cell: number[], x: ArrayLike<number>, i: number): void {
  const v = x[i]!;
  if (!(Math.abs(v) < MOST)) return;
  if (cell[COUNT] === 0) cell[REF] = v;
  const off = v - cell[REF]!;
  cell[COUNT]! += 1;
  cell[SUM]! += off;
  cell[SQUARES]! += off * off;
}

/** NaN without a sample. */
export const blockMean = (cell: number[]): number =>
  cell[COUNT]! > 0 ? cell[REF]! + cell[SUM]! / cell[COUNT]! : Number.NaN;

export function blockSd(cell: number[]): number {
  const n = cell[COUNT]!;
  if (n < 2) return 0;
  return Math.sqrt(Math.max(0, (cell[SQUARES]! - (cell[SUM]! * cell[SUM]!) / n) / (n - 1)));
}

/** Samples whose scatter says something. */
export const FEW = 3;

/** At least so many samples, and half of what is usual. */
export const isFull = (cell: number[], least: number): boolean =>
  cell[COUNT]! >= least && cell[COUNT]! >= cell[USUAL]! / 2;

/** Share of the usual number of samples, at most 1. */
export const goodShare = (cell: number[]): number =>
  cell[USUAL]! > 0 ? Math.min(1, cell[COUNT]! / cell[USUAL]!) : 1;

export function emptyBlock(cell: number[]): void {
  const n = cell[COUNT]!;
  cell[USUAL] = Math.max(n, cell[USUAL]! + (n - cell[USUAL]!) / 50);
  dropBlock(cell);
}

/** Forgets what was gathered. */
export function dropBlock(cell: number[]): void {
  cell[COUNT] = 0;
  cell[SUM] = 0;
  cell[SQUARES] = 0;
}
