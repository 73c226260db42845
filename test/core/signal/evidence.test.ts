/** What a drift signal says is worked out again from the rows and from its evidence alone, by another way. */
import { expect, test } from "vitest";
import type { SignalChange } from "../../../agent/core/signal/change.ts";
import { autoChannel, LIMIT } from "../../../agent/core/signal/settings-plant.ts";
import { ZONES } from "../../../agent/core/signal/zone.ts";
import { DAY, HOUR, MINUTE, modelOf, play, type Row, rowsOf, START } from "./rig.ts";

const BLOCK = 10 * MINUTE;

const mean = (values: number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

/** Deviations of ten-minute blocks up to the last of the evidence, newest last. */
function deviations(rows: Row[], change: SignalChange, blocks: number): number[] {
  const { baseline, evidence } = change;
  const load = baseline!.slopes!.load!;
  return Array.from({ length: blocks }, (_, k) => {
    const to = evidence.last! - (blocks - 1 - k) * BLOCK;
    const part = rows.filter(({ now }) => now.at > to - BLOCK && now.at <= to);
    const off = mean(part.map(({ x }) => x[0]!)) - load.at;
    return mean(part.map(({ x }) => x[2]!)) - (baseline!.mean + load.slope * off + baseline!.shift);
  });
}

test("the sum since the onset, the deviation of the last block, and the sigmas", () => {
  const rows = rowsOf(21, 8, (x, at) => {
    if (at > START + 20 * DAY + 9 * HOUR) x[2]! += 0.8;
  });
  const model = modelOf();
  const change = play(model, rows).find(({ id }) => id === "motor-current-drift")!;
  const { baseline, evidence, onset } = change;
  const { k, h } = model.channels[2]!.drift!;
  const blocks = (evidence.last! - onset!) / BLOCK + 1;
  expect(blocks).toBeGreaterThan(6);
  const off = deviations(rows, change, blocks);
  const sum = off.reduce((s, one) => {
    const z = Math.min(4, Math.max(-4, one / baseline!.sd));
    return Math.min(2 * h, Math.max(0, s + z - k));
  }, 0);
  expect(evidence.statistic).toBeCloseTo(sum, 6);
  expect(evidence.value! - baseline!.expected!).toBeCloseTo(off.at(-1)!, 9);
  expect(evidence.sigmas).toBe(evidence.effect! / baseline!.noise!);
});

test("a step and a limit come with what is usual and the days before", () => {
  const model = modelOf();
  model.channels[2]!.limit = { ...LIMIT, high: 40 };
  const rows = rowsOf(16, 11, (x, at) => {
    if (at > START + 15 * DAY + 9 * HOUR) x[2]! += 20;
  });
  const changes = play(model, rows);
  const step = changes.find(({ id }) => id === "motor-current-step")!;
  expect(step.evidence.effect).toBeGreaterThan(19);
  expect(step.evidence.effect).toBeLessThan(21);
  expect(step.evidence.value! - step.evidence.effect!).toBeCloseTo(step.evidence.limit!, 9);
  expect(Math.abs(step.baseline!.expected! - step.evidence.limit!)).toBeLessThan(1);
  const limit = changes.find(({ id }) => id === "motor-current-limit")!;
  for (const { evidence } of [step, limit]) {
    expect(evidence.trace.length).toBeGreaterThan(7);
    for (const [, value] of evidence.trace.slice(0, -1)) expect(Math.round(value / 2)).toBe(13);
  }
});

test("a change of a quarter of boundary B/C is seen on a quiet machine as well", () => {
  const model = modelOf();
  const quiet = autoChannel("vibration", "vibration-velocity", "mm/s");
  model.channels[1] = { ...quiet, zone: ZONES.find(({ name }) => name === "group-2-rigid")! };
  const rows = rowsOf(22, 9, (x, at) => {
    if (at > START + 20 * DAY) x[1]! += 0.8;
  });
  const zone = play(model, rows).find(({ kind }) => kind === "zone");
  expect(zone).toMatchObject({ status: "raised", evidence: { reason: "change" } });
});
