/**
 * Alarms against labels: F1, false and missed alarm rates over rows, and what counts more on a shop floor: faults
 * found, delay, false episodes before onset. Refuses to judge the training rows.
 */

export interface Confusion {
  tp: number;
  tn: number;
  fp: number;
  fn: number;
}

export interface Scores {
  rows: number;
  /** 2 TP / (2 TP + FP + FN), and rates in percent; null where undefined. */
  f1: number | null;
  farPercent: number | null;
  marPercent: number | null;
  faults: number;
  found: number;
  /** Alarms that began on a healthy row and ended before any fault. */
  falseEpisodes: number;
  /** Rows from the first row of a fault to the first alarm in it, of the faults found. */
  delays: number[];
}

export function confusion(
  alarms: ArrayLike<number>,
  labels: ArrayLike<number>,
  from: number,
): Confusion {
  const sum: Confusion = { tp: 0, tn: 0, fp: 0, fn: 0 };
  for (let i = from; i < labels.length; i++) {
    if (labels[i]) sum[alarms[i] ? "tp" : "fn"]++;
    else sum[alarms[i] ? "fp" : "tn"]++;
  }
  return sum;
}

export function rates({
  tp,
  tn,
  fp,
  fn,
}: Confusion): Pick<Scores, "f1" | "farPercent" | "marPercent"> {
  const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
  return {
    f1: ratio(2 * tp, 2 * tp + fp + fn),
    farPercent: ratio(100 * fp, fp + tn),
    marPercent: ratio(100 * fn, fn + tp),
  };
}

/** Spans of ones, first and last inclusive. */
export function spans(flags: ArrayLike<number>, from: number): [number, number][] {
  const out: [number, number][] = [];
  for (let i = from; i < flags.length; i++) {
    if (!flags[i]) continue;
    if (i > from && flags[i - 1]) out.at(-1)![1] = i;
    else out.push([i, i]);
  }
  return out;
}

export function scoreAlarms(
  alarms: ArrayLike<number>,
  labels: ArrayLike<number>,
  from: number,
): Scores {
  const faults = spans(labels, from);
  const alarmed = spans(alarms, from);
  const delays = faults.flatMap(([first, last]) => {
    for (let i = first; i <= last; i++) if (alarms[i]) return [i - first];
    return [];
  });
  const isFalse = ([first, last]: [number, number]): boolean =>
    !faults.some(([a, b]) => first <= b && last >= a);
  return {
    rows: labels.length - from,
    ...rates(confusion(alarms, labels, from)),
    faults: faults.length,
    found: delays.length,
    falseEpisodes: alarmed.filter(isFalse).length,
    delays,
  };
}
