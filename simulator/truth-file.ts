/** The truth of a plant as NDJSON: one line per machine and hour of UTC, the first and last clipped. */
import { writeFileSync } from "node:fs";
import type { Millis } from "../agent/core/time.ts";
import type { Machine } from "./machine.ts";
import { truth } from "./truth.ts";
import { isSensorFault } from "./wear/on-wire.ts";

const HOUR = 3_600_000;
const iso = (t: Millis): string => new Date(t).toISOString();

/** Lines for `[start of the machine, to)`, by hour, then by machine. What wears is named with its true onset and failure. */
export function* truthLines(machines: readonly Machine[], to: Millis): Generator<string> {
  const begin = Math.min(...machines.map(({ start }) => start));
  for (let from = begin; from < to; from = Math.floor(from / HOUR + 1) * HOUR) {
    const end = Math.min(to, Math.floor(from / HOUR + 1) * HOUR);
    for (const machine of machines) {
      const { conditionMs, counts, recipes, runs } = truth(machine, from, end);
      const trueRuns = runs.map((run) => ({ ...run, from: iso(run.from), to: iso(run.to) }));
      const span = { asset: machine.id, from: iso(from), to: iso(end) };
      const wears = machine.wears.filter((one) => one.from < end && one.repaired > from);
      const wear = wears.map((one) => ({
        kind: one.wear,
        ...(isSensorFault(one.wear) ? { channel: one.channel } : {}),
        onset: iso(one.from),
        failure: iso(one.to),
        repaired: iso(one.repaired),
      }));
      const worn = wear.length > 0 ? { wear } : {};
      yield JSON.stringify({ ...span, conditionMs, counts, recipes, runs: trueRuns, ...worn });
    }
  }
}

/** Overwrites `file`. Throws the error of the operating system. */
export function writeTruth(file: string, machines: readonly Machine[], to: Millis): void {
  writeFileSync(file, [...truthLines(machines, to), ""].join("\n"));
}
