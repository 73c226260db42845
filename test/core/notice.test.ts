/** What the shell puts on record becomes an event of the gateway or of an asset, with the kind it names. */
import { expect, test } from "vitest";
import { bench } from "../support/plant.ts";

const T0 = Date.UTC(2026, 10, 23, 6);
const detail = { source: "main", what: "vendor" };

test.each([
  ["data of the gateway", {}, null, "data"],
  [
    "configuration of an asset",
    { type: "config", asset: "press-01" } as const,
    "press-01",
    "config",
  ],
])("%s", (_, about, asset, type) => {
  const plant = bench(T0);
  plant.feed({ kind: "notice", at: T0 + 5, start: T0, end: null, detail, ...about });
  const event = plant.records().find(({ class: c }) => c === "event");
  expect(event).toMatchObject({
    asset,
    time: T0 + 5,
    body: { type, start: T0, end: null, detail },
  });
});

test("an asset that is not there has none", () => {
  const plant = bench(T0);
  plant.feed({ kind: "notice", asset: "other", at: T0, start: T0, end: null, detail });
  expect(plant.records().filter(({ class: c }) => c === "event")).toEqual([]);
});
