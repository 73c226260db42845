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

  it("is told apart by a shorter read first, or by identification where there is none", async () => {
    for (const [addresses, code] of [
      [[0, 1, 2], 3],
      [[0], 43],
    ] as const) {
      const line = timed(framing);
      const connection = line.open(TIMEOUT);
      const reader = connection.source("main", 1, holding(...addresses));
      line.conduct = () => [];
      await line.run(reader.read());
      line.conduct = () => null;
      const reading = await line.run(reader.read());
      expect([reading.failure, reading.requests]).toEqual([null, 2]);
      expect(line.sent[1]!.asked.code).toBe(code);
      expect(line.sent[2]!.asked).toMatchObject({ code: 3, count: addresses.length });
      await line.run(reader.read());
      expect(line.sent).toHaveLength(4);
      await connection.close();
    }
  });

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
    const doubts = new Doubts();
    for (const one of asks) doubts.failed(one, 0);
    return doubts;
  };

  it("cover the same unit, function and size, for a minute", () => {
    const doubts = owing(ask(4));
    expect(doubts.covers(ask(4), 59_999)).toBe(true);
    expect(doubts.covers(ask(4), 60_000)).toBe(false);
    expect(doubts.covers(ask(5), 0)).toBe(false);
    expect(doubts.covers(ask(4, 4), 0)).toBe(false);
    expect(doubts.covers({ ...ask(4), unit: 2 }, 0)).toBe(false);
    expect(owing(ask(9, 1)).covers(ask(16, 1), 0)).toBe(true);
  });

  it("end with an answer that none of them could be", () => {
    const doubts = owing(ask(4), ask(2));
    doubts.answered(ask(2), false, 0);
    expect(doubts.covers(ask(4), 0)).toBe(true);
    doubts.answered(ask(3), true, 0);
    expect([4, 3, 2].map((count) => doubts.covers(ask(count), 0))).toEqual([true, true, true]);
    doubts.answered(ask(1), false, 0);
    expect(doubts.covers(ask(4), 0)).toBe(false);
  });

  it("end with any answer of a function that nothing owes", () => {
    const doubts = owing(ask(4));
    doubts.answered(ask(1, 43), true, 0);
    expect(doubts.covers(ask(4), 0)).toBe(false);
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
