/**
 * The report as one page that a plant manager prints and signs: self-contained, no script, nothing fetched. Every
 * picture has its numbers in a table beside it.
 */
import type { StandingBody } from "../../core/contract/body.ts";
import type { AssetReport, Figures } from "../build.ts";
import type { LevelRow } from "../level.ts";
import type { Report } from "../report.ts";
import { bounds, localTime, percent, whole } from "../words.ts";
import { contractSection } from "./contract.ts";
import { strip } from "./gauge.ts";
import { incidentTable } from "./incidents.ts";
import { type Markup, tag, text } from "./markup.ts";
import { pareto } from "./pareto.ts";
import { evidence, gauges, lossTable, machinesTable, stopsTable, timeTable } from "./sections.ts";
import { STYLE } from "./style.ts";
import { legend, timelines } from "./timeline.ts";
import { waterfall } from "./waterfall.ts";

/** Nothing may be loaded from anywhere, whatever a name or reason holds. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

export function reportPage(
  report: Report,
  levels: readonly LevelRow[],
  standings: readonly StandingBody[],
): string {
  const { assets, all, enterprise, site, label } = report;
  const title = `${enterprise}/${site}: ${label}`;
  const [first] = assets;
  const isOne = assets.length === 1 && first !== undefined;
  const body = tag(
    "main",
    {},
    head(report),
    notes(report),
    tiles(isOne ? first : all),
    levels.length > 0 ? tag("h2", {}, text("Outcomes against their levels, in this span")) : "",
    gauges(levels),
    ...standings.map((standing) => contractSection(standing, report.zone)),
    tag("h2", {}, text("Timeline")),
    timelines(assets),
    legend(assets),
    isOne ? "" : tag("h2", {}, text("Side by side")) + machinesTable(report),
    incidentTable(report),
    ...assets.map((asset, i) => machine(asset, i)),
    tag("footer", {}, evidence(report), signatures()),
  );
  return `<!DOCTYPE html>\n${tag(
    "html",
    { lang: "en", xmlns: "http://www.w3.org/1999/xhtml" },
    tag(
      "head",
      {},
      tag("meta", { charset: "utf-8" }),
      tag("meta", { "http-equiv": "Content-Security-Policy", content: POLICY }),
      tag("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
      tag("meta", { name: "color-scheme", content: "light dark" }),
      tag("title", {}, text(title)),
      tag("style", {}, STYLE),
    ),
    tag("body", {}, HATCH, body),
  )}\n`;
}

/** Time nobody observed is hatched wherever it is drawn. */
const HATCH = tag(
  "svg",
  { width: 0, height: 0, style: "position:absolute", "aria-hidden": "true" },
  tag(
    "defs",
    {},
    tag(
      "pattern",
      {
        ...{ id: "blind", width: 5, height: 5, patternUnits: "userSpaceOnUse" },
        patternTransform: "rotate(45)",
      },
      tag("rect", { width: 5, height: 5, style: "fill:var(--panel)" }),
      tag("rect", { width: 1.8, height: 5, style: "fill:var(--blind)" }),
    ),
  ),
);

function head({ enterprise, site, label, agent, assets }: Report): Markup {
  const spans = new Set(
    assets.map(
      ({ from, to, asset }) =>
        `${localTime(from, asset.zone)} to ${localTime(to, asset.zone)}, ${asset.zone}`,
    ),
  );
  const names = assets.map(({ asset }) => asset.name).join(", ");
  return tag(
    "header",
    {},
    tag(
      "div",
      {},
      tag("div", { class: "over" }, text("Outcome report")),
      tag("h1", {}, text(`${names}: ${label}`)),
      ...[...spans].map((span) => tag("p", {}, text(span))),
    ),
    tag(
      "div",
      { class: "right" },
      tag("p", {}, text(`${enterprise} / ${site}`)),
      tag("p", {}, text(agent)),
    ),
  );
}

function notes({ assets, all, without }: Report): Markup {
  const { machines, pieces } = all.totals;
  const said = assets.flatMap(({ asset, settledTo, to, unsettled }) => [
    ...(settledTo < to
      ? [
          `${asset.id} is settled to ${localTime(settledTo, asset.zone)}; later time is not in these numbers.`,
        ]
      : []),
    ...unsettled.map(
      ({ note, status }) =>
        `${asset.id}, ${status} by the ${note.party} and not yet agreed: ${note.why} (${localTime(note.from, asset.zone)} to ${localTime(note.to, asset.zone)}).`,
    ),
  ]);
  if (pieces.machines > 0 && pieces.machines < machines)
    said.push(
      `Performance, quality, OEE and pieces are of ${pieces.machines} of ${machines} machines; the others count nothing.`,
    );
  said.unshift(...without.map((line) => `${line}.`));
  return said.map((line) => tag("p", { class: "note" }, text(line))).join("");
}

function tiles({ ratios, totals }: Figures): Markup {
  const { pieces } = totals;
  const tile = (name: string, value: string, more: string, picture = ""): Markup =>
    tag(
      "div",
      { class: "tile" },
      tag("span", { class: "name" }, text(name)),
      tag("b", {}, text(value)),
      picture,
      tag("span", {}, text(more)),
    );
  const { uptime, oee, availability } = ratios;
  const ranged = (id: string, name: string, share: typeof uptime): Markup =>
    tile(
      name,
      percent(share.value),
      share.value === null ? "not defined here" : bounds(share),
      strip(id, name, share),
    );
  const counted = pieces.machines > 0;
  return tag(
    "div",
    { class: "tiles" },
    ranged("tile-uptime", "Uptime", uptime),
    ranged("tile-oee", "OEE", oee),
    ranged("tile-availability", "Availability", availability),
    tile(
      "Performance",
      percent(ratios.performance),
      counted ? `${whole(pieces.total)} pieces` : "nothing is counted",
    ),
    tile(
      "Quality",
      percent(ratios.quality),
      counted ? `${whole(pieces.good)} good` : "nothing is counted",
    ),
    tile("Coverage", percent(ratios.coverage), "observed share of loading"),
  );
}

function machine(report: AssetReport, i: number): Markup {
  const { asset, reasons } = report;
  return tag(
    "section",
    { class: "machine" },
    tag("h2", {}, text(asset.name === asset.id ? asset.id : `${asset.name} (${asset.id})`)),
    tag(
      "div",
      { class: "two" },
      tag(
        "div",
        {},
        tag("h3", {}, text("Where the time went")),
        waterfall(`waterfall-${i}`, report),
        lossTable(report),
      ),
      tag(
        "div",
        {},
        tag("h3", {}, text("What stopped it")),
        pareto(`pareto-${i}`, reasons),
        timeTable(report),
      ),
    ),
    stopsTable(report),
  );
}

const signatures = (): Markup =>
  tag(
    "div",
    { class: "sign" },
    tag("div", {}, text("Supplier: name, date, signature")),
    tag("div", {}, text("Customer: name, date, signature")),
  );
