/** A report beside itself under another configuration: what would differ. */
import type { StandingBody } from "../core/contract/body.ts";
import type { Figures } from "./build.ts";
import { moneyText, quantityText } from "./contract-words.ts";
import type { Report } from "./report.ts";
import { aligned, type Ink } from "./table.ts";
import { clockTime, NONE, percent, whole } from "./words.ts";

/** One number, as recorded and as it would be. */
export interface Difference {
  /** `press-01`, `together`, or a contract. */
  of: string;
  name: string;
  unit: "share" | "ms" | "count" | "text";
  recorded: number | string | null;
  other: number | string | null;
}

type Pick = [name: string, unit: "share" | "ms" | "count", of: (figures: Figures) => number | null];

const PICKS: Pick[] = [
  ["uptime", "share", ({ ratios }) => ratios.uptime.value],
  ["OEE", "share", ({ ratios }) => ratios.oee.value],
  ["availability", "share", ({ ratios }) => ratios.availability.value],
  ["performance", "share", ({ ratios }) => ratios.performance],
  ["quality", "share", ({ ratios }) => ratios.quality],
  ["coverage", "share", ({ ratios }) => ratios.coverage],
  ["loading", "ms", ({ totals }) => totals.loadingMs],
  ["down", "ms", ({ totals }) => totals.downMs],
  ["excluded", "ms", ({ totals }) => totals.excludedMs],
  ["micro-stops", "count", ({ totals }) => totals.microStops.count],
  ["failures", "count", ({ totals }) => totals.failures],
];

export interface Side {
  report: Report;
  standings: readonly StandingBody[];
}

/** Every number of both sides, equal ones included. */
export function differences(recorded: Side, other: Side): Difference[] {
  const columns = ({ report }: Side): [string, Figures][] => [
    ...report.assets.map((asset): [string, Figures] => [asset.asset.id, asset]),
    ...(report.assets.length > 1 ? [["together", report.all] as [string, Figures]] : []),
  ];
  const others = new Map(columns(other));
  const figures = columns(recorded).flatMap(([of, mine]) =>
    PICKS.map(([name, unit, value]) => {
      const theirs = others.get(of);
      return { of, name, unit, recorded: value(mine), other: theirs ? value(theirs) : null };
    }),
  );
  return [...figures, ...contractDifferences(recorded.standings, other.standings)];
}

function contractDifferences(
  recorded: readonly StandingBody[],
  other: readonly StandingBody[],
): Difference[] {
  const rows = new Map<string, Difference>();
  const put = (standing: StandingBody, side: "recorded" | "other"): void => {
    const of = `contract ${standing.contract}`;
    const add = (name: string, value: string): void => {
      const key = `${of} ${name}`;
      const row = rows.get(key) ?? { of, name, unit: "text", recorded: null, other: null };
      rows.set(key, { ...row, [side]: value });
    };
    for (const { metric, value, verdict } of standing.outcomes)
      add(metric, `${quantityText(metric, value)} ${verdict}`);
    if (standing.money) add("payable", moneyText(standing.money.payable, standing.money));
  };
  for (const standing of recorded) put(standing, "recorded");
  for (const standing of other) put(standing, "other");
  return [...rows.values()];
}

/** Side by side, with what changes marked. */
export function compareText(rows: readonly Difference[], name: string, ink: Ink): string[] {
  const heads = ["", "recorded", name, "difference"].map((head) => ink.bold(head));
  const groups = [...new Set(rows.map(({ of }) => of))];
  const lines = groups.flatMap((group) => [
    [ink.bold(group)],
    ...rows
      .filter(({ of }) => of === group)
      .map((row) => [
        `  ${row.name}`,
        valueText(row, row.recorded),
        valueText(row, row.other),
        row.recorded === row.other ? "" : ink.yellow(deltaText(row)),
      ]),
  ]);
  return aligned([heads, ...lines]);
}

function valueText({ unit }: Difference, value: Difference["recorded"]): string {
  if (value === null || typeof value === "string") return value ?? NONE;
  if (unit === "share") return percent(value);
  return unit === "ms" ? clockTime(value) : whole(value);
}

function deltaText({ unit, recorded, other }: Difference): string {
  if (typeof recorded !== "number" || typeof other !== "number") return "differs";
  const delta = other - recorded;
  const sign = delta < 0 ? "-" : "+";
  if (unit === "ms") return `${sign}${clockTime(Math.abs(delta))}`;
  if (unit === "count") return `${sign}${whole(Math.abs(delta))}`;
  return `${sign}${percent(Math.round(Math.abs(delta) * 1e6) / 1e6, 4).replace(" %", " points")}`;
}
