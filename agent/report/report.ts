/**
 * A report from a journal: machines and spans chosen, slices read, document made. Opened read-only beside a running
 * agent or over the excerpt of a bundle; settled intervals only.
 */
import { type Millis, overlapMs } from "../core/time.ts";
import { iso } from "../record/iso.ts";
import { CALC_VERSION } from "../record/message.ts";
import type { JournalSource } from "../replay/from-journal.ts";
import type { Reader } from "../store/read.ts";
import { type AssetReport, assetReport, type Figures, together } from "./build.ts";
import { type Incidents, incidentsOf, outcomesOf } from "./incidents.ts";
import { assetsOf, configAt, type Known, knownOf } from "./known.ts";
import { proofsOf } from "./proof.ts";
import { type Choice, chosen, refuse, type Scope, type SpanAsked, scopesOf } from "./scope.ts";
import { type Slice, settledEnd, sliceOf } from "./slice.ts";

export type Source = JournalSource & Pick<Reader, "records" | "evidence">;

export interface Report {
  agent: string;
  enterprise: string;
  site: string;
  /** IANA zone of what concerns all machines: theirs where they share one, else the gateway's. */
  zone: string;
  /** What was asked for, for people. */
  label: string;
  assets: AssetReport[];
  /** From sums, never from the percentages of the machines. */
  all: Figures;
  /** null: no machine has any, and none is configured. */
  incidents: Incidents | null;
  basis: Basis;
  /** In words: machines that have no such span. */
  without: string[];
}

/** What the numbers rest on. */
export interface Basis {
  /** Configurations in force in the span, newest last. */
  configHashes: string[];
  tzdata: string[];
  calcVersion: string;
  /** The instant up to which all machines are settled. */
  settledTo: Millis;
}

export interface Asked extends Choice {
  span: SpanAsked;
  /** The machines are those of a contract: one that has no such span is left out, as where none is named. */
  ofContract?: true;
}

/** What a report is made of, before anything is added up. */
export interface Material {
  known: Known;
  /** The newest instant that the journal holds. */
  end: Millis;
  slices: Slice[];
  /** Of the periods in which contracts are asked how they stand. */
  instant: Millis;
  /** In words: machines that have no such span. */
  without: string[];
}

/** `end`: where "last" ends; not before anything the journal holds. Throws `USAGE_INVALID`. */
export function materialOf(source: JournalSource, asked: Asked, end: Millis): Material {
  const known = knownOf(source);
  const assets = chosen(assetsOf(known), asked);
  const settled = new Map(assets.map(({ id }) => [id, settledEnd(source, id, end)]));
  const settledTo = (asset: string): Millis => settled.get(asset) ?? 0;
  const reach = { settledTo, end, named: asked.assets !== null && !asked.ofContract };
  const { scopes, without } = scopesOf(known, assets, asked.span, reach);
  const all = scopes.map((scope) => slice(source, known, scope, settledTo(scope.asset.id)));
  const slices = all.filter(isKnown);
  const unknown = all
    .filter((one) => !isKnown(one))
    .map((one) => unknownText(source, one, settledTo(one.asset.id)));
  if (unknown[0] !== undefined && (reach.named || slices.length === 0)) throw refuse(unknown[0]);
  const instant = instantOf(asked.span, slices);
  return { known, end, slices, instant, without: [...without, ...unknown] };
}

const isKnown = ({ intervals, from, settledTo }: Slice): boolean =>
  intervals.some((interval) => overlapMs(interval, from, settledTo) > 0);

function unknownText(source: JournalSource, { asset, label }: Slice, settled: Millis): string {
  const [first] = source.intervals(asset.id, 0, Number.MAX_SAFE_INTEGER);
  const reach = first
    ? `its journal is settled from ${iso(first.from)} to ${iso(settled)}`
    : "its journal is empty";
  return `nothing is known yet of ${asset.id} in ${label}: ${reach}`;
}

/**
 * The last one told; of shifts, days and months their middle, because they end and contracts' periods begin at one midnight,
 * or at those of two zones.
 */
function instantOf({ kind }: SpanAsked, slices: readonly Slice[]): Millis {
  const isFrame = kind !== "span" && kind !== "last";
  const of = ({ from, settledTo }: Slice): Millis =>
    isFrame ? Math.floor((from + settledTo) / 2) : settledTo - 1;
  return Math.max(...slices.map(of));
}

/** Names and limits are those of the time, where the machine was configured then. */
export function slice(source: JournalSource, known: Known, scope: Scope, settledTo: Millis): Slice {
  const { model } = configAt(known, scope.to) as NonNullable<ReturnType<typeof configAt>>;
  const asset = model.assets.find(({ id }) => id === scope.asset.id) ?? scope.asset;
  return sliceOf(source, known, { ...scope, asset }, settledTo);
}

export function reportOf(
  { known, end, slices, without }: Material,
  source: Pick<Reader, "records" | "evidence">,
): Report {
  const to = Math.max(...slices.map((slice) => slice.to));
  const from = Math.min(...slices.map((slice) => slice.from));
  const model = (configAt(known, to) ?? known.configs[0])?.model;
  const agent = model?.agent ?? "";
  const zones = [...new Set(slices.map(({ asset }) => asset.zone))];
  const assets = slices.map((slice) => assetReport(slice, proofsOf(source, agent, slice.windows)));
  return {
    agent,
    enterprise: model?.root.enterprise ?? "",
    site: model?.root.site ?? "",
    zone: zones.length === 1 ? String(zones[0]) : (model?.zone ?? "UTC"),
    label: [...new Set(slices.map((slice) => slice.label))].join("; "),
    assets,
    all: together(assets),
    incidents: incidentsOf(assets, outcomesOf(source, known, end), end),
    without,
    basis: {
      configHashes: hashesIn(known, from, to),
      tzdata: known.tzdata,
      calcVersion: CALC_VERSION,
      settledTo: Math.min(...slices.map((slice) => slice.settledTo)),
    },
  };
}

function hashesIn({ configs }: Known, from: Millis, to: Millis): string[] {
  const first = configs.findLastIndex(({ at }) => at <= from);
  const inForce = configs.filter(({ at }, i) => i >= Math.max(0, first) && at < to);
  return [...new Set(inForce.map(({ hash }) => hash))];
}
