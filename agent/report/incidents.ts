/**
 * Key figures of incidents from the records that a store keeps: the newest version of each, its running clocks brought
 * forward to the end of what is known. An incident belongs to the span in which it was opened.
 */
import { type Coverage, coverageOf } from "../core/incident/coverage.ts";
import {
  type IncidentKpis,
  kpisOf,
  openedIn,
  type PreventiveToReactive,
  preventiveToReactive,
} from "../core/incident/kpi.ts";
import { CLOCKS, type Clock, type Clocks, type IncidentOutcome } from "../core/incident/outcome.ts";
import type { Millis, Span } from "../core/time.ts";
import type { Reader, StoredRecord } from "../store/read.ts";
import type { AssetReport, Stretch } from "./build.ts";
import type { Known } from "./known.ts";

export interface IncidentFigures extends IncidentKpis {
  /** Maintenance inside plans against faults and maintenance in scheduled time, micro-stops aside. */
  work: PreventiveToReactive;
}

export interface Incidents {
  /** Clocks that run stand at this instant. */
  asOf: Millis;
  /** By asset: those that have incidents configured or opened. */
  assets: Record<string, IncidentFigures>;
  together: IncidentFigures;
}

/** The `incident` part of a record, as far as it is read here. Instants are text. */
type Told = Omit<IncidentOutcome, "asset" | "faultAt" | "openedAt" | "restoredAt" | "closedAt"> & {
  version: number;
  coverage: string | null;
  holds: { to: string | null }[];
} & Record<"faultAt" | "openedAt", string> &
  Record<"restoredAt" | "closedAt", string | null>;

interface Newest {
  asset: string;
  time: Millis;
  told: Told;
}

const PAGE = 1000;
/** Of `repeatWithin`: a machine that has no incidents configured any more. */
const REPEAT = 30 * 86_400_000;

/** All incidents of a store as they stand at `asOf`, oldest first. */
export function outcomesOf(
  reader: Pick<Reader, "evidence">,
  { calendars, configs }: Pick<Known, "calendars" | "configs">,
  asOf: Millis,
): IncidentOutcome[] {
  // Evidence of years is long: nobody reads it for what cannot be in it.
  if (!configs.some(({ model }) => model.assets.some(({ incidents }) => incidents))) return [];
  const coverage = coverageOf(Object.fromEntries(calendars));
  return newest(reader)
    .map((one) => outcomeIn(one, coverage, asOf))
    .sort((a, b) => a.openedAt - b.openedAt);
}

function newest(reader: Pick<Reader, "evidence">): Newest[] {
  const found = new Map<string, Newest>();
  for (let after = 0; ; ) {
    const page = reader.evidence(after, PAGE);
    for (const record of page) if (record.class === "incident") take(found, record);
    if (page.length < PAGE) return [...found.values()];
    after = page.at(-1)?.seq ?? after;
  }
}

function take(found: Map<string, Newest>, { payload }: StoredRecord): void {
  const { asset, time, incident } = JSON.parse(payload) as {
    asset: string;
    time: string;
    incident: Told;
  };
  const key = `${asset} ${incident.id}`;
  const before = found.get(key);
  if (before && before.told.version > incident.version) return;
  found.set(key, { asset, time: Date.parse(time), told: incident });
}

/** The reverse of what records say. */
function outcomeIn({ asset, time, told }: Newest, coverage: Coverage, asOf: Millis) {
  const { id, trigger, mode, severity, attribution, clock, visits, relapses, repeatOf } = told;
  const isHeld = told.holds.some(({ to }) => to === null);
  const passed = {
    elapsedMs: Math.max(0, asOf - time),
    calendarMs: isHeld ? 0 : Math.max(0, asOf - time),
    coveredMs: isHeld ? 0 : coverage.covered(told.coverage, time, asOf),
  };
  const clocks = Object.fromEntries(
    CLOCKS.map((name) => [name, forward(told.clocks[name], passed, clock)]),
  ) as Clocks;
  const outcome: IncidentOutcome = {
    ...{ asset, id, trigger, mode, severity, attribution, clock },
    ...{ visits, relapses, repeatOf, clocks },
    ...{ faultAt: Date.parse(told.faultAt), openedAt: Date.parse(told.openedAt) },
    ...{ restoredAt: instant(told.restoredAt), closedAt: instant(told.closedAt) },
  };
  return outcome;
}

