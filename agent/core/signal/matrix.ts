/**
 * The little linear algebra that the detectors need: eigenvectors of a small symmetric matrix (cyclic Jacobi) and
 * quantiles. Row-major plain arrays. Refuses to be a library: no general matrices, nothing above some 64 channels.
 */

export interface Eigen {
  /** Descending. */
  values: number[];
  /** Row k is the unit eigenvector of `values[k]`. */
  vectors: number[];
}

const SWEEPS = 60;
const OFF_DIAGONAL = 1e-24;

/**
 * Eigenvalues and eigenvectors of the symmetric `m` x `m` matrix `a` (not changed). Negating a row and its column
 * negates one component of each vector and changes nothing else, to the bit (the sign of theta at 0 sees to that).
 * Golub, Van Loan: Matrix Computations, 8.5.
 */
export function symmetricEigen(a: readonly number[], m: number): Eigen {
  const work = [...a];
  const turns = a.map((_, i) => (i % (m + 1) === 0 ? 1 : 0));
  const scale = work.reduce((sum, v) => sum + v * v, 0);
  for (let sweep = 0; sweep < SWEEPS && offDiagonal(work, m) > OFF_DIAGONAL * scale; sweep++)
    for (let p = 0; p < m; p++) for (let q = p + 1; q < m; q++) rotate(work, turns, m, p, q);
  const values = Array.from({ length: m }, (_, i) => work[i * m + i]!);
  const order = values.map((_, i) => i).sort((i, j) => values[j]! - values[i]!);
  return {
    values: order.map((i) => values[i]!),
    vectors: order.flatMap((i) => Array.from({ length: m }, (_, k) => turns[k * m + i]!)),
  };
}

function offDiagonal(a: readonly number[], m: number): number {
  let sum = 0;
  for (let i = 0; i < m; i++) for (let j = i + 1; j < m; j++) sum += a[i * m + j]! ** 2;
  return sum;
}

/** Makes a[p][q] zero. */
function rotate(a: number[], turns: number[], m: number, p: number, q: number): void {
  const apq = a[p * m + q]!;
  if (apq === 0) return;
  const theta = (a[q * m + q]! - a[p * m + p]!) / (2 * apq);
  const sign = theta > 0 || Object.is(theta, 0) ? 1 : -1;
  const t = sign / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < m; k++) mix(a, k * m + p, k * m + q, c, s);
  for (let k = 0; k < m; k++) mix(a, p * m + k, q * m + k, c, s);
  for (let k = 0; k < m; k++) mix(turns, k * m + p, k * m + q, c, s);
}

function mix(a: number[], i: number, j: number, c: number, s: number): void {
  const x = a[i]!;
  const y = a[j]!;
  a[i] = c * x - s * y;
  a[j] = s * x + c * y;
}

/** The value at rank floor(q (n - 1)) of `values` (not changed); 0 of none. */
export function quantileOf(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(q * (sorted.length - 1))] ?? 0;
}
