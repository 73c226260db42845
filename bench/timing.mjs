/** What arrival times at the server tell: how late polls were, whether they drifted, how many never came. Pure. */

const quantile = (sorted, share) =>
  sorted[Math.min(Math.ceil(sorted.length * share), sorted.length) - 1] ?? 0;

/**
 * `arrivals`: of each unit, milliseconds. Lateness is counted from the unit's own grid: its period and the earliest
 * phase seen. `driftMs`: median lateness in the last quarter minus that in the first.
 * `delivered`: share of the polls due between the first and the last of each unit.
 */
export function timingOf(arrivals, pollMs) {
  const late = [];
  const parts = [[], []];
  let due = 0;
  for (const times of arrivals) {
    const [origin = 0] = times;
    const offsets = times.map(
      (time) => time - origin - Math.round((time - origin) / pollMs) * pollMs,
    );
    const phase = Math.min(...offsets);
    due += Math.round(((times.at(-1) ?? origin) - origin) / pollMs) + 1;
    offsets.forEach((offset, i) => {
      late.push(offset - phase);
      if (i < offsets.length / 4) parts[0].push(offset - phase);
      if (i >= (offsets.length * 3) / 4) parts[1].push(offset - phase);
    });
  }
  for (const list of [late, ...parts]) list.sort((a, b) => a - b);
  return {
    delivered: late.length / due,
    p50: quantile(late, 0.5),
    p99: quantile(late, 0.99),
    max: late.at(-1) ?? 0,
    driftMs: quantile(parts[1], 0.5) - quantile(parts[0], 0.5),
  };
}