const instant = (text: string | null): Millis | null => (text === null ? null : Date.parse(text));

type Passed = Pick<Clock, "elapsedMs" | "calendarMs" | "coveredMs">;

/** A clock that runs, later on. An open one beyond its limit has missed it, whether anybody was told or not. */
function forward(clock: Clock, passed: Passed, axis: IncidentOutcome["clock"]): Clock {
  if (clock.state !== "running") return clock;
  const elapsedMs = clock.elapsedMs + passed.elapsedMs;
  const calendarMs = clock.calendarMs + passed.calendarMs;
  const coveredMs = clock.coveredMs + passed.coveredMs;
  const spent = axis === "covered" ? coveredMs : calendarMs;
  const isMissed = clock.limitMs !== null && spent > clock.limitMs;
  return { ...clock, elapsedMs, calendarMs, coveredMs, met: isMissed ? false : clock.met };
}

/** null: no machine of the report has incidents. `outcomes`: all of the store; repeats are looked for in them. */
export function incidentsOf(
  reports: readonly AssetReport[],
  outcomes: readonly IncidentOutcome[],
  asOf: Millis,
): Incidents | null {
  const own = reports.flatMap((report) => {
    const all = outcomes.filter(({ asset }) => asset === report.asset.id);
    const of = openedIn(all, report);
    const { incidents } = report.asset;
    if (!incidents && of.length === 0) return [];
    const kpis = kpisOf(of, all, asOf, incidents?.repeatWithinMs ?? REPEAT);
    return [{ report, of, figures: { ...kpis, work: workOf(report) } }];
  });
  if (own.length === 0) return null;
  const kpis = kpisOf(
    own.flatMap(({ of }) => of),
    outcomes,
    asOf,
    REPEAT,
  );
  // Machines may differ in how long a repeat can come.
  const watched = own.reduce((sum, { figures }) => sum + figures.fixes.watched, 0);
  const work = addWork(own.map(({ figures }) => figures.work));
  return {
    asOf,
    assets: Object.fromEntries(own.map(({ report, figures }) => [report.asset.id, figures])),
    together: { ...kpis, fixes: { ...kpis.fixes, watched }, work },
  };
}

function workOf({ timeline }: AssetReport): PreventiveToReactive {
  const planned = sumOf(
    timeline,
    ({ condition, schedule }) => condition === "maintenance" && schedule === "planned-stop",
  );
  const repair = sumOf(
    timeline,
    ({ condition, schedule, stop }) =>
      (condition === "fault" || condition === "maintenance") &&
      schedule === "scheduled" &&
      stop !== "micro",
  );
  return preventiveToReactive(planned, repair);
}

/** Neighbors count once. */
function sumOf(timeline: readonly Stretch[], is: (stretch: Stretch) => boolean) {
  const sum = { ms: 0, count: 0 };
  let last: Span | null = null;
  for (const stretch of timeline.filter(is)) {
    sum.ms += stretch.to - stretch.from;
    if (last?.to !== stretch.from) sum.count++;
    last = stretch;
  }
  return sum;
}

function addWork(parts: readonly PreventiveToReactive[]): PreventiveToReactive {
  const add = (side: "preventive" | "reactive") => ({
    ms: parts.reduce((sum, part) => sum + part[side].ms, 0),
    count: parts.reduce((sum, part) => sum + part[side].count, 0),
  });
  return preventiveToReactive(add("preventive"), add("reactive"));
}
