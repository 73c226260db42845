/** Poll scheduling on the virtual clock: deadlines, slots, misses and stalls. */
import { afterEach, describe, expect, it } from "vitest";
import { type PolledSource, type Poller, startPoller } from "../../agent/poller.ts";
import type { Reading } from "../../drivers/driver.ts";
import { type VirtualClock, virtualClock } from "../support/clock.ts";

interface Plant {
  clock: VirtualClock;
  poller: Poller;
  /** `name@ms` of every read that began, every reading that arrived, every slot. */
  reads: string[];
  delivered: string[];
  slots: number[];
  /** `missed a 3`, `stalled 0 5000`, `defect a boom`, in order. */
  trouble: string[];
}

interface Machine {
  pollMs: number;
  connection?: string;
  /** How long a read takes; by default it answers at once. */
  takesMs?: number;
  /** Rejects instead of answering. */
  rejects?: boolean;
}

const pollers: Poller[] = [];
afterEach(async () => {
  await Promise.all(pollers.splice(0).map((poller) => poller.stop()));
});

const reading = (clock: VirtualClock, failure: string | null = null): Reading => ({
  samples: new Map(),
  failure,
  at: clock.mono(),
  requests: 1,
});

function start(
  machines: Record<string, Machine>,
  stallMs = 3_000,
  hear: (callback: "slot" | "deliver", mono: number) => void = () => {},
): Plant {
  const clock = virtualClock(0, 0);
  const plant = { clock, reads: [], delivered: [], slots: [], trouble: [] } as unknown as Plant;
  const sources = Object.entries(machines).map(
    ([asset, machine]): PolledSource => ({
      asset,
      source: "main",
      connection: machine.connection ?? "plc",
      pollMs: machine.pollMs,
      reader: {
        plan: () => [],
        read: async () => {
          plant.reads.push(`${asset}@${clock.mono()}`);
          if (machine.rejects) throw new Error("boom");
          if (machine.takesMs) await clock.sleep(clock.mono() + machine.takesMs);
          return reading(clock);
        },
      },
    }),
  );
  plant.poller = startPoller(clock, sources, stallMs, {
    deliver: (asset, _source, { failure }) => {
      plant.delivered.push(`${asset}@${clock.mono()}${failure ? ` ${failure}` : ""}`);
      hear("deliver", clock.mono());
    },
    slot: (mono) => {
      plant.slots.push(mono);
      hear("slot", mono);
    },
    missed: (asset, _source, n) => plant.trouble.push(`missed ${asset} ${n}`),
    stalled: (from, to) => plant.trouble.push(`stalled ${from} ${to}`),
    defect: (asset, _source, error) => plant.trouble.push(`defect ${asset} ${String(error)}`),
  });
  pollers.push(plant.poller);
  return plant;
}

describe("deadlines", () => {
  it("are absolute: a slow answer does not shift the next poll", async () => {
    const { clock, reads, delivered } = start({ a: { pollMs: 1_000, takesMs: 400 } });
    await clock.advance(3_500);
    expect(reads).toEqual(["a@0", "a@1000", "a@2000", "a@3000"]);
    expect(delivered).toEqual(["a@400", "a@1400", "a@2400", "a@3400"]);
  });

  it("do not drift in a minute of 100 ms polls", async () => {
    const { clock, reads, poller } = start({ a: { pollMs: 100 } });
    await clock.advance(60_000);
    expect(reads).toHaveLength(601);
    expect(reads.at(-1)).toBe("a@60000");
    expect(poller.statistics()).toEqual({ polls: 601, p50Ms: 0, p99Ms: 0, maxMs: 0, missed: 0 });
  });

  it("hold for each source its own period", async () => {
    const { clock, reads } = start({ fast: { pollMs: 1_000 }, meter: { pollMs: 2_500 } });
    await clock.advance(5_000);
    expect(reads.filter((read) => read.startsWith("meter"))).toEqual([
      "meter@0",
      "meter@2500",
      "meter@5000",
    ]);
    expect(reads.filter((read) => read.startsWith("fast"))).toHaveLength(6);
  });

  it("of periods without a common grid wait for the next slot, without drift", async () => {
    const { clock, reads } = start({ a: { pollMs: 997 }, b: { pollMs: 1_009 } });
    await clock.advance(99_900);
    expect(reads.slice(0, 5)).toEqual(["a@0", "b@0", "a@1000", "b@1020", "a@2000"]);
    expect(reads.filter((read) => read.startsWith("a"))).toHaveLength(101);
    expect(reads.filter((read) => read.startsWith("b"))).toHaveLength(100);
  });
});

