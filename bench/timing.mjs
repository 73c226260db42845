/** What arrival times at the server tell: how late polls were, whether they drifted, how many never came. Pure. */

const quantile = (sorted, share) =>
  sorted[Math.min(Math.ceil(sorted.length * share), sorted.length) - 1] ?? 0;

/** The commonest phase of arrivals in the period, to a millisecond. */
function phaseOf(times, pollMs) {
  const bins = new Array(Math.ceil(pollMs)).fill(0);
  for (const time of times) bins[Math.floor(time % pollMs)]++;
  return bins.indexOf(Math.max(...bins));
}

/**
 * `arrivals`: of each unit, milliseconds. Lateness is counted from the unit's own grid: its period, and the phase that
 * 5 % of its polls were earlier than. What is later than three quarters of a period looks early and counts as on time.
 * `driftMs`: median lateness in the last quarter minus that in the first. `delivered`: share of the polls due between
 * the first and the last of each unit.
 */
export function timingOf(arrivals, pollMs) {
  const late = [];
  const parts = [[], []];
  let due = 0;
  for (const times of arrivals) {
    const phase = phaseOf(times, pollMs) - pollMs / 4;
    const offsets = times.map((time) => (((time - phase) % pollMs) + pollMs) % pollMs);
    const base = quantile(
      [...offsets].sort((a, b) => a - b),
      0.05,
    );
    due += Math.round(((times.at(-1) ?? 0) - (times[0] ?? 0)) / pollMs) + 1;
    offsets.forEach((offset, i) => {
      late.push(Math.max(offset - base, 0));
      if (i < offsets.length / 4) parts[0].push(offset - base);
      if (i >= (offsets.length * 3) / 4) parts[1].push(offset - base);
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
