/**
 * Every interval of a span with its evidence: which rule decided, where its points are read, how sure the edge is,
 * what the machine said there. Claims no more than journal and raw log hold.
 */

import { annotate } from "../../core/annotation/note.ts";
import type { AggregateFact } from "../../core/fact.ts";
import type { IntervalFact } from "../../core/journal.ts";
import type { AssetModel } from "../../core/model.ts";
import { type Loss, lossOf, namedLosses } from "../../core/projection/loss.ts";
import { type Millis, overlapMs } from "../../core/time.ts";
import { configAt, type Known } from "../known.ts";
import type { Slice } from "../slice.ts";
import { type Bus, type Register, registerOf } from "./register.ts";
import { ruleText } from "./rule-text.ts";
import type { Around, Edge } from "./samples.ts";

export interface Explained {
  interval: IntervalFact;
  /** Doubt about the begin, ms. */
  edgeMs: Millis;
  rule: { index: number; text: string } | null;
  /** What its time is lost to; null: it is no loss. */
  loss: Loss | null;
  /** Of the points the rule needed. */
  registers: Register[];
  points: string[];
  /** The registers are of the configuration at hand, and this interval was decided under another. */
  otherConfig: boolean;
  configHash: string;
  samples: Around;
  /** Minutes around the edge, where raw has nothing. */
  aggregates: AggregateFact[];
}

/** An interval and what to look up for it. */
export interface Question {
  interval: IntervalFact;
  model: AssetModel;
  configHash: string;
  rule: Explained["rule"];
  points: string[];
  edge: Edge;
}

/** In order of time; an interval that began before the span is told from its begin, and parts that windows cut are one. */
export function questionsOf({
  known,
  slices,
}: {
  known: Known;
  slices: readonly Slice[];
}): Question[] {
  return slices.flatMap((slice) => {
    const { from, settledTo } = slice;
    return joined(annotate(slice.intervals, slice.notes))
      .filter((interval) => overlapMs(interval, from, settledTo) > 0)
      .map((interval) => questionOf(known, slice.asset, interval));
  });
}

function joined(intervals: readonly IntervalFact[]): IntervalFact[] {
  const whole: IntervalFact[] = [];
  for (const interval of intervals) {
    const last = whole.at(-1);
    if (last && goesOn(last, interval)) whole[whole.length - 1] = { ...last, to: interval.to };
    else whole.push(interval);
  }
  return whole;
}

/** Equal in all but place, and no sample between them. */
function goesOn(a: IntervalFact, b: IntervalFact): boolean {
  const { from: _f, to: _t, edgeFrom: _e, ...mine } = a;
  const { from, to: _, edgeFrom, ...others } = b;
  return a.to === from && edgeFrom === null && JSON.stringify(mine) === JSON.stringify(others);
}

function questionOf(known: Known, asset: AssetModel, interval: IntervalFact): Question {
  const config = configAt(known, interval.from + 1);
  const model = config?.model.assets.find(({ id }) => id === asset.id) ?? asset;
  const rule = ruleText(model, interval.rule);
  const points = rule?.points ?? model.points.map(({ id }) => id);
  const first = model.points.find(({ id }) => id === points[0]);
  const source = model.sources[first?.source ?? 0]?.id ?? "";
  return {
    ...{ interval, model, configHash: config?.hash ?? "", points },
    rule: rule && { index: interval.rule ?? 0, text: rule.text },
    edge: { asset: asset.id, at: interval.from, source, points },
  };
}

export interface Answers {
  /** In the order of the questions. */
  samples: Around[];
  aggregates(asset: string, from: Millis, to: Millis): AggregateFact[];
  /** null: no configuration at hand. */
  bus: (Bus & { hash: string }) | null;
}

const MINUTE = 60_000;

export function explain(questions: readonly Question[], answers: Answers): Explained[] {
  const { bus } = answers;
  return questions.map(({ interval, model, configHash, rule, points }, i) => {
    const samples = answers.samples[i] ?? { before: null, shown: null };
    const { asset, from, edgeFrom } = interval;
    const isBare = samples.before === null && samples.shown === null;
    const minutes = isBare ? answers.aggregates(asset, from - 2 * MINUTE, from + 2 * MINUTE) : [];
    const registers = bus ? points.map((point) => registerOf(bus, asset, point)) : [];
    return {
      ...{ interval, configHash, rule, points, samples },
      loss: lossOf(interval, namedLosses(model.reasons)),
      edgeMs: edgeFrom === null ? 0 : from - edgeFrom,
      registers: registers.filter((register) => register !== null),
      otherConfig: bus !== null && bus.hash !== configHash,
      aggregates: minutes.filter(({ point }) => points.includes(point)),
    };
  });
}
