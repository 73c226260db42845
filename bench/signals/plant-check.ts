/**
 * A small part of the simulated plant on evaluation seeds, as one JSON document on stdout, for the tests. A process of its
 * own, compiled: under a test runner every import is a look-up, and the same rows take twenty times as long.
 */
import { pathToFileURL } from "node:url";
import type { Degradation } from "../../simulator/wear/decay.ts";
import { RUN_DAY_MS } from "../../simulator/wear/onset.ts";
import { cellModel } from "./plant-model.ts";
import { type Failing, runEstimate, runFailure, runHealthy } from "./plant-run.ts";
import { bankWatch, chartWatch } from "./plant-watch.ts";

export interface PlantCheck {
  /** What was told in 60 healthy machine-months at 10 s, and how much a textbook chart tells in one. */
  healthy: string[];
  textbook: number;
  /** Running days from the first alarm to the failure, 0 when missed. */
  leads: Record<string, number[]>;
  /** Minutes of running from the onset to the alarm; null when missed. */
  waits: Record<string, (number | null)[]>;
  /** Wear told on channels whose sensor had failed. */
  mistaken: string[];
  /** Estimate's p50 over the truth, of the runs with an estimate. */
  estimates: number[];
}

const SEED = 1000;
const MINUTE = 60_000;

function check(): PlantCheck {
  const model = cellModel();
  const seeds = (n: number): number[] => Array.from({ length: n }, (_, i) => SEED + i);
  const failing = (kind: Degradation, n: number): Failing[] =>
    seeds(n).map((seed) => runFailure(kind, seed, model, bankWatch(model)));
  const healthy = seeds(10).flatMap((seed) => runHealthy(seed, 6, model, bankWatch(model)).alarms);
  const rule = { name: "ewma", weight: 0.2, limit: 3, rows: 1 } as const;
  const leads = (["bearing", "filter", "tool"] as const).map((kind) => {
    const days = failing(kind, 4).map(({ found, failureRunMs }) =>
      found ? (failureRunMs - found.runMs) / RUN_DAY_MS : 0,
    );
    return [kind, days] as const;
  });
  const sick = (["cavitation", "sensor-stuck", "sensor-lost"] as const).map(
    (kind) => [kind, failing(kind, 6)] as const,
  );
  const waits = sick.map(([kind, runs]) => {
    const first = (one: Failing) => (kind === "cavitation" ? one.found : one.named);
    return [kind, runs.map((one) => minutes(first(one)?.runMs, one.onsetRunMs))] as const;
  });
  const mistaken = sick.flatMap(([kind, runs]) =>
    runs.flatMap(({ channel, after }) =>
      after
        .filter((one) => channel !== null && one.channel === channel && one.kind !== "data-quality")
        .map((one) => `${kind} ${one.kind} ${one.channel} ${one.reason}`),
    ),
  );
  const alone = cellModel(["load", "ambient", "vibration"]);
  const estimates = seeds(8).flatMap((seed) => {
    const { left, estimate } = runEstimate(seed, "bearing", alone, bankWatch(alone));
    return left === null ? [] : [(estimate?.p50RunMs ?? 0) / left.runMs];
  });
  return {
    healthy: healthy.map(({ kind, channel, reason }) => `${kind} ${channel} ${reason}`),
    textbook: runHealthy(SEED, 1, model, chartWatch(model, rule)).alarms.length,
    leads: Object.fromEntries(leads),
    waits: Object.fromEntries(waits),
    mistaken,
    estimates,
  };
}

const minutes = (at: number | undefined, onset: number): number | null =>
  at === undefined ? null : (at - onset) / MINUTE;

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  process.stdout.write(`${JSON.stringify(check())}\n`);
}
