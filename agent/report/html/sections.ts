/** The tables of the page: machines side by side, time and losses of one, its stops, and what the numbers rest on. */
import { LOSSES, type Loss } from "../../core/projection/loss.ts";
import { share } from "../../core/projection/share.ts";
import type { Millis } from "../../core/time.ts";
import { CONDITIONS, UNKNOWN_CAUSES } from "../../core/vocabulary.ts";
import { iso } from "../../record/iso.ts";
import { type AssetReport, type Figures, isOpenStop } from "../build.ts";
import type { LevelRow, Stand } from "../level.ts";
import { lossTexts, shownLosses } from "../loss-words.ts";
import type { Report } from "../report.ts";
import {
  bounds,
  clockTime,
  localTime,
  NONE,
  percent,
  piecesText,
  reasonText,
  whole,
} from "../words.ts";
import { gauge, levelText } from "./gauge.ts";
import { type Markup, table, tag, text } from "./markup.ts";

const withBounds = (share: Figures["ratios"]["uptime"]): Markup =>
  text(percent(share.value)) + (share.value === null ? "" : tag("small", {}, text(bounds(share))));

/** A machine without a name of its own is called by its id. */
const nameBeside = ({ asset: { id, name } }: AssetReport): Markup =>
  name === id ? "" : tag("small", {}, text(name));

export function machinesTable({ assets, all }: Report): Markup {
  const row = (name: Markup, { ratios, totals, mtbf, mttr }: Figures): Markup[] => {
    const { pieces } = totals;
    const counted = pieces.machines > 0;
    return [
      name,
      withBounds(ratios.uptime),
      withBounds(ratios.oee),
      text(percent(ratios.availability.value)),
      text(percent(ratios.performance)),
      text(percent(ratios.quality)),
      text(percent(ratios.coverage)),
      text(clockTime(totals.loadingMs)),
      text(counted ? `${whole(pieces.good)} / ${whole(pieces.total)}` : NONE),
      text(`${totals.failures}${totals.open > 0 ? ` (${totals.open} open)` : ""}`),
      text(clockTime(mtbf.meanMs)),
      text(clockTime(mttr.closedMeanMs)),
    ];
  };
  const heads = ["machine", "uptime", "OEE", "availability", "performance", "quality", "coverage"];
  const more = ["loading", "good / all", "failures", "MTBF", "MTTR"];
  const rows = assets.map((asset) => row(text(asset.asset.id) + nameBeside(asset), asset));
  if (assets.length > 1) rows.push(row(text("together"), all));
  return tag("div", { class: "wide" }, table("Machines", [...heads, ...more], rows));
}

export function timeTable({ totals }: AssetReport): Markup {
  const line = (name: Markup, ms: number): Markup[] => [
    name,
    text(clockTime(ms)),
    text(percent(share([ms], [totals.lengthMs]), 1)),
  ];
  const conditions = CONDITIONS.filter((condition) => totals.conditionMs[condition] > 0).map(
    (condition) => line(text(condition), totals.conditionMs[condition]),
  );
  const causes = UNKNOWN_CAUSES.filter((cause) => totals.unknownMs[cause] > 0).map((cause) =>
    line(tag("small", {}, text(`not observed: ${cause}`)), totals.unknownMs[cause]),
  );
  const rows = [...conditions, ...causes, line(text("all"), totals.lengthMs)];
  return table("Time by condition", ["condition", "time", "share"], rows);
}

/** Signed: a machine may be faster than its ideal. */
const shareText = (us: number, of: number): string =>
  `${us < 0 ? "-" : ""}${percent(share([Math.abs(us)], [of]), 1)}`;

/** Their numbers among the six. Without reasons of starting up, its rejects are among the others. */
const NUMBERED: Record<Loss, string> = {
  breakdown: "1 breakdowns",
  setup: "2 set-up and adjustment",
  "minor-stop": "3 minor stops",
  speed: "4 reduced speed",
  defect: "5 rejects",
  "start-up": "6 start-up",
  "other-stop": "other stops: waiting, outside causes",
};

