/** Key figures of incidents in words, machines side by side: one table for the terminal and the page. Counts nothing. */
import type { ClockSums } from "../core/incident/kpi.ts";
import { meanMs } from "../core/statistics/reliability.ts";
import type { IncidentFigures } from "./incidents.ts";
import type { Report } from "./report.ts";
import { aligned, type Ink } from "./table.ts";
import { clockTime, NONE, percent, whole } from "./words.ts";

export const INCIDENTS_TITLE = "incidents opened in this span";

type Cell = (figures: IncidentFigures) => string;
type Line = [name: string, cell: Cell];

const calendar = ({ calendarMs, n }: ClockSums): string => clockTime(meanMs(calendarMs, n));
const covered = ({ coveredMs, n }: ClockSums): string => clockTime(meanMs(coveredMs, n));
const times = (factor: number | null): string =>
  factor === null ? NONE : `${factor.toFixed(2)} : 1`;

const clockLines = (name: "acknowledge" | "respond" | "restore"): Line[] => [
  [`time to ${name}`, (figures) => calendar(figures[name])],
  ["  covered time", (figures) => covered(figures[name])],
  ["  within the limit", ({ hits }) => percent(hits[name])],
  ["  still running", (figures) => whole(figures[name].running)],
];

const LINES: Line[] = [
  ["opened", ({ opened }) => whole(opened)],
  ["  still open", ({ open }) => whole(open)],
  ...clockLines("acknowledge"),
  ...clockLines("respond"),
  ...clockLines("restore"),
  ["MTTR, closed repairs", ({ repairs }) => clockTime(repairs.closedMeanMs)],
  ["  at least, with open ones", ({ repairs }) => clockTime(repairs.floorMs)],
  ["  most likely", ({ repairs }) => clockTime(repairs.likelyMs)],
  ["first-time fix, effective", ({ fixes }) => percent(fixes.effective)],
  ["repeat rate", ({ fixes }) => percent(fixes.repeatRate)],
  ["  may still repeat", ({ fixes }) => whole(fixes.watched)],
  ["preventive to reactive, time", ({ work }) => times(work.byTime)],
  ["  count", ({ work }) => times(work.byCount)],
];

/** Heads and rows, the name of each first; none where no machine has incidents. */
export function incidentRows({ incidents }: Report): { heads: string[]; rows: string[][] } | null {
  if (incidents === null) return null;
  const named = Object.entries(incidents.assets);
  if (named.length > 1) named.push(["together", incidents.together]);
  return {
    heads: named.map(([name]) => name),
    rows: LINES.map(([name, cell]) => [name, ...named.map(([, figures]) => cell(figures))]),
  };
}

/** A block of the report on a terminal. */
export function incidentLines(report: Report, ink: Ink): string[] {
  const told = incidentRows(report);
  if (told === null) return [];
  const heads = [INCIDENTS_TITLE, ...told.heads].map(ink.bold);
  return ["", ...aligned([heads, ...told.rows])];
}
