/** The report for a spreadsheet: one row a machine and one for all, integers and ratios, RFC 4180. Empty: undefined. */
import { LOSSES } from "../core/projection/loss.ts";
import { ATTRIBUTIONS, CONDITIONS, SCHEDULES, UNKNOWN_CAUSES } from "../core/vocabulary.ts";
import { iso } from "../record/iso.ts";
import type { Figures } from "./build.ts";
import type { Report } from "./report.ts";

type Value = string | number | null;
type Row = [name: string, value: Value][];

/** Lines without line ends; those are CR LF. */
export function reportCsv({ assets, all }: Report): string[] {
  const rows = assets.map(
    (asset): Row => [
      ["asset", asset.asset.id],
      ["from", iso(asset.from)],
      ["to", iso(asset.to)],
      ["settledTo", iso(asset.settledTo)],
      ...columnsOf(asset),
    ],
  );
  if (assets.length > 1)
    rows.push([
      ["asset", "together"],
      ["from", null],
      ["to", null],
      ["settledTo", null],
      ...columnsOf(all),
    ]);
  const names = rows[0]?.map(([name]) => name) ?? [];
  return [names.join(","), ...rows.map((row) => row.map(([, value]) => field(value)).join(","))];
}

function field(value: Value): string {
  const text = value === null ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const maps = (prefix: string, keys: readonly string[], of: Record<string, number>): Row =>
  keys.map((key) => [`${prefix}.${key}`, of[key] ?? 0]);

function columnsOf({ totals, ratios, lost, mtbf, mttr }: Figures): Row {
  const { pieces } = totals;
  const counted = (value: number | null): number | null => (pieces.machines > 0 ? value : null);
  return [
    ...bounded("uptime", ratios.uptime),
    ...bounded("availability", ratios.availability),
    ["performance", ratios.performance],
    ["quality", ratios.quality],
    ...bounded("oee", ratios.oee),
    ["coverage", ratios.coverage],
    ["lengthMs", totals.lengthMs],
    ["loadingMs", totals.loadingMs],
    ["unknownLoadingMs", totals.blindMs],
    ["runMs", totals.runMs],
    ["upMs", totals.upMs],
    ["downMs", totals.downMs],
    ["excludedMs", totals.excludedMs],
    ["total", counted(pieces.total)],
    ["good", counted(pieces.good)],
    ["reject", counted(pieces.reject)],
    ["idealTotalUs", counted(pieces.idealTotalUs)],
    ["idealGoodUs", counted(pieces.idealGoodUs)],
    ["microStops", totals.microStops.count],
    ["microStopMs", totals.microStops.ms],
    ["failures", totals.failures],
    ["openFailures", totals.open],
    ["mtbfMs", mtbf.meanMs],
    ["mttrMs", mttr.closedMeanMs],
    ["edgeUncertaintyMs", totals.edgeUncertaintyMs],
    ...maps("condition", CONDITIONS, totals.conditionMs),
    ...maps("schedule", SCHEDULES, totals.scheduleMs),
    ...maps("attribution", ATTRIBUTIONS, totals.attributionMs),
    ...maps("unknown", UNKNOWN_CAUSES, totals.unknownMs),
    ...LOSSES.map((loss): [string, Value] => [`lostUs.${loss}`, lost[loss].us]),
    ...LOSSES.map((loss): [string, Value] => [
      `lostMicroPieces.${loss}`,
      counted(lost[loss].microPieces),
    ]),
  ];
}

const bounded = (name: string, of: Figures["ratios"]["uptime"]): Row => [
  [name, of.value],
  [`${name}Min`, of.min],
  [`${name}Max`, of.max],
];
