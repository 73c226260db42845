/** Explained intervals as lines: for people, and as NDJSON. */
import type { Value } from "../../core/model.ts";
import type { Millis } from "../../core/time.ts";
import { iso } from "../../record/iso.ts";
import { LOSS_NAMES } from "../loss-words.ts";
import type { Ink } from "../table.ts";
import { clockTime, localTime } from "../words.ts";
import type { Explained } from "./explain.ts";
import type { Seen } from "./samples.ts";

/** Text of one interval; `zone` is that of its asset. */
export function explainedText(one: Explained, zone: string, ink: Ink): string[] {
  const { interval, edgeMs, rule, loss, registers, samples, otherConfig } = one;
  const { from, to, condition, cause, schedule, attribution, stop, reason } = interval;
  const what = [
    condition,
    ...(cause ? [`because of ${cause}`] : []),
    ...(reason ? [`(${reason})`] : []),
    ...(stop === "none" ? [] : [stop === "micro" ? "micro-stop" : "stop"]),
    ...(attribution === "none" ? [] : [`answers: ${attribution}`]),
    ...(schedule === "scheduled" ? [] : [schedule]),
  ];
  const edge = edgeMs === 0 ? "" : `, begun up to ${edgeMs / 1000} s earlier`;
  const decided = rule ? `rule ${rule.index}: ${rule.text}` : "no rule decided";
  const lost = loss ? `; lost to ${LOSS_NAMES[loss]}` : "";
  const other = otherConfig ? " (registers are of another configuration)" : "";
  return [
    `${localTime(from, zone)}  ${clockTime(to - from)}  ${interval.asset}  ${ink.bold(what.join(" "))}${edge}`,
    `  ${decided}; recipe ${interval.recipe}${lost}${other}`,
    ...registers.map(({ point, text }) => `  ${point}: ${text}`),
    ...seenLine("before", samples.before, zone),
    ...seenLine("shown by", samples.shown, zone),
    ...one.aggregates.map(
      ({ point, at, min, max, last, n }) =>
        `  minute ${localTime(at, zone).slice(11, 16)} ${point}: ${min} to ${max}, last ${last}, ${n} readings`,
    ),
  ];
}

function seenLine(name: string, seen: Seen | null, zone: string): string[] {
  if (seen === null) return [];
  const values = Object.entries(seen.values).map(([point, value]) => `${point} ${value}`);
  const bad = Object.entries(seen.bad).map(([point, why]) => `${point} ${why}`);
  const said = seen.failure === null ? [...values, ...bad] : [seen.failure];
  const ms = String(seen.at % 1000).padStart(3, "0");
  return [
    `  ${name} ${localTime(seen.at, zone).slice(11)}.${ms}: ${said.join(", ") || "unchanged"}`,
  ];
}

/** One JSON object. */
export function explainedJson({
  interval,
  registers,
  samples,
  aggregates,
  ...rest
}: Explained): string {
  const { kind: _, from, to, stopFrom, edgeFrom, ...axes } = interval;
  const orNull = (at: Millis | null): string | null => (at === null ? null : iso(at));
  return JSON.stringify(
    {
      ...{ from: iso(from), to: iso(to), lengthMs: to - from },
      ...{ ...axes, stopFrom: orNull(stopFrom), edgeFrom: orNull(edgeFrom), ...rest },
      registers: registers.map(({ point, source, connection, unit, text }) => ({
        ...{ point, source, connection, unit, text },
      })),
      before: samples.before && { ...samples.before, at: iso(samples.before.at) },
      shown: samples.shown && { ...samples.shown, at: iso(samples.shown.at) },
      aggregates: aggregates.map(({ kind: _k, asset: _a, at, ...row }) => ({
        at: iso(at),
        ...row,
      })),
    },
    (_key, value: Value | object) => (typeof value === "bigint" ? value.toString() : value),
  );
}
