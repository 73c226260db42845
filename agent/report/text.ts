/** The report on a terminal: one block a question, machines side by side, all together at the end. */

import type { StandingBody } from "../core/contract/body.ts";
import type { Loss } from "../core/projection/loss.ts";
import { CONDITIONS } from "../core/vocabulary.ts";
import { iso } from "../record/iso.ts";
import { type AssetReport, type Figures, isOpenStop } from "./build.ts";
import { incidentLines } from "./incident-rows.ts";
import type { LevelRow, Stand } from "./level.ts";
import { LOSS_NAMES, lossTexts, shownLosses } from "./loss-words.ts";
import type { Report } from "./report.ts";
import { standingLines } from "./standing-lines.ts";
import { aligned, type Ink } from "./table.ts";
import { type Term, type Terms, termsOf, termText } from "./terms.ts";
import { bounds, clockTime, localTime, NONE, percent, reasonText, whole } from "./words.ts";

/** What a report says beside its own figures. */
export interface Beside {
  levels: readonly LevelRow[];
  standings: readonly StandingBody[];
  terms: Terms | null;
}

/** Lines without line feeds. */
export function reportText(report: Report, beside: Beside, ink: Ink): string[] {
  const { assets } = report;
  const columns = columnsOf(report);
  return [
    ink.bold(`${report.enterprise}/${report.site}, ${report.label}`),
    ...assets.map((asset) => ink.dim(spanText(asset))),
    "",
    ...aligned(outcomeRows(columns, ink)),
    "",
    ...aligned(conditionRows(columns, ink)),
    "",
    ...aligned(lossRows(columns, ink)),
    "",
    ...aligned(reliabilityRows(columns, ink)),
    ...incidentLines(report, ink),
    ...termLines(columns, beside.terms, ink),
    ...levelLines(beside.levels, ink),
    ...beside.standings.flatMap((standing) => standingLines(standing, report.zone, ink)),
    ...reasonLines(report.all, ink),
    ...openLines(report, ink),
    ...noteLines(report, ink),
  ];
}

interface Column {
  name: string;
  figures: Figures;
}

const columnsOf = ({ assets, all }: Report): Column[] => [
  ...assets.map((asset) => ({ name: asset.asset.id, figures: asset })),
  ...(assets.length > 1 ? [{ name: "together", figures: all }] : []),
];

function spanText({ asset, from, to, settledTo }: AssetReport): string {
  const local = `${asset.id}: ${localTime(from, asset.zone)} to ${localTime(to, asset.zone)} ${asset.zone}`;
  return settledTo < to ? `${local}, settled to ${localTime(settledTo, asset.zone)}` : local;
}

const heads = (columns: Column[], title: string, ink: Ink): string[] => [
  ink.bold(title),
  ...columns.map(({ name }) => ink.bold(name)),
];

type Cell = (figures: Figures) => string;

const row = (columns: Column[], name: string, cell: Cell): string[] => [
  name,
  ...columns.map(({ figures }) => cell(figures)),
];

function outcomeRows(columns: Column[], ink: Ink): string[][] {
  const lines: [string, Cell][] = [
    ["uptime", ({ ratios }) => percent(ratios.uptime.value)],
    ["  bounds", ({ ratios }) => bounds(ratios.uptime)],
    ["OEE", ({ ratios }) => percent(ratios.oee.value)],
    ["  bounds", ({ ratios }) => bounds(ratios.oee)],
    ["availability", ({ ratios }) => percent(ratios.availability.value)],
    ["  bounds", ({ ratios }) => bounds(ratios.availability)],
    ["performance", ({ ratios }) => percent(ratios.performance)],
    ["quality", ({ ratios }) => percent(ratios.quality)],
    ["coverage", ({ ratios }) => percent(ratios.coverage)],
    ["pieces", ({ totals }) => pieceText(totals.pieces.machines, totals.pieces.total)],
    ["  good", ({ totals }) => pieceText(totals.pieces.machines, totals.pieces.good)],
  ];
  return [heads(columns, "outcome", ink), ...lines.map(([name, cell]) => row(columns, name, cell))];
}

const pieceText = (machines: number, pieces: number | null): string =>
  machines === 0 ? NONE : whole(pieces);

function conditionRows(columns: Column[], ink: Ink): string[][] {
  const seen = CONDITIONS.filter((condition) =>
    columns.some(({ figures }) => figures.totals.conditionMs[condition] > 0),
  );
  return [
    heads(columns, "time", ink),
    ...seen.map((condition) =>
      row(columns, condition, ({ totals }) => clockTime(totals.conditionMs[condition])),
    ),
    row(columns, "all", ({ totals }) => clockTime(totals.lengthMs)),
    row(columns, "scheduled", ({ totals }) => clockTime(totals.loadingMs)),
    row(columns, "  not observed", ({ totals }) => clockTime(totals.blindMs)),
  ];
}

