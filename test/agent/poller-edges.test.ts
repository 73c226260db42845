/** Edges of lines that report by themselves take the way of readings, between the polls of their source. */
import { expect, test } from "vitest";
import { type PollEvents, startPoller } from "../../agent/poller.ts";
import type { Reading } from "../../drivers/driver.ts";
import { virtualClock } from "../support/clock.ts";

const reading = (at: number): Reading => ({ samples: new Map(), failure: null, at, requests: 0 });

function start(deliver: PollEvents["deliver"]) {
  const clock = virtualClock(0, 0);
  let edge: (reading: Reading) => void = () => {};
  const reader = {
    plan: () => [],
    read: async () => reading(clock.mono()),
    edges: (listener: (reading: Reading) => void) => {
      edge = listener;
    },
  };
  const source = { asset: "press", source: "lamps", connection: "panel", pollMs: 1000, reader };
  const poller = startPoller(clock, [source], 3000, {
    deliver,
    slot: () => {},
    missed: () => {},
    stalled: () => {},
    defect: () => {},
  });
  return { clock, poller, edge: (at: number) => edge(reading(at)) };
}

test("an edge is delivered with its own date, and none after the end", async () => {
  const seen: string[] = [];
  const { clock, poller, edge } = start((asset, source, { at }) =>
    seen.push(`${asset}/${source}@${at}`),
  );
  await clock.advance(1500);
  edge(1499.5);
  await clock.advance(1000);
  await poller.stop();
  edge(2600);
  expect(seen).toEqual([
    "press/lamps@0",
    "press/lamps@1000",
    "press/lamps@1499.5",
    "press/lamps@2000",
  ]);
});

test("a callback that throws at an edge ends the poller, not the driver", async () => {
  const { poller, edge } = start((_asset, _source, { at }) => {
    if (at === 7) throw new Error("broken");
  });
  expect(() => edge(7)).not.toThrow();
  await expect(poller.done).rejects.toThrow("broken");
});
