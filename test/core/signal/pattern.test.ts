/** Channels together: what one of them has said is not said again, neither while it stands nor while it goes. */
import { describe, expect, test } from "vitest";
import type { BankModel } from "../../../agent/core/signal/model.ts";
import { DAY, HOUR, modelOf, play, raisedOf, rowsOf, START } from "./rig.ts";

const model: BankModel = { ...modelOf(), together: [1, 2] };
const from = START + 20 * DAY;

describe("channels together", () => {
  test("a channel that drifts and comes back is told of by itself alone", () => {
    const rows = rowsOf(30, 5, (x, at) => {
      if (at > from && at < from + 5 * DAY) x[1]! *= 1.3;
    });
    const raised = raisedOf(play(model, rows));
    expect(raised).toContain("vibration-drift");
    expect(raised).not.toContain("machine-pattern");
  });

  test("channels that part, each within what it does by itself, are told of together, above the limit", () => {
    const rows = rowsOf(26, 5, (x, at) => {
      const sway = Math.sin(at / (1.7 * HOUR)) + Math.sin(at / (0.63 * HOUR));
      x[1]! += 0.1 * sway;
      x[2]! += (at < from ? 2 : -2) * sway;
    });
    const { at, evidence } = play(model, rows).find(({ id }) => id === "machine-pattern")!;
    expect(at).toBeLessThan(from + DAY);
    expect(evidence.statistic).toBeGreaterThan(evidence.against!);
    expect(evidence.contributions.map(({ channel }) => channel).sort()).toEqual([
      "motorCurrent",
      "vibration",
    ]);
  });
});