function lossRows(columns: Column[], ink: Ink): string[][] {
  const losses = shownLosses(columns.map(({ figures }) => figures));
  const cell = (loss: Loss): Cell => {
    return (figures) => {
      const { time, pieces } = lossTexts(figures, loss);
      return time === NONE ? NONE : `${time} (${pieces})`;
    };
  };
  return [
    heads(columns, "lost (pieces)", ink),
    ...losses.map((loss) => row(columns, LOSS_NAMES[loss], cell(loss))),
  ];
}

function reliabilityRows(columns: Column[], ink: Ink): string[][] {
  return [
    heads(columns, "stops", ink),
    row(columns, "failures", ({ totals }) => whole(totals.failures)),
    row(columns, "  open at the end", ({ totals }) => whole(totals.open)),
    row(columns, "micro-stops", ({ totals }) => whole(totals.microStops.count)),
    row(columns, "  their time", ({ totals }) => clockTime(totals.microStops.ms)),
    row(columns, "MTBF", ({ mtbf }) => clockTime(mtbf.meanMs)),
    row(columns, "  90 % at least", ({ mtbf }) => clockTime(mtbf.lowerMs)),
    row(columns, "MTTR", ({ mttr }) => clockTime(mttr.closedMeanMs)),
    row(columns, "edges in doubt", ({ totals }) => clockTime(totals.edgeUncertaintyMs)),
  ];
}

function termLines(columns: Column[], terms: Terms | null, ink: Ink): string[] {
  if (terms === null) return [];
  const made = columns.map(({ figures }) => termsOf(terms, figures));
  const rows = (made[0] ?? []).map(({ name }, i) => [
    name,
    ...made.map((column) => termText(column[i] as Term)),
  ]);
  return ["", ...aligned([heads(columns, `in terms of ${terms}`, ink), ...rows])];
}

function levelLines(levels: readonly LevelRow[], ink: Ink): string[] {
  if (levels.length === 0) return [];
  const colors: Record<Stand, (text: string) => string> = {
    met: ink.green,
    "below-target": ink.yellow,
    "minimum-open": ink.yellow,
    "below-minimum": ink.red,
    open: ink.yellow,
  };
  const rows = levels.map((level) => [
    `${level.contract} ${level.metric}`,
    percent(level.value),
    bounds(level),
    `target ${percent(level.target)}`,
    `minimum ${percent(level.minimum)}`,
    colors[level.stand](level.stand),
  ]);
  return ["", ...aligned([[ink.bold("levels, in this span")], ...rows])];
}

const TOP = 8;

function reasonLines({ reasons }: Figures, ink: Ink): string[] {
  if (reasons.length === 0) return [];
  const rows = reasons
    .slice(0, TOP)
    .map(({ condition, reason, count, ms }) => [
      `${condition}: ${reasonText(reason)}`,
      `${count} ×`,
      clockTime(ms),
    ]);
  return ["", ...aligned([[ink.bold("reasons"), "", ""], ...rows])];
}

function openLines({ assets }: Report, ink: Ink): string[] {
  const lines = assets.flatMap((asset) => [
    ...asset.stops
      .filter((stop) => isOpenStop(asset, stop))
      .map(
        ({ from, condition, reason }) =>
          `${asset.asset.id}: ${condition} (${reasonText(reason)}) since ${localTime(from, asset.asset.zone)}`,
      ),
    ...asset.unsettled.map(
      ({ note, status }) =>
        `${asset.asset.id}: ${status} by the ${note.party}: ${note.why} (${iso(note.from)} to ${iso(note.to)})`,
    ),
  ]);
  return lines.length === 0 ? [] : ["", ink.bold("open"), ...lines.map((line) => ink.yellow(line))];
}

function noteLines({ assets, basis, all, without }: Report, ink: Ink): string[] {
  const flags = assets.filter((asset) => asset.flags.length > 0);
  const { machines, pieces } = all.totals;
  const notes = [
    ...without,
    ...flags.map((asset) => `${asset.asset.id}: ${asset.flags.join(", ")}`),
    ...(pieces.machines > 0 && pieces.machines < machines
      ? [`pieces, performance, quality and OEE are of ${pieces.machines} of ${machines} machines`]
      : []),
    `settled to ${iso(basis.settledTo)}, time zone rules ${basis.tzdata.join(", ")}`,
  ];
  return ["", ...notes.map((note) => ink.dim(note))];
}
