/** The report as one JSON document for other programs: everything that is printed, with instants as RFC 3339. */
import { iso } from "../record/iso.ts";
import type { AssetReport, Figures } from "./build.ts";
import type { IncidentFigures, Incidents } from "./incidents.ts";
import type { Report } from "./report.ts";
import { type Terms, termsOf } from "./terms.ts";
import type { Beside } from "./text.ts";

export const REPORT_SCHEMA = "uptime.report/1";

export function reportDocument(
  report: Report,
  { levels, standings, terms }: Beside,
): Record<string, unknown> {
  const { basis, assets, all, incidents } = report;
  return {
    schema: REPORT_SCHEMA,
    ...{ agent: report.agent, enterprise: report.enterprise, site: report.site },
    label: report.label,
    ...{ calcVersion: basis.calcVersion, tzdata: basis.tzdata, configHashes: basis.configHashes },
    settledTo: iso(basis.settledTo),
    assets: assets.map((asset) => ({
      ...assetDocument(asset),
      ...incidentPart(incidents, incidents?.assets[asset.asset.id]),
    })),
    together: { ...figures(all), ...incidentPart(incidents, incidents?.together) },
    ...(terms === null ? {} : { terms: { of: terms, values: valuesOf(report, terms) } }),
    levels,
    standings: standings.map(({ from, to, at, ...standing }) => ({
      ...{ from: iso(from), to: iso(to), at: iso(at) },
      ...standing,
    })),
    without: report.without,
  };
}

/** Only where there are incidents, or could be. */
const incidentPart = (
  incidents: Incidents | null,
  figures: IncidentFigures | undefined,
): Record<string, unknown> =>
  incidents && figures ? { incidents: { asOf: iso(incidents.asOf), ...figures } } : {};

function valuesOf({ assets, all }: Report, terms: Terms): Record<string, unknown> {
  const named = assets.map((asset) => [asset.asset.id, termsOf(terms, asset)] as const);
  return { ...Object.fromEntries(named), together: termsOf(terms, all) };
}

function assetDocument(report: AssetReport): Record<string, unknown> {
  const { asset, stops, unsettled } = report;
  return {
    ...{ asset: asset.id, name: asset.name, area: asset.area, line: asset.line },
    ...{ zone: asset.zone, microStopMs: asset.microStopMs, label: report.label },
    ...{ from: iso(report.from), to: iso(report.to), settledTo: iso(report.settledTo) },
    ...figures(report),
    ...{ recipes: report.recipes, flags: report.flags, clock: report.clock },
    stops: stops.map(({ from, to, ...stop }) => ({
      ...{ from: iso(from), to: to === null ? null : iso(to) },
      ...stop,
    })),
    unsettled: unsettled.map(({ note, status }) => ({
      ...{ status, from: iso(note.from), to: iso(note.to), party: note.party ?? null },
      ...{ reason: note.reason, attribution: note.attribution, by: note.by, why: note.why },
    })),
    windows: report.proofs,
  };
}

function figures({ totals, ratios, ladder, lost, mtbf, mttr, reasons }: Figures) {
  return { ratios, totals, ladderUs: ladder, lost, mtbf, mttr, reasons };
}
