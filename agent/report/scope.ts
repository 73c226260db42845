/**
 * Which machines over which time: the options of `report` against what the journal knows. Shifts, days and months
 * are those that were in force, so two machines may have two spans for one date.
 */
import { Fault } from "../core/fault.ts";
import type { Frame } from "../core/input.ts";
import type { AssetModel } from "../core/model.ts";
import type { Millis, Span } from "../core/time.ts";
import { iso } from "../record/iso.ts";
import type { Known } from "./known.ts";

export type SpanAsked =
  | { kind: "shift"; id: string; date: string }
  | { kind: "day"; date: string }
  | { kind: "month"; month: string }
  | { kind: "span"; from: Millis; to: Millis }
  | { kind: "last"; ms: Millis }
  | { kind: "last-day" };

/** The span of one machine, `[from, to)`. */
export interface Scope extends Span {
  asset: AssetModel;
  /** For people: `day 2026-11-23`. */
  label: string;
}

export interface Choice {
  assets: string[] | null;
  line: string | null;
}

export const refuse = (message: string): Fault => new Fault("USAGE_INVALID", message);

/** Throws `USAGE_INVALID` for a name that no machine has. */
export function chosen(all: readonly AssetModel[], { assets, line }: Choice): AssetModel[] {
  const names = all.map(({ id }) => id).join(", ");
  for (const id of assets ?? [])
    if (!all.some((asset) => asset.id === id)) throw refuse(`there is no asset ${id}; ${names}`);
  const found = all.filter(
    (asset) => (assets?.includes(asset.id) ?? true) && (line === null || asset.line === line),
  );
  if (found.length === 0)
    throw refuse(
      line === null ? "the journal knows no asset" : `no asset is on line ${line}; ${lines(all)}`,
    );
  return found;
}

const lines = (all: readonly AssetModel[]): string =>
  [...new Set(all.map(({ line }) => line))].sort().join(", ");

export interface Scopes {
  scopes: Scope[];
  /** In words: machines that have no such span. Only where no machine was named. */
  without: string[];
}

/**
 * `settledTo`: how far the journal of an asset reaches. `end`: where "last" ends. Throws `USAGE_INVALID` where no
 * machine, or one of those that were named, has such a span.
 */
export function scopesOf(
  known: Known,
  assets: readonly AssetModel[],
  asked: SpanAsked,
  { settledTo, end, named }: { settledTo: (asset: string) => Millis; end: Millis; named: boolean },
): Scopes {
  const found = assets.map((asset) => {
    const span = spanOf(known, asset, asked, settledTo(asset.id), end);
    return typeof span === "string" ? span : { asset, ...span };
  });
  const scopes = found.filter((scope) => typeof scope !== "string");
  const without = found.filter((scope) => typeof scope === "string");
  if (without[0] !== undefined && (named || scopes.length === 0)) throw refuse(without[0]);
  return { scopes, without };
}

/** A span, or in words why there is none. */
function spanOf(
  known: Known,
  asset: AssetModel,
  asked: SpanAsked,
  settledTo: Millis,
  end: Millis,
): (Span & { label: string }) | string {
  if (asked.kind === "span") return spelled(asked);
  if (asked.kind === "last") return spelled({ from: end - asked.ms, to: end });
  const frames = known.calendars.get(asset.calendar ?? "")?.frames ?? [];
  const found = frames.findLast((frame) => isAsked(frame, asked, settledTo));
  const label = labelOf(asked, found);
  if (found) return { from: found.from, to: found.to, label };
  return `the journal has no ${label} of ${asset.id}; ${kinds(frames)}`;
}

const spelled = ({ from, to }: Span): Span & { label: string } => ({
  ...{ from, to, label: `${iso(from)} to ${iso(to)}` },
});

type FrameAsked = Exclude<SpanAsked, { kind: "span" | "last" }>;

function isAsked(
  { kind, shift, localDate, to }: Frame,
  asked: FrameAsked,
  settledTo: Millis,
): boolean {
  switch (asked.kind) {
    case "shift":
      return shift === asked.id && localDate === asked.date;
    case "day":
      return kind === "day" && localDate === asked.date;
    case "month":
      return kind === "month" && localDate.startsWith(asked.month);
    case "last-day":
      return kind === "day" && to <= settledTo;
  }
}

function labelOf(asked: FrameAsked, found: Frame | undefined): string {
  switch (asked.kind) {
    case "shift":
      return `shift ${asked.id} of ${asked.date}`;
    case "day":
      return `day ${asked.date}`;
    case "month":
      return `month ${asked.month}`;
    case "last-day":
      return found ? `day ${found.localDate}` : "complete day";
  }
}

function kinds(frames: readonly Frame[]): string {
  const days = frames.filter(({ kind }) => kind === "day");
  const shifts = [...new Set(frames.flatMap(({ shift }) => (shift === null ? [] : [shift])))];
  if (days.length === 0) return "it has no calendar yet";
  const reach = `it knows ${days[0]?.localDate} to ${days.at(-1)?.localDate}`;
  return shifts.length === 0 ? reach : `${reach}, shifts ${shifts.sort().join(", ")}`;
}
