/**
 * Burn alerts that can fire: all time down burns 1 / (1 - target) times the even pace, and nothing burns faster
 * (metrics D1). Scheduled time of a period is taken from a symbolic week.
 */
import { calendarOf, type Draft } from "../draft.ts";
import { exactOf } from "../exact.ts";
import type { Path } from "../problem.ts";
import type { BurnAlert, Contract } from "../types.ts";
import { durationMs, minutesOf } from "../units.ts";
import { weekdaysOf } from "../weekday.ts";
import { error, errorAtKey, type Report } from "./report.ts";
import { checkDuration } from "./time.ts";

const MINUTE = 60_000;
const WEEK = 7 * 24 * 60 * MINUTE;

export function checkBurnAlerts(
  report: Report,
  path: Path,
  contract: Contract,
  draft: Draft,
): void {
  const { burnAlerts, outcomes } = contract;
  const targets = outcomes
    .filter(({ metric }) =>
      ["uptime", "supplier-dependent-uptime", "availability"].includes(metric),
    )
    .flatMap(({ target }) => (String(target).includes("%") ? [String(target)] : []));
  const windows = new Set<number>();
  for (const [index, alert] of burnAlerts.entries()) {
    const at = [...path, "burnAlerts", index];
    if ((alert.factor === undefined) === (alert.share === undefined)) {
      error(report, at, "needs either factor or share");
      continue;
    }
    const window = checkDuration(report, [...at, "window"], alert.window, {
      least: "5min",
      most: "90d",
    });
    if (window === null) continue;
    // An alert is known by its window and told once a period: the second one would be lost.
    if (windows.has(window)) error(report, [...at, "window"], "has an alert already");
    windows.add(window);
    if (targets.length === 0) {
      errorAtKey(report, at, "needs an outcome in downtime with a target");
      continue;
    }
    const needed = neededBurn(alert, window, contract, draft);
    if (needed !== null) checkReachable(report, at, alert, needed, targets);
  }
}

/** Fires for no outcome: not even where least downtime is allowed. */
function checkReachable(
  report: Report,
  path: Path,
  alert: BurnAlert,
  needed: number,
  targets: string[],
): void {
  const highest = targets
    .map((text) => ({ text, share: exactOf(text) }))
    .sort((a, b) => b.share.n * a.share.d - a.share.n * b.share.d)[0];
  if (!highest) return;
  const { n, d } = highest.share;
  const allowed = d - n;
  if (allowed === 0 || needed * allowed <= d) return;
  const most = plain(d / allowed);
  const key = alert.factor === undefined ? "share" : "factor";
  const means = alert.factor === undefined ? ` (a burn of ${plain(needed)})` : "";
  const given = `${alert.factor ?? alert.share}${means}`;
  const message = `can never fire: at a target of ${highest.text} the burn is at most ${most}, not ${given}`;
  error(report, [...path, key], message, "lower it, or lengthen the window");
}

const plain = (value: number): string => String(Math.round(value * 100) / 100);

/** As times the even pace; null where the scheduled time is not known. */
function neededBurn(
  { factor, share }: BurnAlert,
  window: number,
  contract: Contract,
  draft: Draft,
): number | null {
  if (factor !== undefined) return factor;
  const planned = Math.min(...contract.assets.map((id) => plannedMs(id, contract, draft)));
  if (share === undefined || !Number.isFinite(planned)) return null;
  const { n, d } = exactOf(share);
  return (n * planned) / (d * window);
}

const DAYS = { month: 30, rolling: 30, quarter: 91, year: 365, "contract-year": 365 };

/** Scheduled time of an asset in a usual period. */
function plannedMs(id: string, { period, denominator }: Contract, draft: Draft): number {
  const days = DAYS[period];
  const calendar = calendarOf(draft, id);
  if (!calendar || denominator === "calendar") return days * 24 * 60 * MINUTE;
  let weekly = 0;
  for (const shift of calendar.shifts) {
    if (!shift) continue;
    const breaks = shift.breaks.reduce((sum, pause) => sum + lengthOf(pause), 0);
    weekly += weekdaysOf(shift.days).length * (lengthOf(shift) - breaks);
  }
  return (weekly * days * durationMs("1d")) / WEEK;
}

function lengthOf({ start, end }: { start: string; end: string }): number {
  const minutes = minutesOf(end) - minutesOf(start);
  return (minutes > 0 ? minutes : minutes + 24 * 60) * MINUTE;
}
