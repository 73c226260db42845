/**
 * An outsider's implementation of the accounting (DESIGN, section 4), to check the core against. It gets everything
 * at once and is meant to be obviously right, not fast. Left out: clock steps, reasons, late scrap.
 */
import type { PlanInput } from "../../agent/core/annotation/entered.ts";
import type {
  AgentStartedInput,
  CalendarInput,
  CycleInput,
  Frame,
} from "../../agent/core/input.ts";
import type { AssetModel } from "../../agent/core/model.ts";
import { type Booking, bookings, bridged, ROLES, type Role } from "./pieces.ts";
import { readPoints } from "./points.ts";
import { stopsOf } from "./stops.ts";
import { type Piece, timeline } from "./timeline.ts";
import type { Gap } from "./truth.ts";
import { type Planned, scheduleAt, type TimeSums, timeSums } from "./window.ts";

export interface Question {
  asset: AssetModel;
  cycles: CycleInput[];
  plans: PlanInput[];
  calendar: CalendarInput;
  /** Of the agent; none before the first cycle. */
  starts: AgentStartedInput[];
  end: number;
}

/** Source of the entries that stand for the begin of a time without the agent. */
const NOBODY = "";

/** The cycles, and an empty one where the agent was last alive. */
function withStarts({ asset, cycles, starts }: Question): CycleInput[] {
  const empty = { kind: "cycle" as const, asset: asset.id, source: NOBODY, values: {}, bad: {} };
  const marks = starts.map((start) => ({ ...empty, at: start.lastAlive, failure: NOBODY }));
  return [...cycles, ...marks].sort((a, b) => a.at - b.at);
}

function gapsOf({ starts }: Question, cycles: CycleInput[]): Gap[] {
  const marks = cycles.flatMap(({ source }, i) => (source === NOBODY ? [i] : []));
  return starts.map(({ lastAlive, at, cause }, k) => ({
    i: marks[k] as number,
    from: lastAlive,
    to: at,
    cause,
  }));
}

export interface RecipeAnswer {
  id: string;
  idealCycleUs: number | null;
  producingMs: number;
  total: number;
  good: number;
  reject: number;
  recovered: { total: number; good: number; reject: number };
}

export interface Answer extends TimeSums {
  frame: Frame;
  recipes: RecipeAnswer[];
  outside: { total: number; good: number; reject: number };
  excess: number | null;
  missing: Role[];
  unbridged: boolean;
  flags: string[];
}

export function answers(question: Question): Answer[] {
  const { asset, calendar, end } = question;
  const first = question.cycles[0];
  if (!first) return [];
  const cycles = withStarts(question);
  const begin = Math.min(first.at, question.plans[0]?.at ?? first.at);
  const points = readPoints(asset, cycles);
  const world = {
    asset,
    at: cycles.map((cycle) => cycle.at),
    points,
    end,
    gaps: gapsOf(question, cycles),
  };
  const { pieces, edges, recipes } = timeline(world, cycles);
  const stops = stopsOf(pieces, asset.microStopMs);
  const schedule = planned(calendar.spans, question.plans);
  const booked = bookings(asset, points, pieces, recipes, schedule);
  return calendar.frames
    .filter((frame) => frame.to > begin && frame.to <= end && asset.windows.includes(frame.kind))
    .map((frame) => {
      const { from, to } = frame;
      const sums = timeSums(from, to, pieces, schedule, stops, edges, asset.microStopMs);
      const inside = booked.filter((one) => one.at >= from && one.at < to);
      const doubts = inside.filter(
        (one) => one.extra > 0 && one.role === "total" && one.place !== "outside",
      );
      const flags = new Set(
        points.flatMap(({ counts }) =>
          counts.flatMap((step) =>
            step.flag && step.at >= from && step.at < to ? [step.flag] : [],
          ),
        ),
      );
      const missing = ROLES.filter((role) => absent(question, role, points, schedule, frame));
      return {
        ...sums,
        frame,
        recipes: byRecipe(sums, inside),
        outside: tally(inside.filter((one) => one.place === "outside")),
        excess: doubts.length ? doubts.reduce((sum, one) => sum + one.extra, 0) : null,
        missing,
        unbridged: blindSpans(pieces, schedule, from, to).some(
          (span) => span.from < from || span.to > to || !bridged(asset, booked, schedule, span, to),
        ),
        flags: [...flags].sort(),
      };
    });
}

/**
 * The calendar with plans laid over it, the last entered on top; a plan counts only if entered before its start.
 * Unscheduled time stays unscheduled (metrics B2).
 */
function planned(spans: Planned[], plans: PlanInput[]): Planned[] {
  let result = [...spans];
  for (const plan of plans) {
    if (plan.at >= plan.from) continue;
    const { from, to, schedule } = plan;
    result = result.flatMap((span) =>
      span.schedule === "unscheduled"
        ? [span]
        : [
            { ...span, to: Math.min(span.to, from) },
            { from: Math.max(span.from, from), to: Math.min(span.to, to), schedule },
            { ...span, from: Math.max(span.from, to) },
          ],
    );
    result = result.filter((span) => span.to > span.from);
  }
  return result;
}

function byRecipe(sums: TimeSums, inside: Booking[]): RecipeAnswer[] {
  const keys = new Map<string, { id: string; idealCycleUs: number | null }>();
  for (const key of Object.keys(sums.producingMs)) {
    const [id, us] = key.split(" ") as [string, string];
    keys.set(key, { id, idealCycleUs: us === "null" ? null : Number(us) });
  }
  const counted = inside.filter((one) => one.place !== "outside" && one.pieces > 0);
  for (const { recipe } of counted) keys.set(`${recipe.id} ${recipe.idealCycleUs}`, recipe);
  return [...keys.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, { id, idealCycleUs }]) => {
      const own = counted.filter((one) => `${one.recipe.id} ${one.recipe.idealCycleUs}` === key);
      return {
        id,
        idealCycleUs,
        producingMs: sums.producingMs[key] ?? 0,
        ...tally(own.filter((one) => one.place === "loading")),
        recovered: tally(own.filter((one) => one.place === "recovered")),
      };
    });
}

function tally(booked: Booking[]): { total: number; good: number; reject: number } {
  const sum = { total: 0, good: 0, reject: 0 };
  for (const one of booked) sum[one.role] += one.pieces;
  return sum;
}

/** Configured, but without a good sample at a scheduled instant of the window. */
function absent(
  { asset }: Question,
  role: Role,
  points: ReturnType<typeof readPoints>,
  schedule: Planned[],
  { from, to }: Frame,
): boolean {
  const index = asset.counts?.[role];
  if (index === null || index === undefined) return false;
  const good = points[index]?.good ?? [];
  return !good.some(
    (one) => one.at >= from && one.at < to && scheduleAt(schedule, one.at) === "scheduled",
  );
}

/** Maximal unknown spans that touch the loading time of a window. */
function blindSpans(
  pieces: Piece[],
  schedule: Planned[],
  from: number,
  to: number,
): { from: number; to: number }[] {
  const spans: { from: number; to: number }[] = [];
  for (const piece of pieces) {
    if (piece.condition !== "unknown" || piece.to <= piece.from) continue;
    const last = spans.at(-1);
    if (last?.to === piece.from) last.to = piece.to;
    else spans.push({ from: piece.from, to: piece.to });
  }
  return spans.filter((span) =>
    schedule.some(
      (one) =>
        one.schedule === "scheduled" &&
        Math.min(one.to, span.to, to) > Math.max(one.from, span.from, from),
    ),
  );
}
