/** What the tables of the simulated plant have in common: options, cells, the lead of a run. Runs nothing. */
import { RUN_DAY_MS } from "../../simulator/wear/onset.ts";
import type { Failing } from "./plant-run.ts";

export interface PlantOptions {
  months: number;
  runs: number;
  estimates: number;
  firstSeed: number;
  say: (line: string) => void;
}

/** Months that one machine is watched in the healthy tables. */
export const STINT = 6;

export const cpu = (): number => process.cpuUsage().user / 1e6;
export const fixed = (value: number | null, digits = 1): string =>
  value === null ? "-" : value.toFixed(digits);
export const row = (...cells: (string | number)[]): string => `| ${cells.join(" | ")} |`;
export const head = (...cells: string[]): string =>
  `${row(...cells)}\n${row(...cells.map(() => "---"))}`;

/** Days of running left at the first alarm. */
export const leadOf = ({ found, failureRunMs }: Failing): number | null =>
  found && (failureRunMs - found.runMs) / RUN_DAY_MS;
