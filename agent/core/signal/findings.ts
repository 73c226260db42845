/** Findings of blocks with their evidence: drift with its estimate, zones. Called when something is found; judges nothing. */
import {
  AMBIENT,
  BLOCKS,
  type Block,
  BY_AMBIENT,
  BY_FLOW,
  BY_LOAD,
  CENTER,
  expectedOf,
  FLOW,
  LEARNED,
  LOAD,
  noiseOf,
  SCALE,
  SHIFT,
  VERSION,
} from "./baseline.ts";
import { type Book, baseOf } from "./book.ts";
import { ZONE } from "./cells.ts";
import type { BaselineRef, Evidence, SignalChange } from "./change.ts";
import type { Diary } from "./diary.ts";
import { DOWN, effectOf, onsetOf, SIDE, UP } from "./drift.ts";
import { estimateOf, seriesOf, urgency } from "./estimate.ts";
import { raise, relent } from "./life.ts";
import type { BankModel, ChannelModel, Severity } from "./model.ts";
import { evidenceAt, findingOf, type Reported, signalId } from "./report.ts";
import { boundaryOf, ZONE_REASONS } from "./zone.ts";

interface Found extends Reported {
  diary: Diary;
  books: Book[];
}

const finite = (value: number): number | null => (value - value === 0 ? value : null);

function evidenceOf(model: BankModel, { diary }: Found, block: Block, reason: string): Evidence {
  const { state, recipe, runMs } = diary;
  const evidence = evidenceAt(
    model,
    { at: block.at, runMs, state, recipe, observed: true },
    reason,
  );
  evidence.load = finite(block.load);
  return evidence;
}

/** What a block was measured against, complete enough to measure it again. */
function baselineRef(
  channel: ChannelModel,
  base: number[],
  diary: Diary,
  block: Block,
): BaselineRef {
  const context = channel.byRecipe && diary.recipe !== "" ? `/${diary.recipe}` : "";
  const expected = expectedOf(base, block) + base[SHIFT]!;
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
  if (expected - expected === 0) ref.expected = channel.drift?.log ? Math.exp(expected) : expected;
  return ref;
}

function slopesOf(base: number[]): NonNullable<BaselineRef["slopes"]> {
  const slopes: NonNullable<BaselineRef["slopes"]> = {};
  if (base[BY_LOAD] !== 0) slopes.load = { slope: base[BY_LOAD]!, at: base[LOAD]! };
  if (base[BY_AMBIENT] !== 0) slopes.ambient = { slope: base[BY_AMBIENT]!, at: base[AMBIENT]! };
  if (base[BY_FLOW] !== 0) slopes.flow = { slope: base[BY_FLOW]!, at: base[FLOW]! };
  return slopes;
}

export function driftChange(
  model: BankModel,
  bank: Found,
  i: number,
  base: number[],
  block: Block,
  good: number,
): SignalChange | null {
  const channel = model.channels[i]!;
  const settings = channel.drift!;
  const book = bank.books[i]!;
  const { drift } = book;
  const up = drift[SIDE]! > 0;
  const series = seriesOf(book, bank.diary, settings, bank.gate.clock, model.nominalLoad);
  const estimate = estimateOf(book, bank.diary, settings, series, bank.gate.clock);
  const evidence = evidenceOf(model, bank, block, up ? "up" : "down");
  evidence.value = settings.log ? Math.exp(block.value) : block.value;
  evidence.effect = finite(effectOf(drift));
  evidence.sigmas = finite(effectOf(drift) / noiseOf(base));
  evidence.statistic = up ? drift[UP]! : drift[DOWN]!;
  evidence.against = settings.h;
  evidence.first = onsetOf(drift);
  evidence.good = good;
  evidence.estimate = estimate;
  evidence.trace = series.at.map((at, k) => [at, series.value[k]!]);
  const finding = findingOf(model, i, "drift", urgency(estimate), evidence, onsetOf(drift));
  finding.baseline = baselineRef(channel, base, bank.diary, block);
  return raise(bank.signals, finding, block.at);
}

export const driftOver = (model: BankModel, bank: Found, i: number): SignalChange | null =>
  relent(bank.signals, signalId(model, i, "drift"), bank.diary.ranAt);

export function zoneChange(
  model: BankModel,
  bank: Found,
  i: number,
  block: Block,
): SignalChange | null {
  const channel = model.channels[i]!;
  const level = bank.cells[i]![ZONE]!;
  const { zone } = channel;
  if (zone === null || level === 0) {
    return relent(bank.signals, signalId(model, i, "zone"), block.at);
  }
  const book = bank.books[i]!;
  const evidence = evidenceOf(model, bank, block, ZONE_REASONS[level] ?? "inside");
  evidence.value = block.value;
  evidence.limit = boundaryOf(zone, level);
  evidence.effect = finite(effectOf(book.drift));
  const severity: Severity = level === 3 ? "alarm" : level === 2 ? "warning" : "advisory";
  const finding = findingOf(model, i, "zone", severity, evidence, null);
  const base = baseOf(book, channel.byRecipe ? bank.diary.recipeContext : bank.diary.context);
  if (base !== null) finding.baseline = baselineRef(channel, base, bank.diary, block);
  return raise(bank.signals, finding, block.at);
}