describe("slots", () => {
  it("let 20 machines share one wake-up", async () => {
    const machines = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [`m${i}`, { pollMs: 100, connection: `c${i}` }]),
    );
    const { clock, reads, slots } = start(machines);
    await clock.advance(950);
    expect(slots).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900]);
    expect(reads).toHaveLength(200);
  });

  it("come at least every 250 ms, on the grid", async () => {
    const { clock, slots } = start({ a: { pollMs: 5_000 } });
    await clock.advance(1_000);
    expect(slots).toEqual([0, 250, 500, 750, 1_000]);
  });

  it("come at least twice per stall limit", async () => {
    const { clock, slots, trouble } = start({ a: { pollMs: 100 } }, 100);
    await clock.advance(200);
    expect(slots).toEqual([0, 50, 100, 150, 200]);
    expect(trouble).toEqual([]);
  });

  it("accept a timer that fires 1 ms early, once", async () => {
    const clock = virtualClock(0, 0);
    const early = {
      ...clock,
      sleep: (until: number, s?: AbortSignal) => clock.sleep(until - 0.9, s),
    };
    const reads: number[] = [];
    const reader = {
      plan: () => [],
      read: () => {
        reads.push(clock.mono());
        return Promise.resolve(reading(clock));
      },
    };
    const ignore = (): void => {};
    const events = {
      deliver: ignore,
      slot: ignore,
      missed: ignore,
      stalled: ignore,
      defect: ignore,
    };
    const source = { asset: "a", source: "main", connection: "c", pollMs: 100, reader };
    pollers.push(startPoller(early, [source], 3_000, events));
    await clock.advance(450);
    expect(reads).toEqual([0, 99.1, 199.1, 299.1, 399.1]);
  });

  it("go on without sources, for the heartbeat", async () => {
    const { clock, slots } = start({});
    await clock.advance(500);
    expect(slots).toEqual([0, 250, 500]);
  });
});

describe("misses", () => {
  it("counts polls while an earlier read of the source still runs, and never reads twice at once", async () => {
    const { clock, reads, trouble, poller } = start({
      slow: { pollMs: 1_000, takesMs: 2_500 },
      fine: { pollMs: 1_000 },
    });
    await clock.advance(3_100);
    expect(reads.filter((read) => read.startsWith("slow"))).toEqual(["slow@0", "slow@3000"]);
    expect(reads.filter((read) => read.startsWith("fine"))).toHaveLength(4);
    expect(trouble).toEqual(["missed slow 1", "missed slow 1"]);
    expect(poller.statistics().missed).toBe(2);
  });

  it("polls once after a stall, late, and counts the rest", async () => {
    const { clock, reads, trouble, poller } = start({ a: { pollMs: 1_000 } });
    await clock.advance(1_500);
    await clock.stall(5_000);
    expect(reads).toEqual(["a@0", "a@1000", "a@6500"]);
    expect(trouble).toEqual(["stalled 1500 6500", "missed a 4"]);
    await clock.advance(2_000);
    expect(reads.slice(3)).toEqual(["a@7000", "a@8000"]);
    expect(poller.statistics()).toMatchObject({ polls: 5, missed: 4, maxMs: 500 });
  });

  it("accounts for every deadline: polls plus misses", async () => {
    const { clock, poller } = start({ a: { pollMs: 100 }, b: { pollMs: 300 } }, 300);
    for (const ms of [130, 777, 20, 4_000, 999, 50, 60_000, 124]) {
      await clock.stall(ms);
      await clock.advance(50);
    }
    const elapsed = clock.mono();
    const { polls, missed } = poller.statistics();
    expect(polls + missed).toBe(Math.floor(elapsed / 100) + 1 + Math.floor(elapsed / 300) + 1);
  });
});

describe("a stall", () => {
  it.each([
    [2_990, []],
    [3_010, ["stalled 250 3260"]],
  ])("of %i ms against a limit of 3 s", async (ms, reported) => {
    const { clock, trouble } = start({ a: { pollMs: 10_000 } });
    await clock.advance(250);
    await clock.stall(ms);
    expect(trouble).toEqual(reported);
  });

  it("dates the last sign of life at a reading that arrived after the slot", async () => {
    const { clock, trouble } = start({ a: { pollMs: 10_000, takesMs: 30 } });
    await clock.advance(30);
    await clock.stall(4_000);
    expect(trouble).toEqual(["stalled 30 4030"]);
  });
});

describe("trouble in callbacks and readers", () => {
  it("turns a rejecting reader into a failed reading", async () => {
    const { clock, delivered, trouble } = start({ a: { pollMs: 1_000, rejects: true } });
    await clock.advance(10);
    expect(delivered).toEqual(["a@0 INTERNAL"]);
    expect(trouble).toEqual(["defect a Error: boom"]);
  });

  it.each(["slot", "deliver"])("ends with what %s threw", async (thrower) => {
    const { clock, poller, reads } = start({ a: { pollMs: 100 } }, 3_000, (callback, mono) => {
      if (callback === thrower && mono >= 200) throw new Error("halt");
    });
    const ended = expect(poller.done).rejects.toThrow("halt");
    await clock.advance(1_000);
    await ended;
    expect(reads).toEqual(["a@0", "a@100", "a@200"]);
  });

  it("delivers nothing after stop", async () => {
    const { clock, poller, delivered } = start({ a: { pollMs: 1_000, takesMs: 300 } });
    await clock.advance(100);
    await poller.stop();
    await clock.advance(5_000);
    await poller.done;
    expect(delivered).toEqual([]);
    expect(clock.sleeping()).toBe(0);
  });
});
