/**
 * What comes with a finding so that it can be worked out again: the baseline as it was, and the days before as a trace.
 * Read off a bank when something is told; decides nothing.
 */
import type { Millis } from "../time.ts";
import {
  AMBIENT,
  BLOCKS,
  BY_AMBIENT,
  BY_FLOW,
  BY_LOAD,
  CENTER,
  FLOW,
  LEARNED,
  LOAD,
  noiseOf,
  SCALE,
  SHIFT,
  VERSION,
} from "./baseline.ts";
import type { Book } from "./book.ts";
import type { BaselineRef } from "./change.ts";
import type { Diary } from "./diary.ts";
import { seriesOf } from "./estimate.ts";
import type { Gate } from "./gate.ts";
import type { BankModel, ChannelModel } from "./model.ts";

interface Kept {
  gate: Gate;
  diary: Diary;
  books: Book[];
}

export const finite = (value: number): number | null => (value - value === 0 ? value : null);

/** Daily medians of a channel, today's so far last; empty while it has no baseline. */
export function traceOf(model: BankModel, bank: Kept, channel: number): [Millis, number][] {
  const log = model.channels[channel]!.drift?.log === true;
  const { gate, diary, books } = bank;
  const series = seriesOf(books[channel]!, diary, { log }, gate.clock, model.nominalLoad);
  return series.at.map((at, k) => [at, series.value[k]!]);
}

/**
 * What a value was measured against, complete enough to measure it again. `expected`: on the scale that the channel is judged
 * on, with what was followed.
 */
export function baselineRef(
  channel: ChannelModel,
  base: number[],
  diary: Diary,
  expected: number,
): BaselineRef {
  const context = channel.byRecipe && diary.recipe !== "" ? `/${diary.recipe}` : "";
  const ref: BaselineRef = {
    id: `${channel.slug}/${diary.state}${context}/${base[VERSION]}`,
    mean: base[CENTER]!,
    sd: base[SCALE]!,
    n: base[BLOCKS]!,
    learned: base[LEARNED]!,
    shift: base[SHIFT]!,
    noise: noiseOf(base),
    slopes: slopesOf(base),
  };
  const value = channel.drift?.log ? Math.exp(expected) : expected;
  if (value - value === 0) ref.expected = value;
  return ref;
}

function slopesOf(base: number[]): NonNullable<BaselineRef["slopes"]> {
  const slopes: NonNullable<BaselineRef["slopes"]> = {};
  if (base[BY_LOAD] !== 0) slopes.load = { slope: base[BY_LOAD]!, at: base[LOAD]! };
  if (base[BY_AMBIENT] !== 0) slopes.ambient = { slope: base[BY_AMBIENT]!, at: base[AMBIENT]! };
  if (base[BY_FLOW] !== 0) slopes.flow = { slope: base[BY_FLOW]!, at: base[FLOW]! };
  return slopes;
}
