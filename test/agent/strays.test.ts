/** The alarm for a second master: told within half a minute, once per spell. */
import { expect, test } from "vitest";
import { watchStrays } from "../../agent/strays.ts";

function watched(counts: () => number) {
  const told: [string, number][] = [];
  const health = () => ({
    state: "up" as const,
    lastFailure: null,
    requests: 0,
    failures: 0,
    reconnects: 0,
    strays: counts(),
  });
  const watch = watchStrays(new Map([["bus", { health }]]), (id, frames) =>
    told.push([id, frames]),
  );
  return { watch, told };
}

test("several foreign frames within one look are told once, and again after a quiet one", () => {
  let strays = 0;
  const { watch, told } = watched(() => strays);
  watch.look(0);
  strays = 2;
  watch.look(30_000);
  expect(told).toEqual([]);
  strays = 12;
  watch.look(45_000);
  expect(told).toEqual([]);
  watch.look(60_000);
  strays = 30;
  watch.look(90_000);
  expect(told).toEqual([["bus", 10]]);
  watch.look(120_000);
  strays = 34;
  watch.look(150_000);
  expect(told).toEqual([
    ["bus", 10],
    ["bus", 4],
  ]);
});

test("a port that was opened anew counts from nothing", () => {
  let strays = 50;
  const { watch, told } = watched(() => strays);
  watch.look(0);
  expect(told).toEqual([["bus", 50]]);
  strays = 1;
  watch.look(30_000);
  strays = 5;
  watch.look(60_000);
  expect(told).toEqual([
    ["bus", 50],
    ["bus", 4],
  ]);
});
