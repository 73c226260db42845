/** Time to the threshold of a drifting channel: from its days to running hours and calendar time. Severity follows from it by rule. */
import type { Millis } from "../time.ts";
import { BY_LOAD, CENTER, LOAD, SCALE } from "./baseline.ts";
import { ABSENT, type Book, firstBase } from "./book.ts";
import type { Estimate } from "./change.ts";
import { calendarOf, DAY, type Diary, middles, runAt } from "./diary.ts";
import { onsetOf } from "./drift.ts";
import type { DriftModel, Severity } from "./model.ts";
import { median } from "./order.ts";
import { crossing } from "./trend.ts";

export interface Series {
  run: number[];
  at: Millis[];
  value: number[];
}

/** Daily medians in units, at the load at which thresholds are meant (null: the usual one) and the usual ambient; today's so far last. */
export function seriesOf(
  book: Book,
  diary: Diary,
  model: Pick<DriftModel, "log">,
  clock: Millis,
  nominalLoad: number | null,
): Series {
  const series: Series = { run: [], at: [], value: [] };
  const base = firstBase(book);
  if (base === null) return series;
  const shift = nominalLoad === null ? 0 : base[BY_LOAD]! * (nominalLoad - base[LOAD]!);
  const center = base[CENTER]! + shift;
  const unit = (off: number): number => (model.log ? Math.exp(center + off) : center + off);
  const run = middles(diary);
  const skip = run.length - book.days.length;
  for (const [i, off] of book.days.entries()) {
    if (off === ABSENT || !Number.isFinite(unit(off))) continue;
    series.run.push(run[skip + i]!);
    series.at.push(diary.endAt[skip + i]!);
    series.value.push(unit(off));
  }
  const today = unit(median(book.hours));
  if (book.hours.length >= 2 && Number.isFinite(today)) {
    series.run.push((diary.dayFrom + clock) / 2);
    series.at.push(diary.ranAt);
    series.value.push(today);
  }
  return series;
}

export function estimateOf(
  book: Book,
  diary: Diary,
  model: DriftModel,
  series: Series,
  clock: Millis,
): Estimate | null {
  const base = firstBase(book);
  if (base === null) return null;
  const at = diary.ranAt;
  const { threshold } = model;
  const missing = { p10Ms: null, p50Ms: null, p90Ms: null };
  const nothing = { ...missing, p10RunMs: null, p50RunMs: null, p90RunMs: null };
  if (threshold === null) return { at, threshold, none: "no-threshold", ...nothing };
  const last = series.value[series.value.length - 1] ?? 0;
  const { none, p10, p50, p90 } = crossing({
    run: series.run,
    value: series.value,
    onsetRun: runAt(diary, onsetOf(book.drift)),
    nowRun: clock,
    threshold,
    scale: model.log ? base[SCALE]! * last : base[SCALE]!,
    log: model.logTrend,
  });
  if (none !== null) return { at, threshold, none, ...nothing };
  return {
    at,
    threshold,
    none,
    p10Ms: calendarOf(diary, p10, at),
    p50Ms: calendarOf(diary, p50, at),
    p90Ms: calendarOf(diary, p90, at),
    p10RunMs: whole(p10),
    p50RunMs: whole(p50),
    p90RunMs: whole(p90),
  };
}

const whole = (ms: number | null): Millis | null => (ms === null ? null : Math.round(ms));

/** Advisory: statistical only; warning: half a chance within 14 days; alarm: nine in ten within 48 hours. */
export function urgency(estimate: Estimate | null): Severity {
  if (estimate === null) return "advisory";
  if (estimate.p90Ms !== null && estimate.p90Ms < 2 * DAY) return "alarm";
  return estimate.p50Ms !== null && estimate.p50Ms < 14 * DAY ? "warning" : "advisory";
}
