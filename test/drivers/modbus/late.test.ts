/** Answers that come when they are no longer awaited. Every value must be what the device held for that very request. */
import { describe, expect, it } from "vitest";
import type { Reading } from "../../../drivers/driver.ts";
import type { Ask } from "../../../drivers/modbus/ask.ts";
import { Doubts } from "../../../drivers/modbus/doubt.ts";
import { holding, Line, outcome, type Piece } from "./line.ts";

const SERIAL = ["rtu", "ascii"] as const;
const TIMEOUT = 1000;

/** A line whose registers hold the time of the request: a stale value shows. */
function timed(framing: "rtu" | "ascii"): Line {
  const line = new Line(framing);
  line.word = (_unit, address, at) => (address * 1000 + Math.floor(at)) & 0xffff;
  return line;
}

interface Judged {
  good: number;
  /** Values that the device did not hold for that very request. */
  wrong: unknown[];
}

function judge(line: Line, { samples }: Reading, from: number, judged: Judged): void {
  for (const [id, sample] of samples) {
    if (sample.quality === "bad") continue;
    judged.good += 1;
    const address = Number(id.slice(1));
    const asked = line.sent.findLast((one) => one.asked.address === address)!;
    if (asked.at < from || sample.value !== line.word(1, address, asked.at))
      judged.wrong.push([id, sample]);
  }
}

const CASES = SERIAL.flatMap((framing) =>
  [0.5, 0.9, 1.1, 1.9, 2.5, 3, 7, 31].flatMap((times) =>
    [[0, 100], [0]].map((addresses) => [framing, times, addresses] as const),
  ),
);

describe("a device that is always late", () => {
  it.each(CASES)(
    "%s, by %d timeouts, at %j, never gives a stale value",
    async (framing, times, addresses) => {
      const line = timed(framing);
      const connection = line.open(TIMEOUT);
      const late = connection.source("late", 1, holding(...addresses));
      const fine = connection.source("fine", 2, holding(0, 100));
      line.conduct = (asked, good) =>
        asked.unit === 1 ? [{ after: times * TIMEOUT, bytes: line.frame(good) }] : null;
      const judged: Judged = { good: 0, wrong: [] };
      for (let poll = 0; poll < 60; poll++) {
        for (const reader of [late, fine]) {
          const from = line.clock.now();
          judge(line, await line.run(reader.read()), from, judged);
        }
        await line.run(line.clock.sleep(700));
      }
      expect(judged.wrong).toEqual([]);
      expect(judged.good).toBeGreaterThan(times < 1 ? 179 : 80);
      await connection.close();
    },
  );
});

describe.each(SERIAL)("one late answer of the same length (%s)", (framing) => {
  it.each([1.5, 2.5, 4])("after %d timeouts is not taken for the next block's", async (times) => {
    const line = timed(framing);
    const connection = line.open(TIMEOUT);
    const reader = connection.source("main", 1, holding(0, 100));
    const queue: Piece[] = [];
    let isFirst = true;
    // A device answers in order: nothing before the late one.
    line.conduct = (_asked, good) => {
      const now = line.clock.now();
      const after = isFirst ? times * TIMEOUT : Math.max(5, (queue.at(-1)?.after ?? 0) - now + 5);
      isFirst = false;
      queue.push({ after: now + after, bytes: Buffer.alloc(0) });
      return [{ after, bytes: line.frame(good) }];
    };
    expect((await line.run(reader.read())).failure).toBe("MODBUS_TIMEOUT");
    const judged: Judged = { good: 0, wrong: [] };
    for (let poll = 0; poll < 6; poll++) {
      const from = line.clock.now();
      judge(line, await line.run(reader.read()), from, judged);
      await line.run(line.clock.sleep(500));
    }
    expect(judged.wrong).toEqual([]);
    expect(judged.good).toBeGreaterThan(0);
    expect(outcome(await line.run(reader.read()))).toHaveProperty("h100", expect.any(Number));
    await connection.close();
  });

  it("is told apart by the length of the next request, until nothing late is expected", async () => {
    const line = timed(framing);
    const connection = line.open(TIMEOUT);
    const reader = connection.source("main", 1, holding(0, 1, 2));
    const counts = (): number[] => line.sent.map(({ asked }) => asked.count);
    line.conduct = () => [];
    await line.run(reader.read());
    line.conduct = () => null;
    for (let poll = 0; poll < 2; poll++) {
      await line.run(line.clock.sleep(300));
      expect(await line.run(reader.read())).toMatchObject({ failure: null, requests: 1 });
    }
    expect(counts()).toEqual([3, 4, 4]);
    await line.run(line.clock.sleep(10_000));
    await line.run(reader.read());
    expect(counts()).toEqual([3, 4, 4, 3]);
    await connection.close();
  });

  it.each([
    ["fewer registers", [0, 1, 2], 3],
    ["identification, where there is but one", [0], 43],
  ] as const)(
    "is told apart by reading %s first, from a device that refuses longer reads",
    async (_what, addresses, code) => {
      const line = timed(framing);
      const connection = line.open(TIMEOUT);
      const reader = connection.source("main", 1, holding(...addresses));
      line.conduct = () => [];
      await line.run(reader.read());
      line.conduct = (asked) =>
        asked.code === 3 && asked.address + asked.count > addresses.length
          ? [{ after: 5, bytes: line.frame([1, 0x83, 2]) }]
          : null;
      for (const requests of [3, 1]) {
        const reading = await line.run(reader.read());
        expect(Object.values(outcome(reading)).every((value) => typeof value === "number")).toBe(
          true,
        );
        expect(reading.requests).toBe(requests);
        await line.run(line.clock.sleep(300));
      }
      expect(line.sent[2]!.asked.code).toBe(code);
      expect(reader.plan()).toHaveLength(1);
      await connection.close();
    },
  );

  it("gives neighboring requests of a unit different lengths, against doubled answers", async () => {
    const line = timed(framing);
    const connection = line.open(TIMEOUT);
    const reader = connection.source("main", 1, holding(0, 100, 200));
    line.conduct = (_asked, good) => [
      { after: 5, bytes: line.frame(good) },
      // The second copy arrives when the next request is already on its way.
      { after: 9, bytes: line.frame(good) },
    ];
    const judged: Judged = { good: 0, wrong: [] };
    for (let poll = 0; poll < 20; poll++) {
      const from = line.clock.now();
      judge(line, await line.run(reader.read()), from, judged);
      await line.run(line.clock.sleep(200));
    }
    expect(judged.wrong).toEqual([]);
    expect(judged.good).toBeGreaterThan(20);
    await connection.close();
  });
});

