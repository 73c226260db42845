/** What people are told of the channels: learning, a contaminated warm-up, judging, a sensor that has failed. */
import { expect, test } from "vitest";
import { newBank } from "../../../agent/core/signal/bank.ts";
import { standingOf } from "../../../agent/core/signal/standing.ts";
import { DAY, modelOf, play, rowsOf, START } from "./rig.ts";

const words = (days: number, spoil?: (x: number[], at: number) => void) => {
  const model = modelOf();
  const bank = newBank(model);
  play(model, rowsOf(days, 1, spoil), bank);
  return standingOf(model, bank).map(({ baseline, days: seen, fault }) => [baseline, seen, fault]);
};

test("learning, then judging; the load explains and is not judged", () => {
  expect(words(3)).toEqual([
    ["none", 0, null],
    ["learning", 3, null],
    ["learning", 3, null],
  ]);
  expect(words(8).map(([baseline]) => baseline)).toEqual(["none", "judging", "judging"]);
});

test("a machine that changes while it is learned is learned on, and says so", () => {
  const changed = words(7, (x, at) => {
    if (at > START + 3 * DAY) x[1]! *= 1.5;
  });
  expect(changed[1]?.[0]).toBe("contaminated");
  expect(changed[2]?.[0]).toBe("judging");
});

test("a failed sensor", () => {
  const stuck = words(9.5, (x, at) => {
    if (at > START + 9 * DAY + DAY / 3) x[2] = 7;
  });
  expect(stuck[2]).toEqual(["judging", 0, "stuck"]);
});
