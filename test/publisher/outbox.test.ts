/** The outbox of the tests is one, and finding its newest row stays cheap however long the backlog. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { newestSeq } from "../../agent/publisher/outbox.ts";
import { memoryOutbox, row, rows } from "./memory-outbox.ts";
import { outboxContract } from "./outbox-contract.ts";

outboxContract("memory", async () => {
  const outbox = memoryOutbox();
  return {
    outbox,
    commit: async (more) => outbox.add(...more),
    close: async () => undefined,
  };
});

test("the newest of any set of numbers", async () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(numbers, async (seqs) => {
      const outbox = memoryOutbox();
      for (const seq of seqs.sort((a, b) => a - b)) outbox.add(row(seq));
      expect(await newestSeq(outbox)).toBe(seqs.at(-1));
    }),
  );
});

test("100,000 rows cost some tens of reads", async () => {
  const outbox = memoryOutbox();
  for (const one of rows(1, 100_000)) outbox.add(one);
  expect(await newestSeq(outbox)).toBe(100_000);
  expect(outbox.takes).toBeLessThan(50);
});
