/** What every outbox promises the publisher. Run it against each implementation. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { newestSeq, type Outbox, type OutboxRow } from "../../agent/publisher/outbox.ts";
import { row, rows } from "./memory-outbox.ts";

export interface OutboxUnderTest {
  outbox: Outbox;
  /** Commits rows. `seq` ascends over all calls, with gaps. */
  commit(rows: OutboxRow[]): Promise<void>;
  close(): Promise<void>;
}

export function outboxContract(name: string, create: () => Promise<OutboxUnderTest>): void {
  describe(`${name} is an outbox`, () => {
    let made: OutboxUnderTest;
    let outbox: Outbox;
    const seqs = async (after: number, limit: number): Promise<number[]> =>
      (await outbox.take(after, limit)).map(({ seq }) => seq);

    beforeEach(async () => {
      made = await create();
      outbox = made.outbox;
    });
    afterEach(() => made.close());

    test("an empty one has nothing to give", async () => {
      expect(await outbox.take(0, 10)).toEqual([]);
      expect(await outbox.stats()).toEqual({ depth: 0, oldestAt: null, parked: 0 });
      expect(await newestSeq(outbox)).toBe(0);
    });

    test("gives back what was committed, every field of it", async () => {
      const all = [
        row(7, { topic: "t/a/state", class: "state", retain: true, asset: "press-01", at: 1_700 }),
        row(9, { class: "contract", asset: null, payload: '{"text":"Grüße\\n\\"x\\""}' }),
      ];
      await made.commit(all);
      expect(await outbox.take(0, 10)).toEqual(all);
    });

    test("takes after a number, ascending, and fewer than asked only at the end", async () => {
      await made.commit([...rows(1, 120), row(500), row(501)]);
      expect(await seqs(0, 3)).toEqual([1, 2, 3]);
      expect(await seqs(2, 3)).toEqual([3, 4, 5]);
      expect(await seqs(119, 3)).toEqual([120, 500, 501]);
      expect(await seqs(300, 3)).toEqual([500, 501]);
      expect(await seqs(501, 3)).toEqual([]);
      expect(await outbox.take(0, 1_000)).toHaveLength(122);
    });

    test("taking changes nothing", async () => {
      await made.commit(rows(1, 3));
      await outbox.take(0, 3);
      expect(await seqs(0, 3)).toEqual([1, 2, 3]);
      expect((await outbox.stats()).depth).toBe(3);
    });

    test("settled rows are gone, in any order and batch", async () => {
      await made.commit(rows(1, 250));
      await outbox.settle([2]);
      await outbox.settle(rows(101, 250).map(({ seq }) => seq));
      expect((await outbox.stats()).depth).toBe(99);
      expect(await seqs(0, 3)).toEqual([1, 3, 4]);
      expect(await seqs(99, 10)).toEqual([100]);
    });

    test("settling nothing, the unknown or the same again does nothing", async () => {
      await made.commit(rows(1, 2));
      await outbox.settle([]);
      await outbox.settle([1, 99, 1]);
      await outbox.settle([1]);
      expect(await seqs(0, 3)).toEqual([2]);
    });

    test("parked rows are counted and never taken again", async () => {
      await made.commit(rows(1, 3));
      await outbox.park(1, "rejected with reason 135");
      await outbox.park(99, "unknown");
      expect(await seqs(0, 3)).toEqual([2, 3]);
      expect(await outbox.stats()).toEqual({ depth: 2, oldestAt: 2, parked: 1 });
      await outbox.settle([1]);
      expect((await outbox.stats()).depth).toBe(2);
    });

    test("stats name the oldest that waits", async () => {
      await made.commit([row(1, { at: 100 }), row(2, { at: 200 })]);
      expect(await outbox.stats()).toEqual({ depth: 2, oldestAt: 100, parked: 0 });
      await outbox.settle([1]);
      expect(await outbox.stats()).toEqual({ depth: 1, oldestAt: 200, parked: 0 });
    });

    test.each([[[1]], [[5]], [[1, 2]], [[3, 4, 1_000]], [[10, 4_000, 4_001, 90_000]]])(
      "the newest of %j is found by reading forward",
      async (numbers) => {
        await made.commit(numbers.map((seq) => row(seq)));
        expect(await newestSeq(outbox)).toBe(numbers.at(-1));
      },
    );
  });
}
