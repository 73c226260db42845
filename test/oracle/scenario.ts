/** Random plants and timelines from a seed: plain data, so that a failing one can be made smaller piece by piece. */
import type { PlanInput } from "../../agent/core/annotation/entered.ts";
import type { AgentStartedInput, CycleInput, Frame } from "../../agent/core/input.ts";
import { type Dice, dice } from "./dice.ts";
import { type Features, HOUR, T0, TAIL } from "./features.ts";
import type { Question } from "./oracle.ts";
import { assetOf } from "./scenario-asset.ts";
import { cyclesOf } from "./scenario-cycles.ts";
import type { Planned } from "./window.ts";

export function scenario(seed: number, features: Features): Question {
  const d = dice(seed);
  const asset = assetOf(d, features);
  const length = Math.round(HOUR * (1 + d.unit() * (features.hours - 1)));
  const cycles = asset.sources.flatMap((_, source) => cyclesOf(d, asset, source, length, features));
  cycles.sort((a, b) => a.at - b.at);
  const starts = features.starts ? startsOf(d, cycles) : [];
  const blind = (at: number): boolean => starts.some((one) => at > one.lastAlive && at <= one.at);
  const end = T0 + length + TAIL + HOUR;
  const spans =
    features.calendar && d.chance(0.7)
      ? randomSpans(d, end)
      : [span(T0 - 2 * HOUR, end + 48 * HOUR)];
  return {
    asset,
    cycles: cycles.filter(({ at }) => !blind(at)),
    starts,
    plans: features.calendar ? plansOf(d, asset.id, length).filter(({ at }) => !blind(at)) : [],
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

/** Kills and power cuts after some of the cycles; nothing is fed until the start. */
function startsOf(d: Dice, cycles: CycleInput[]): AgentStartedInput[] {
  const starts: AgentStartedInput[] = [];
  let free = 0;
  for (const cycle of cycles) {
    if (cycle.at < free || !d.chance(0.01)) continue;
    const lastAlive = cycle.at + d.pick([0, 200, 5000]);
    const at = lastAlive + d.pick([500, 7000, 40_000, 400_000]) + d.int(0, 999);
    starts.push({
      kind: "agent-started",
      at,
      lastAlive,
      cause: d.pick(["agent-stopped", "power-lost"] as const),
    });
    free = at + 60_000;
  }
  return starts;
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
