/** Signals: points that exist and can be watched, knobs that belong together, one point for each role. */
import type { ChannelKind } from "../../agent/core/signal/model.ts";
import { ZONES } from "../../agent/core/signal/zone.ts";
import type { DraftAsset } from "../draft.ts";
import { didYouMean } from "../nearest.ts";
import { isModbus, kindOf } from "../point.ts";
import type { Path } from "../problem.ts";
import type { Point, SignalRule } from "../types.ts";
import { durationMs } from "../units.ts";
import { isTimed, isWatchable, kindOfPoint } from "../watchable.ts";
import { error, errorAtKey, type Report } from "./report.ts";
import { checkDuration } from "./time.ts";
import { checkUpstream } from "./upstream.ts";
import { findPoint } from "./when.ts";

const SLOWEST_START_MS = 2_000;
const OWN = ["kind", "role", "signal", "upstream"] as const;
const LIMITS = ["high", "highWarning", "low", "lowWarning"] as const;

export function checkSignals(report: Report, path: Path, asset: DraftAsset): void {
  const roles = new Map<string, string>();
  for (const [id, point] of Object.entries(asset.points)) {
    if (point) checkPoint(report, [...path, "points", id], id, point, roles);
  }
  checkUpstream(report, path, asset, unwatchable);
  const seen = new Map<string, number>();
  for (const [index, rule] of asset.signals.entries()) {
    if (!rule) continue;
    const at = [...path, "signals", index];
    const before = seen.get(rule.point);
    if (before !== undefined) {
      error(report, [...at, "point"], `${rule.point} has an entry already, number ${before + 1}`);
    }
    seen.set(rule.point, index);
    checkRule(report, at, rule, asset);
  }
}

function checkPoint(
  report: Report,
  path: Path,
  id: string,
  point: Point,
  roles: Map<string, string>,
): void {
  if (!isModbus(point)) return;
  for (const key of OWN) {
    if (point[key] === undefined || (key === "signal" && point.signal === "off")) continue;
    if (key !== "role" && isTimed(point, point.kind)) continue;
    if (!isWatchable(point)) errorAtKey(report, [...path, key], unwatchable(point));
  }
  const { role } = point;
  if (point.nominal !== undefined && role !== "load") {
    errorAtKey(report, [...path, "nominal"], "only goes with `role: load`");
  }
  if (role === undefined) return;
  const other = roles.get(role);
  if (other !== undefined) error(report, [...path, "role"], `${other} is the ${role} already`);
  roles.set(role, id);
}

function unwatchable(point: Point): string {
  if (point.counter) return "a counter is only watched for the time per piece: `kind: cycle-time`";
  const kind = kindOf(point) === "bool" ? "a bool" : "a text";
  return `${kind} cannot be watched for signals: only numbers that measure`;
}

function checkRule(report: Report, path: Path, rule: SignalRule, asset: DraftAsset): void {
  const point = findPoint(report, [...path, "point"], rule.point, asset);
  const timed = point !== null && isTimed(point, kindFor(rule, point));
  if (point !== null && !isWatchable(point) && !timed) {
    error(report, [...path, "point"], `${rule.point}: ${unwatchable(point)}`);
  }
  if (timed) checkTimed(report, path, rule);
  checkTimes(report, path, rule);
  const poll = point === null ? undefined : asset.sources[point.source]?.poll;
  if (rule.starts && poll !== undefined && durationMs(poll) > SLOWEST_START_MS) {
    const hint = "a start is over before a slower poll has seen it";
    error(report, [...path, "starts"], `needs a poll of 2s or faster, not ${poll}`, hint);
  }
  checkLimits(report, path, rule);
  checkZone(report, path, rule, point);
}

const kindFor = (rule: SignalRule, point: Point): ChannelKind | null =>
  rule.kind ?? kindOfPoint(point);

/** Pieces are made while producing, and a mean over many of them has no starts and no steps. */
function checkTimed(report: Report, path: Path, rule: SignalRule): void {
  if (rule.while !== "producing") {
    error(report, [...path, "while"], "the time per piece is only taken while producing");
  }
  if (rule.starts) error(report, [...path, "starts"], "a counter has no starts to watch");
  if (rule.detector === "step") error(report, [...path, "detector"], "is not for a counter");
}

function checkTimes(report: Report, path: Path, rule: SignalRule): void {
  checkDuration(report, [...path, "settle"], rule.settle, { least: "0s" });
  for (const key of ["limitFor", "limitClear", "stepFor", "stuck", "gap"] as const) {
    checkDuration(report, [...path, key], rule[key], { least: "0s" });
  }
}

function checkLimits(report: Report, path: Path, rule: SignalRule): void {
  const { high, highWarning, low, lowWarning, detector } = rule;
  if (detector === "limit" && LIMITS.every((key) => rule[key] === undefined)) {
    error(report, path, `needs one of ${LIMITS.join(", ")}`);
  }
  const rising = [low, lowWarning, highWarning, high].filter((limit) => limit !== undefined);
  if (rising.some((limit, i) => i > 0 && limit <= rising[i - 1]!)) {
    error(report, path, "needs low < lowWarning < highWarning < high");
  }
}

function checkZone(report: Report, path: Path, rule: SignalRule, point: Point | null): void {
  const { zone, detector } = rule;
  if (zone === undefined) {
    if (detector === "zone") errorAtKey(report, [...path, "zone"], "is missing");
    return;
  }
  if (point !== null && kindFor(rule, point) !== "vibration-velocity") {
    const hint = "`kind: vibration-velocity` or `unit: mm/s`; acceleration must not be zoned";
    errorAtKey(report, [...path, "zone"], "only goes with vibration velocity", hint);
  }
  if (typeof zone !== "string") {
    if (!(zone.ab < zone.bc && zone.bc < zone.cd)) {
      error(report, [...path, "zone"], "needs ab < bc < cd");
    }
    return;
  }
  const names = ZONES.map(({ name }) => name);
  if (names.some((name) => name === zone)) return;
  const hint = didYouMean(zone, names) ?? `one of ${names.join(", ")}`;
  error(report, [...path, "zone"], `there is no zone table ${zone}`, hint);
}