export function lossTable(report: AssetReport): Markup {
  const { lost, totals, ladder } = report;
  const counted = totals.pieces.machines > 0;
  const rows = shownLosses([report]).map((loss) => {
    const { time, pieces } = lossTexts(report, loss);
    const isAll = loss === "defect" && !report.isStartUpTold;
    return [
      text(isAll ? "5 and 6 rejects, start-up included" : NUMBERED[loss]),
      text(time),
      text(time === NONE ? NONE : shareText(lost[loss].us ?? 0, ladder.loading)),
      text(pieces),
    ];
  });
  const sum = LOSSES.reduce<number | null>((total, loss) => {
    const { microPieces } = lost[loss];
    return total === null || microPieces === null ? null : total + microPieces;
  }, 0);
  const all = ["together", "", "", counted ? piecesText(sum) : NONE].map(text);
  return table("The six big losses", ["loss", "time", "of loading", "pieces"], [...rows, all]);
}

const MOST = 15;

/** With its date where that is another one. */
function endText(from: Millis, to: Millis, zone: string): string {
  const [begin, end] = [localTime(from, zone), localTime(to, zone)];
  return begin.slice(0, 10) === end.slice(0, 10) ? end.slice(11) : end;
}

/** The longest ones, in order of time. */
export function stopsTable(report: AssetReport): Markup {
  const { stops, asset } = report;
  const shown = [...stops]
    .filter(({ lossMs }) => lossMs > 0)
    .sort((a, b) => b.lossMs - a.lossMs)
    .slice(0, MOST)
    .sort((a, b) => a.from - b.from);
  if (shown.length === 0) return "";
  const rows = shown.map((stop) => [
    text(localTime(stop.from, asset.zone)),
    text(
      isOpenStop(report, stop)
        ? "goes on"
        : stop.to === null
          ? NONE
          : endText(stop.from, stop.to, asset.zone),
    ),
    text(clockTime(stop.lossMs)),
    text(`${stop.condition}: ${reasonText(stop.reason)}`),
    text(stop.attribution),
  ]);
  const left = stops.filter(({ lossMs }) => lossMs > 0).length - shown.length;
  const title = left > 0 ? `The ${MOST} longest stops of ${MOST + left}` : "Stops";
  return table(title, ["from", "to", "lost", "what", "who answers"], rows, false);
}

const STAND_TEXT: Record<Stand, [string, string]> = {
  met: ["target met", "met"],
  "below-target": ["below target", "open"],
  "minimum-open": ["below target, unobserved time decides on the minimum", "open"],
  "below-minimum": ["below minimum", "missed"],
  open: ["open: unobserved time decides", "open"],
};

export function gauges(rows: readonly LevelRow[]): Markup {
  return rows
    .map((row, i) => {
      const [said, look] = STAND_TEXT[row.stand];
      const { target, minimum, minCoverage } = row;
      const facts = [
        target === null ? [] : `target ${levelText(target)}`,
        minimum === null ? [] : `minimum ${levelText(minimum)}`,
        `coverage ${percent(row.coverage)}`,
        minCoverage === null ? [] : `floor ${levelText(minCoverage)}`,
      ].flat();
      return tag(
        "div",
        { class: "keep" },
        tag(
          "h3",
          {},
          text(`${row.contract}: ${row.metric} ${percent(row.value)}, possible ${bounds(row)} `),
          tag("span", { class: look }, text(said)),
          text(` (${facts.join(", ")})`),
        ),
        gauge(`gauge-${i}`, row),
      );
    })
    .join("");
}

export function evidence({ basis, agent, assets }: Report): Markup {
  const facts = [
    ["gateway", agent],
    ["settled to", iso(basis.settledTo)],
    ["configuration", basis.configHashes.join(", ")],
    ["time zone rules", basis.tzdata.join(", ")],
    ["calculation", basis.calcVersion],
  ].map(([name = "", value = ""]) => [text(name), tag("code", {}, text(value))]);
  const proofs = assets.flatMap((asset) =>
    asset.proofs.map(({ id, hash }) => [
      tag("code", {}, text(id)),
      tag("code", {}, text(hash ?? "not chained")),
    ]),
  );
  const edges = assets.map(({ asset, totals, clock, flags }) => [
    text(asset.id),
    text(
      `edges in doubt ${clockTime(totals.edgeUncertaintyMs)}, clock ${clock.quality}${flags.length > 0 ? `, ${flags.join(", ")}` : ""}`,
    ),
  ]);
  return [
    table("What the numbers rest on", ["", ""], [...facts, ...edges], false),
    table("Published windows and their hashes", ["window", "hash"], proofs, false),
  ].join("");
}
