/** Findings of blocks with their evidence: drift with its estimate, zones. Called when something is found; judges nothing. */
import { type Block, expectedOf, noiseOf, SHIFT } from "./baseline.ts";
import { goodShare } from "./block.ts";
import { baseOf } from "./book.ts";
import { ZONE } from "./cells.ts";
import type { Evidence, SignalChange } from "./change.ts";
import { DOWN, effectOf, onsetOf, SIDE, UP } from "./drift.ts";
import { estimateOf, seriesOf, urgency } from "./estimate.ts";
import { raise, relent } from "./life.ts";
import type { BankModel, Severity } from "./model.ts";
import { baselineRef, finite, traceOf } from "./proof.ts";
import { evidenceAt, findingOf, type Reported, signalId } from "./report.ts";
import { boundaryOf, ZONE_REASONS } from "./zone.ts";

function evidenceOf(model: BankModel, { diary }: Reported, block: Block, reason: string): Evidence {
  const { state, recipe, runMs } = diary;
  const evidence = evidenceAt(
    model,
    { at: block.at, runMs, state, recipe, observed: true },
    reason,
  );
  evidence.load = finite(block.load);
  return evidence;
}

const expectedIn = (base: number[], block: Block): number => expectedOf(base, block) + base[SHIFT]!;

export function driftChange(
  model: BankModel,
  bank: Reported,
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
  finding.baseline = baselineRef(channel, base, bank.diary, expectedIn(base, block));
  return raise(bank.signals, finding, block.at);
}

export const driftOver = (model: BankModel, bank: Reported, i: number): SignalChange | null =>
  relent(bank.signals, signalId(model, i, "drift"), bank.diary.ranAt);

export function zoneChange(
  model: BankModel,
  bank: Reported,
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
  evidence.good = goodShare(bank.cells[i]!);
  evidence.trace = traceOf(model, bank, i);
  const severity: Severity = level === 3 ? "alarm" : level === 2 ? "warning" : "advisory";
  const finding = findingOf(model, i, "zone", severity, evidence, null);
  const base = baseOf(book, channel.byRecipe ? bank.diary.recipeContext : bank.diary.context);
  if (base !== null)
    finding.baseline = baselineRef(channel, base, bank.diary, expectedIn(base, block));
  return raise(bank.signals, finding, block.at);
}
