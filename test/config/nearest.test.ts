/** Did you mean. */
import { expect, test } from "vitest";
import { didYouMean, editDistance, nearest } from "../../config/nearest.ts";

test.each([
  ["", "", 0],
  ["abc", "abc", 0],
  ["abc", "", 3],
  ["kitten", "sitting", 3],
  ["poll", "pool", 1],
  ["recieve", "receive", 1],
])("%s to %s takes %i", (a, b, edits) => expect(editDistance(a, b)).toBe(edits));

test.each([
  ["pol", "poll"],
  ["Poll", "poll"],
  ["conection", "connection"],
  ["hold", null],
  ["x", null],
  ["a".repeat(65), null],
])("%s is near to %s", (word, expected) => {
  expect(nearest(word, ["poll", "connection", "holdLast"])).toBe(expected);
});

test("a hint names the nearest, else all there is, unless that is too much or nothing", () => {
  expect(didYouMean("pol", ["poll"])).toBe("did you mean `poll`?");
  expect(didYouMean("zzz", ["a", "b"])).toBe("known: a, b");
  expect(didYouMean("zzz", [])).toBe("there is none");
  expect(
    didYouMean(
      "zzz",
      Array.from({ length: 17 }, (_, n) => `point${n}`),
    ),
  ).toBeNull();
});
