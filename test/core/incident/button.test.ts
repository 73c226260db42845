/** Buttons and key switches: which changes of a point are acts. */
import { expect, test } from "vitest";
import { pressed } from "../../../agent/core/incident/button.ts";
import type { ButtonModel } from "../../../agent/core/incident/model.ts";
import { faulted, MIN, T0 } from "./scene.ts";

const key: ButtonModel = { point: 3, name: "key", act: "respond", on: true };
const lamp: ButtonModel = { point: 4, name: "bell", act: "acknowledge", on: false };

test.each([
  ["the key is turned", 3, false, true, ["respond"]],
  ["it is turned back", 3, true, false, []],
  ["nothing changed", 3, true, true, []],
  ["the first value ever", 3, null, true, []],
  ["another point", 5, false, true, []],
  ["one that means it by false", 4, true, false, ["acknowledge"]],
  ["a number is no switch", 3, 0, 1, []],
])("%s", (_, point, from, to, acts) => {
  const inputs = pressed([key, lamp], "press-01", point, from, to, T0);
  expect(inputs.map(({ act }) => act)).toEqual(acts);
});

test("a technician on site, once however often the same press is told", () => {
  const play = faulted();
  const [press] = pressed([key], "press-01", 3, false, true, T0 + 6 * MIN);
  expect(play.act(T0 + 6 * MIN, "respond", press)).toBeNull();
  expect(play.last()).toMatchObject({
    status: "responded",
    responseMode: "on-site",
    by: "button:key",
    via: "button",
  });
  expect(play.act(T0 + 6 * MIN, "respond", press)).toBeNull();
  expect(play.statuses()).toEqual(["opened", "responded"]);
  const [again] = pressed([key], "press-01", 3, false, true, T0 + 7 * MIN);
  expect(play.act(T0 + 7 * MIN, "respond", again)).toBe("i-1 has been responded to");
});