describe("doubts", () => {
  const ask = (count: number, code: Ask["code"] = 3): Ask => ({ unit: 1, code, address: 0, count });
  const owing = (...asks: Ask[]): Doubts => {
    const doubts = new Doubts(1000);
    for (const one of asks) doubts.failed(one, 0);
    return doubts;
  };

  it("cover the same unit, function and size, for ten timeouts", () => {
    const doubts = owing(ask(4));
    expect(doubts.covers(ask(4), 9999)).toBe(true);
    expect(doubts.covers(ask(4), 10_000)).toBe(false);
    expect(doubts.covers(ask(5), 0)).toBe(false);
    expect(doubts.covers(ask(4, 4), 0)).toBe(false);
    expect(doubts.covers({ ...ask(4), unit: 2 }, 0)).toBe(false);
    expect(owing(ask(9, 1)).covers(ask(16, 1), 0)).toBe(true);
  });

  it("cover a copy of what was answered, for a moment", () => {
    const doubts = new Doubts(1000);
    doubts.answered(ask(4), 0);
    expect([249, 250].map((now) => doubts.covers(ask(4), now))).toEqual([true, false]);
  });

  it("end with an answer that none of them could be", () => {
    const doubts = owing(ask(4), ask(2));
    doubts.settle(ask(2), false, 0);
    expect(doubts.covers(ask(4), 0)).toBe(true);
    doubts.settle(ask(3), true, 0);
    expect([4, 2].map((count) => doubts.covers(ask(count), 0))).toEqual([true, true]);
    doubts.settle(ask(1), false, 0);
    expect(doubts.covers(ask(4), 0)).toBe(false);
    const others = owing(ask(4));
    others.settle(ask(1, 43), true, 0);
    expect(others.covers(ask(4), 0)).toBe(false);
  });

  it("lengthen a request within its slack, and less far once that was refused", () => {
    const doubts = owing(ask(4), ask(5));
    const wanted = { ...ask(4), slack: 3 };
    expect(doubts.lengthened(ask(4), 0)).toBeNull();
    const longer = doubts.lengthened(wanted, 0)!;
    expect(longer.count).toBe(6);
    doubts.learn(wanted, longer, "refused");
    expect(doubts.lengthened(wanted, 0)).toBeNull();
    expect(doubts.lengthened(wanted, 10_000)?.count).toBe(5);
    expect(owing(ask(9, 1)).lengthened({ ...ask(9, 1), slack: 8 }, 0)?.count).toBe(17);
  });

  it("no longer lengthen what a device ignores eight times", () => {
    const doubts = owing(ask(4));
    const wanted = { ...ask(4), slack: 30 };
    for (let i = 0; i < 8; i++) {
      expect(doubts.lengthened(wanted, 0)).not.toBeNull();
      doubts.learn(wanted, ask(5), "silent");
    }
    expect(doubts.lengthened(wanted, 0)).toBeNull();
  });

  it("always find a probe that differs", () => {
    const doubts = owing(ask(1));
    const seen = new Set<string>();
    for (let i = 0; i < 40; i++) {
      const probe = doubts.probe(ask(1), 0)!;
      expect(doubts.covers(probe, 0)).toBe(false);
      seen.add(`${probe.code} ${probe.count}`);
      doubts.failed(probe, 0);
    }
    expect(seen.size).toBe(40);
  });
});
