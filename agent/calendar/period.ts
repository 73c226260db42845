/**
 * Periods of contracts, resolved to UTC and handed to the core ahead of time, as calendars are. Nominal: what part of
 * a period a contract covers is the contract's to say.
 */
import type { ContractModel } from "../core/contract/model.ts";
import type { PeriodInput } from "../core/input.ts";
import type { Millis, Span } from "../core/time.ts";
import { type FedCalendar, LEAD_MS } from "./feed.ts";
import { resolveCalendar } from "./resolve.ts";
import { DEFAULT_CALENDAR, minutesOf } from "./spec.ts";
import { type CivilDay, civilDay, isoDate, monthStart, type Zone, zoneOf } from "./zone.ts";

/** The part of a contract that says when its periods are. */
export type Term = Pick<ContractModel, "id" | "period" | "effective" | "assets">;

interface Bounds extends Span {
  localDate: string;
}

export interface PeriodFeed {
  /** The periods to feed before anything at `at`: the one that holds it, and the next one two days ahead. */
  until(at: Millis): PeriodInput[];
}

/** `reached`: the end of the last period that was fed, null: none. */
export function periodFeed(
  term: Term,
  calendars: readonly FedCalendar[],
  reached: Millis | null,
): PeriodFeed {
  const place = placeOf(term, calendars);
  let to = reached;
  return {
    until(at) {
      const inputs: PeriodInput[] = [];
      while (to === null || to <= at + LEAD_MS) {
        const bounds = periodAt(term, place, to ?? at);
        const due = to === null ? at : to - LEAD_MS;
        inputs.push({
          kind: "period",
          at: due,
          contract: term.id,
          ...bounds,
          ...plannedIn(term, calendars, bounds),
        });
        to = bounds.to;
      }
      return inputs;
    },
  };
}

interface Place {
  zone: Zone;
  /** Minutes after midnight at which its days begin. */
  dayStart: number;
}

/** Where all assets share a calendar its days count, else the gateway's. */
function placeOf({ assets }: Term, calendars: readonly FedCalendar[]): Place {
  const ids = new Set(assets.map(({ calendar }) => calendar));
  const shared = ids.size === 1 ? calendars.find(({ id }) => ids.has(id)) : undefined;
  const own = shared ?? calendars.find(({ id }) => id === "");
  const spec = own?.spec ?? DEFAULT_CALENDAR;
  return { zone: zoneOf(spec.zone ?? own?.zone ?? "UTC"), dayStart: minutesOf(spec.dayStart) };
}

/** The period that holds an instant, `[from, to)`. */
export function periodAt(
  { period, effective }: Term,
  { zone, dayStart }: Place,
  at: Millis,
): Bounds {
  const today = businessDay(zone, dayStart, at);
  const start = startOf(period, effective.from === null ? null : civilDay(effective.from), today);
  const months = period === "quarter" ? 3 : period === "contract-year" ? 12 : 1;
  const end = period === "contract-year" ? yearLater(start) : monthStart(start, months);
  return {
    localDate: isoDate(start),
    from: zone.resolve(start, dayStart),
    to: zone.resolve(end, dayStart),
  };
}

function businessDay(zone: Zone, dayStart: number, at: Millis): CivilDay {
  const day = zone.dayAt(at);
  return at < zone.resolve(day, dayStart) ? day - 1 : day;
}

/** A contract year begins on the date its effect began; without one, with the calendar year. */
function startOf(period: Term["period"], anchor: CivilDay | null, today: CivilDay): CivilDay {
  const { year, month } = partsOf(today);
  if (period === "quarter") return Date.UTC(year, month - (month % 3), 1) / DAY_MS;
  if (period !== "contract-year") return monthStart(today);
  const { month: m, date } = anchor === null ? { month: 0, date: 1 } : partsOf(anchor);
  const start = Date.UTC(year, m, date) / DAY_MS;
  return start <= today ? start : Date.UTC(year - 1, m, date) / DAY_MS;
}

const DAY_MS = 86_400_000;

function partsOf(day: CivilDay): { year: number; month: number; date: number } {
  const date = new Date(day * DAY_MS);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth(), date: date.getUTCDate() };
}

function yearLater(day: CivilDay): CivilDay {
  const { year, month, date } = partsOf(day);
  return Date.UTC(year + 1, month, date) / DAY_MS;
}

function plannedIn(
  { assets }: Term,
  calendars: readonly FedCalendar[],
  { from, to }: Span,
): Pick<PeriodInput, "scheduled"> {
  const used = new Set(assets.map(({ calendar }) => calendar));
  const scheduled = calendars
    .filter(({ id }) => used.has(id))
    .map(({ id, spec, zone }) => {
      const { spans } = resolveCalendar(spec, zone, { from, horizon: to, first: false });
      const planned = spans.filter(({ schedule }) => schedule === "scheduled");
      return [id, planned.map((span) => ({ from: span.from, to: span.to }))] as const;
    });
  return { scheduled: Object.fromEntries(scheduled) };
}
