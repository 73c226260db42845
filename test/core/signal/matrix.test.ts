import fc from "fast-check";
import { expect, test } from "vitest";
import { quantileOf, symmetricEigen } from "../../../agent/core/signal/matrix.ts";

const M = 5;
const symmetric = fc
  .array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: M * M, maxLength: M * M })
  .map((a) => a.map((_, i) => (a[i]! + a[(i % M) * M + Math.floor(i / M)]!) / 2));

test("vectors are orthonormal, ordered, and give the matrix back", () => {
  fc.assert(
    fc.property(symmetric, (a) => {
      const { values, vectors } = symmetricEigen(a, M);
      for (let k = 1; k < M; k++) expect(values[k - 1]!).toBeGreaterThanOrEqual(values[k]!);
      for (let i = 0; i < M; i++)
        for (let j = 0; j < M; j++) {
          let entry = 0;
          let product = 0;
          for (let k = 0; k < M; k++) {
            entry += values[k]! * vectors[k * M + i]! * vectors[k * M + j]!;
            product += vectors[i * M + k]! * vectors[j * M + k]!;
          }
          expect(entry).toBeCloseTo(a[i * M + j]!, 8);
          expect(product).toBeCloseTo(i === j ? 1 : 0, 10);
        }
    }),
    { numRuns: 50 },
  );
});

test("a negated channel negates its components and nothing else, to the bit", () => {
  fc.assert(
    fc.property(symmetric, fc.integer({ min: 0, max: M - 1 }), (a, c) => {
      const flip = (i: number): number => (i === c ? -1 : 1);
      const other = a.map((value, i) => value * flip(Math.floor(i / M)) * flip(i % M));
      const plain = symmetricEigen(a, M);
      const negated = symmetricEigen(other, M);
      expect(negated.values).toEqual(plain.values);
      const sizes = (vectors: readonly number[]): number[] => vectors.map(Math.abs);
      expect(sizes(negated.vectors)).toEqual(sizes(plain.vectors));
    }),
    { numRuns: 50 },
  );
});

test("a quantile is a value of the list, by rank", () => {
  expect(quantileOf([5, 1, 4, 2, 3], 0.5)).toBe(3);
  expect(quantileOf([5, 1, 4, 2, 3], 0.99)).toBe(4);
  expect(quantileOf([5, 1, 4, 2, 3], 1)).toBe(5);
  expect(quantileOf([], 0.5)).toBe(0);
});
