/** Random plants and timelines from a seed: plain data, so that a failing one can be made smaller piece by piece. */
import type { CycleInput, Frame, PlanInput } from "../../agent/core/input.ts";
import type { AssetModel, CounterModel, Value } from "../../agent/core/model.ts";
import { REASONS } from "./cause.ts";
import { type Dice, dice } from "./dice.ts";
import type { Question } from "./oracle.ts";
import { assetOf } from "./scenario-asset.ts";
import type { Planned } from "./window.ts";

export const T0 = Date.UTC(2026, 10, 23, 6);
const HOUR = 3_600_000;
/** Longer than any settle time of these plants. */
export const TAIL = 2 * HOUR;

export interface Features {
  sources: number;
  dwell: boolean;
  moving: boolean;
  hysteresis: boolean;
  counters: boolean;
  recipes: boolean;
  calendar: boolean;
  failures: boolean;
  hours: number;
}

export const EVERYTHING: Features = {
  sources: 3,
  dwell: true,
  moving: true,
  hysteresis: true,
  counters: true,
  recipes: true,
  calendar: true,
  failures: true,
  hours: 2,
};

export function scenario(seed: number, features: Features): Question {
  const d = dice(seed);
  const asset = assetOf(d, features);
  const length = Math.round(HOUR * (1 + d.unit() * (features.hours - 1)));
  const cycles = asset.sources.flatMap((_, source) => cyclesOf(d, asset, source, length, features));
  cycles.sort((a, b) => a.at - b.at);
  const end = T0 + length + TAIL + HOUR;
  const spans =
    features.calendar && d.chance(0.7)
      ? randomSpans(d, end)
      : [span(T0 - 2 * HOUR, end + 48 * HOUR)];
  return {
    asset,
    cycles,
    plans: features.calendar ? plansOf(d, asset.id, length) : [],
    calendar: {
      kind: "calendar",
      at: T0,
      id: asset.calendar ?? "",
      tzdata: "test",
      from: T0 - 2 * HOUR,
      horizon: end + 48 * HOUR,
      spans,
      frames: framesOf(d, end),
    },
    end,
  };
}

const span = (from: number, to: number): Planned => ({ from, to, schedule: "scheduled" });

function randomSpans(d: Dice, end: number): Planned[] {
  const spans: Planned[] = [];
  let at = T0 - 2 * HOUR;
  while (at < end) {
    const to = at + d.int(2, 60) * 60_000 + d.pick([0, 0, 1, 17_500]);
    const before = spans.at(-1)?.schedule;
    const schedule = d.pick(
      (["scheduled", "unscheduled", "planned-stop"] as const).filter((word) => word !== before),
    );
    spans.push({ from: at, to, schedule });
    at = to;
  }
  spans.push({ from: at, to: end + 48 * HOUR, schedule: "unscheduled" });
  return spans;
}

function framesOf(d: Dice, end: number): Frame[] {
  const frames: Frame[] = [];
  const add = (kind: Frame["kind"], from: number, to: number, shift: string | null): void => {
    frames.push({ kind, from, to, localDate: "2026-11-23", shift });
  };
  for (let at = T0 - HOUR; at < end; at += HOUR) add("hour", at, at + HOUR, null);
  for (let at = T0 - HOUR; at < end; ) {
    const to = at + d.int(5, 50) * 60_000 + d.pick([0, 0, 1, 250]);
    add("day", at, to, null);
    at = to;
  }
  for (let at = T0 + d.int(0, 50) * 60_000; at < end; at += 50 * 60_000)
    add("shift", at, at + 30 * 60_000, "early");
  return frames.sort((a, b) => a.from - b.from);
}

function plansOf(d: Dice, asset: string, length: number): PlanInput[] {
  const plans: PlanInput[] = [];
  for (let at = T0 + d.int(1, 40) * 60_000; at < T0 + length; at += d.int(5, 90) * 60_000) {
    if (d.chance(0.5)) continue;
    const from = at + d.pick([-30_000, 0, 1, 60_000, 600_000]);
    const to = from + d.int(1, 20) * 60_000;
    const schedule = d.pick(["planned-stop", "no-demand"] as const);
    plans.push({ kind: "plan", at, asset, from, to, schedule, by: "t", why: "w" });
  }
  return plans;
}

/** The cycles of one source: values that persist, bursts of failures, single bad points, slots without a poll. */
function cyclesOf(
  d: Dice,
  asset: AssetModel,
  source: number,
  length: number,
  features: Features,
): CycleInput[] {
  const cycles: CycleInput[] = [];
  const { id, pollMs } = asset.sources[source] as AssetModel["sources"][number];
  const own = asset.points.filter((point) => point.source === source);
  const values: Record<string, Value> = {};
  const exact = d.chance(0.3);
  const calm = d.unit() * 0.9;
  let burst = 0;
  let reason = "MODBUS_TIMEOUT";
  let last = T0;
  const trouble = features.failures ? d.pick([0, 0.02, 0.1]) : 0;
  for (let slot = T0 + d.int(0, 20) * 1000; slot < T0 + length; slot += pollMs) {
    const at = slot + (exact ? 0 : d.int(0, 200));
    if (burst > 0) burst--;
    else if (d.chance(trouble)) {
      burst = d.int(1, 8);
      reason = d.pick([...REASONS, "SKIP", "SKIP"]);
    } else reason = "";
    if (reason === "SKIP") continue;
    const cycle: CycleInput = {
      kind: "cycle",
      at,
      asset: asset.id,
      source: id,
      values: {},
      bad: {},
      failure: reason || null,
    };
    if (features.failures && d.chance(0.1) && burst > 0) reason = d.pick(REASONS);
    if (!cycle.failure) {
      for (const point of own) {
        if (point.counter)
          values[point.id] = counterValue(
            d,
            point.counter,
            values[point.id],
            at - last,
            trouble > 0,
          );
        else if (values[point.id] === undefined || !d.chance(calm))
          values[point.id] = pointValue(d, point.id);
        if (d.chance(trouble / 2))
          cycle.bad[point.id] = d.pick(["MODBUS_EXCEPTION_2", "VALUE_INVALID"]);
        else if (!d.chance(0.1) || cycles.length === 0)
          cycle.values[point.id] = values[point.id] as Value;
      }
      last = at;
    }
    cycles.push(cycle);
  }
  return cycles;
}

const pointValue = (d: Dice, id: string): Value =>
  id === "load" ? d.int(0, 20) : id === "guard" ? d.chance(0.7) : d.int(0, 6);

function counterValue(
  d: Dice,
  model: CounterModel,
  before: Value | undefined,
  dt: number,
  wild: boolean,
): number {
  const modulus = Number(model.modulus);
  if (before === undefined)
    return d.chance(0.3) ? modulus - d.int(1, 50) : d.int(0, Math.min(5000, modulus - 1));
  const most = Math.floor((model.maxRate.count * dt) / model.maxRate.perMs);
  const now = before as number;
  if (wild && d.chance(0.03)) return d.int(0, Math.min(most, modulus - 1));
  if (wild && d.chance(0.03)) return Math.max(0, now - d.int(1, 5));
  if (wild && d.chance(0.03)) return d.int(0, modulus - 1);
  return d.chance(0.3) ? now : (now + d.int(0, most)) % modulus;
}
