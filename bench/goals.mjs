/** The goals of docs/performance.md and whether this run met them. A goal without its anchor says so. */
import { table } from "./table.mjs";

/** One row of the goals: `value` against `limit`; without an anchor the row says so. */
function goal(
  name,
  text,
  value,
  limit,
  { atLeast = false, unit = "", digits = 2, note = "" } = {},
) {
  if (value === null || value === undefined || Number.isNaN(value))
    return [name, text, "–", "not measured"];
  const met = atLeast ? value >= limit : value <= limit;
  return [name, text, `${value.toFixed(digits)}${unit}${note}`, met ? "met" : "**missed**"];
}

const over = (a, b) => (a && b ? a / b : null);

export function goals({ fast, slow, crowd, startup, drain, disk }) {
  const rows = [];
  if (fast) {
    rows.push(
      goal(
        "CPU per poll, 20 × 20 registers × 10 Hz, of Node-RED",
        "≤ 1/3",
        over(fast.agent.per1000, fast.nodeRed?.per1000),
        1 / 3,
        { unit: " ×" },
      ),
    );
    rows.push(
      goal(
        "the same, of C with the same slots",
        "≤ 4",
        over(fast.agent.per1000, fast["c-publish"]?.per1000),
        4,
        { unit: " ×" },
      ),
    );
    rows.push(goal("RSS at 20 × 10 Hz", "≤ 90 MB", fast.agent.rss, 90, { unit: " MB", digits: 0 }));
  }
  if (slow) {
    rows.push(
      goal(
        "CPU per poll, 20 × 20 registers × 1 Hz, of Node-RED",
        "≤ 1/3",
        over(slow.agent.per1000, slow.nodeRed?.per1000),
        1 / 3,
        { unit: " ×" },
      ),
    );
    rows.push(
      goal(
        "the same, of C with the same slots",
        "≤ 4",
        over(slow.agent.per1000, slow["c-publish"]?.per1000),
        4,
        { unit: " ×" },
      ),
    );
  }
  if (crowd) {
    const { normal, slow: worn, c } = crowd;
    const note = c ? ` (C in the same minutes: ${c.timing.p99.toFixed(1)} ms)` : "";
    rows.push(
      goal("polls delivered, 100 units × 10 Hz", "≥ 99.9 %", normal.timing.delivered * 100, 99.9, {
        atLeast: true,
        unit: " %",
      }),
    );
    rows.push(
      goal("lateness p99 of these polls", "≤ 10 ms", normal.timing.p99, 10, {
        unit: " ms",
        digits: 1,
        note,
      }),
    );
    rows.push(
      goal("drift over the run", "none (± 1 ms)", Math.abs(normal.timing.driftMs), 1, {
        unit: " ms",
      }),
    );
    rows.push(
      goal("event loop delay p99, whatever the cause", "≤ 5 ms", normal.loop.p99, 5, {
        unit: " ms",
      }),
    );
    rows.push(
      goal("lateness p99, every fsync 300 ms slower", "≤ 10 ms", worn?.timing.p99, 10, {
        unit: " ms",
        digits: 1,
      }),
    );
    rows.push(
      goal("event loop delay p99, every fsync 300 ms slower", "≤ 5 ms", worn?.loop.p99, 5, {
        unit: " ms",
      }),
    );
    rows.push(
      goal(
        "machines falsely called silent, every fsync 300 ms slower",
        "0",
        worn?.silence?.silent,
        0,
        { digits: 0 },
      ),
    );
  }
  if (disk) {
    rows.push(
      goal(
        "to flash per day without raw, 20 × 30 registers × 1 Hz",
        "≤ 575 MB (25 per machine, 75 per gateway)",
        disk.databaseMb,
        575,
        { unit: " MB", digits: 0 },
      ),
    );
    rows.push(
      goal(
        "raw segments per machine-day",
        "≤ 15 MB",
        disk.rawMb === null ? null : disk.rawMb / 20,
        15,
        { unit: " MB", digits: 1 },
      ),
    );
  }
  if (startup)
    rows.push(
      goal("start-up to first poll", "≤ 500 ms", startup.agent.ms, 500, { unit: " ms", digits: 0 }),
    );
  if (drain) {
    rows.push(
      goal("backlog drain, of mqtt.js alone at the same window", "≥ 0.5", drain.ratio, 0.5, {
        atLeast: true,
        unit: " ×",
      }),
    );
    rows.push(
      goal("lateness p99 while draining, of idle", "≤ 2", over(drain.duringP99, drain.idleP99), 2, {
        unit: " ×",
      }),
    );
  }
  if (disk) {
    rows.push(
      goal("replay of a month, 20 × 30 registers × 1 Hz", "≤ 5 min", disk.replay.monthS / 60, 5, {
        unit: " min",
        digits: 1,
      }),
    );
    rows.push(
      goal("records of the replay that differ from live", "0", disk.replay.differences, 0, {
        digits: 0,
        note: ` of ${disk.replay.live}`,
      }),
    );
  }
  return table(["quantity", "goal", "measured", ""], rows);
}
