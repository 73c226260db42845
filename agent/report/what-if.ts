/**
 * The same journal under another configuration: its calendar, its micro-stop limit, its attributions. Touches nothing.
 * What needs readings again is named and left as it was recorded.
 */
import type { FedCalendar } from "../calendar/feed.ts";
import { resolveCalendar } from "../calendar/resolve.ts";
import type { AssetModel, PlantModel } from "../core/model.ts";
import { reattributed, rejudged, replaced, rescheduled } from "../core/projection/recut.ts";
import type { CalendarState } from "../core/timeline/schedule.ts";
import type { Slice } from "./slice.ts";

export interface Other {
  model: PlantModel;
  calendars: readonly FedCalendar[];
}

export interface WhatIf {
  slices: Slice[];
  /** In words: what of the other configuration a journal cannot show. */
  cannot: string[];
}

export function whatIf(slices: readonly Slice[], other: Other): WhatIf {
  const cannot: string[] = [];
  const made = slices.map((slice) => {
    const asset = other.model.assets.find(({ id }) => id === slice.asset.id);
    if (!asset) {
      cannot.push(`${slice.asset.id} is not in the other configuration and stays as recorded`);
      return slice;
    }
    cannot.push(...differences(slice.asset, asset));
    return recut(slice, asset, other);
  });
  return { slices: made, cannot };
}

/** A slice as the other configuration would have settled it. */
export function recut(slice: Slice, asset: AssetModel, { calendars, model }: Other): Slice {
  const calendar = calendarOver(slice, asset, calendars, model.zone);
  const { microStopMs, attribution, zone } = asset;
  const isSameRules = JSON.stringify(rulesOf(slice.asset)) === JSON.stringify(rulesOf(asset));
  const answered = isSameRules
    ? reattributed(slice.intervals, { rules: asset.rules, attribution })
    : slice.intervals;
  const { reasons: _, ...own } = slice.asset;
  // What a reason is called comes from readings; what its time is lost to does not.
  const losses = asset.reasons ? { reasons: asset.reasons } : {};
  return {
    ...slice,
    asset: { ...own, ...losses, microStopMs, attribution, zone, calendar: asset.calendar },
    intervals: rejudged(rescheduled(answered, calendar, slice.plans), microStopMs),
    counts: replaced(slice.counts, calendar, slice.plans),
    exact: null,
    windows: [],
  };
}

function calendarOver(
  { intervals, from, to }: Slice,
  { calendar }: AssetModel,
  calendars: readonly FedCalendar[],
  zone: string,
): CalendarState {
  const id = calendar ?? "";
  const fed = calendars.find((one) => one.id === id);
  const range = {
    from: Math.min(from, intervals[0]?.from ?? from),
    horizon: Math.max(to, intervals.at(-1)?.to ?? to) + 1,
    first: false,
  };
  const { spans } = resolveCalendar(fed?.spec ?? null, fed?.zone ?? zone, range);
  return { id, horizon: range.horizon, spans, frames: [] };
}

/** What rules decide by; who answers can be told anew. */
const rulesOf = ({ rules, points }: AssetModel): unknown => [
  rules.map(({ attribution: _, ...rule }) => rule),
  points.map(({ id }) => id),
];

/** A bigint has no JSON of its own. */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) => (typeof part === "bigint" ? `${part}` : part));

function differences(mine: AssetModel, others: AssetModel): string[] {
  const parts: [string, (asset: AssetModel) => unknown][] = [
    ["conditions", rulesOf],
    ["polls and holds", ({ sources }) => sources],
    ["counters", ({ counts, points }) => [counts, points.map(({ counter }) => counter)]],
    ["recipes and ideal cycles", ({ recipes }) => recipes],
    ["reasons", ({ reasons = [] }) => reasons.map(({ loss: _, ...node }) => node)],
  ];
  return parts
    .filter(([, part]) => textOf(part(mine)) !== textOf(part(others)))
    .map(
      ([name]) =>
        `${mine.id}: its ${name} differ, which intervals cannot show; try \`uptime-agent replay --raw\``,
    );
}
