/**
 * A day of a simulated machine with random faults, seen through random blindness: what is published of its windows and
 * judged by its contract bounds the truth. Beyond the bounds only the published edge uncertainty and true runs shorter
 * than two polls are allowed.
 */
import { expect, test } from "vitest";
import { calendarFeeds } from "../../agent/calendar/feeds.ts";
import { closeDue } from "../../agent/core/contract/close.ts";
import { bookCount, bookInterval } from "../../agent/core/contract/fold.ts";
import { newContract, openPeriod } from "../../agent/core/contract/state.ts";
import type { Input } from "../../agent/core/input.ts";
import type { AssetModel } from "../../agent/core/model.ts";
import { measure } from "../../agent/core/window/measure.ts";
import { keyOf, stream } from "../../simulator/random.ts";
import { sample } from "../../simulator/sample.ts";
import { machinesOf, type Scenario, type ScenarioEvent } from "../../simulator/scenario.ts";
import { loadScenario } from "../../simulator/scenario-file.ts";
import { type TrueRun, truth } from "../../simulator/truth.ts";
import { press, rule } from "../support/plant.ts";
import { type Played, play } from "../support/play.ts";
import { HOUR, MINUTE } from "../support/story.ts";
import { model as contract, asset as machine, outcome, period } from "./contract/desk.ts";

/** `npm run reliability` asks for a thousand. */
const SEEDS = Number(process.env["RELIABILITY_SEEDS"] ?? 50);
const FROM = Date.UTC(2026, 10, 23);
const TO = FROM + 24 * HOUR;
const POLL = 10_000;
/** A micro-stop is a run that sampling may not see. */
const MICRO = 2 * POLL;

const ASSET: AssetModel = press({
  sources: [{ id: "main", pollMs: POLL, holdMs: 3 * POLL }],
  rules: [
    rule("fault", { op: "in", point: 0, values: [8, 9] }),
    rule("producing", { op: "equals", point: 0, value: 6 }),
    rule("setup", { op: "equals", point: 0, value: 3 }),
    rule("idle", null),
  ],
  recipes: [{ id: "default", when: null, idealCycleUs: 1_000_000, validFrom: 0 }],
  microStopMs: MICRO,
  windows: ["day"],
});

const PRESS = loadScenario("shift").machines.filter(({ id }) => id === "press-01");

const CONTRACT = contract({
  assets: [machine("press-01", { microStopMs: MICRO })],
  rounding: { decimals: 6, stage: "none" },
  outcomes: [
    outcome({ metric: "uptime" }),
    outcome({ metric: "availability" }),
    outcome({ metric: "run-hours" }),
    outcome({ metric: "good-pieces" }),
  ],
});

function blindness(at: number, to: number, kind: number): ScenarioEvent {
  if (kind < 0.6)
    return { kind: "cable-pull", at, to, machine: null, how: kind < 0.3 ? "silent" : "refused" };
  return { kind: "agent-kill", at, to, cause: kind < 0.8 ? "agent-stopped" : "power-lost" };
}

/** A day and an hour with up to six faults, and up to eight spans in which nobody looks. */
function scenarioOf(seed: number): Scenario {
  const draw = stream(keyOf(seed, "blind-day"));
  const span = (most: number): { at: number; to: number } => {
    const at = FROM + Math.floor(draw() * 24 * HOUR);
    return { at, to: at + Math.floor(draw() * most) + 1000 };
  };
  const events: ScenarioEvent[] = [];
  for (let n = Math.floor(draw() * 7); n > 0; n--)
    events.push({ kind: "fault", ...span(90 * MINUTE), machine: "press-01", reason: 17 });
  let free = FROM;
  for (let n = Math.floor(draw() * 9); n > 0; n--) {
    const broken = events.find(({ kind, at }) => kind === "fault" && at > free + MINUTE);
    // often what stops the machine takes the view as well
    const at = broken && draw() < 0.5 ? broken.at : free + Math.floor(draw() * 5 * HOUR) + MINUTE;
    free = at + Math.floor(draw() * 70 * MINUTE) + 1000;
    events.push(blindness(at, free, draw()));
  }
  events.sort((a, b) => a.at - b.at);
  return {
    ...{ name: "blind-day", seed, speed: 1, pollMs: POLL, port: 0, calendar: null, events },
    ...{ from: FROM, to: TO + HOUR },
    machines: PRESS,
  };
}

function seen(scenario: Scenario): Played {
  const feeds = calendarFeeds([], {});
  const root = { namespace: "uptime1", enterprise: "acme", site: "ulm" };
  const model = { agent: "gw-1", zone: "UTC", clockSource: "ntp" as const, root, assets: [ASSET] };
  const inputs: Input[] = [
    ...feeds.configure([{ id: "", spec: null, zone: "UTC" }], FROM),
    { kind: "config", at: FROM, hash: "sha256:a", model },
  ];
  for (const input of sample(scenario, machinesOf(scenario), { phaseMs: 137, jitterMs: 90 })) {
    inputs.push(...feeds.until(input.at));
    if (input.kind !== "cycle") inputs.push(input);
    else {
      const { status, total, good } = input.values;
      const values = input.failure === null ? { status, total, good, guard: false } : {};
      inputs.push({ ...input, values: values as typeof input.values, bad: {} });
    }
  }
  return play([...inputs, { kind: "tick", at: TO + 2 * HOUR }]);
}

const lengthOf = (runs: TrueRun[]): number => runs.reduce((ms, { from, to }) => ms + to - from, 0);
const only = (runs: TrueRun[], word: string): TrueRun[] =>
  runs.filter(({ condition }) => condition === word);

/** Stops judged whole, from the exact runs. */
function trueSums(runs: TrueRun[]): { run: number; down: number } {
  const sums = { run: lengthOf(only(runs, "producing")), down: 0 };
  for (let i = 0; i < runs.length; ) {
    let next = i;
    while (next < runs.length && runs[next]?.condition !== "producing") next++;
    const stop = runs.slice(i, next);
    const isBounded = i > 0 && next < runs.length;
    const isMicro = isBounded && lengthOf(stop) < MICRO && only(stop, "setup").length === 0;
    if (isMicro) sums.run += lengthOf(stop);
    else sums.down += lengthOf(only(stop, "fault"));
    i = next + 1;
  }
  return sums;
}

function verdictOf({ facts }: Played) {
  const state = newContract(CONTRACT);
  openPeriod(CONTRACT, state, period(FROM, TO));
  for (const fact of facts) {
    if (fact.kind === "interval") bookInterval(CONTRACT, state, fact);
    if (fact.kind === "count") bookCount(CONTRACT, state, fact);
  }
  const outlook = { at: TO + 2 * HOUR, tails: {}, counts: [], incidents: {}, proposed: {} };
  const [body] = closeDue(CONTRACT, state, outlook, {});
  return body!.outcomes;
}

interface Bounds {
  min: number | null;
  max: number | null;
}

const holds = (what: string, { min, max }: Bounds, value: number, slack: number): string[] =>
  (min ?? 0) <= value + slack && value - slack <= (max ?? Number.POSITIVE_INFINITY)
    ? []
    : [`${what}: ${value} is not in ${min} to ${max}, give or take ${slack}`];

/** In words, each bound that does not hold. */
function broken(seed: number): string[] {
  const scenario = scenarioOf(seed);
  const played = seen(scenario);
  const [real] = machinesOf(scenario);
  const day = played.records.flatMap((record) =>
    record.class === "window" && record.body.revision === 1 && record.body.from === FROM
      ? [record.body.sums]
      : [],
  )[0]!;
  const around = truth(real!, FROM, TO + HOUR).runs;
  const { runs, counts } = truth(real!, FROM, TO);
  const short = around.filter(({ from, to }) => to - from < MICRO && from < TO);
  const slack = day.edgeUncertaintyMs + short.reduce((ms, { from, to }) => ms + to - from, 0);
  const length = TO - FROM;
  const { run, down } = trueSums(runs);
  const share = slack / length + 1e-6;
  const pieces = Math.ceil((2 * POLL) / 1000);
  const [uptime, availability, hours, good] = verdictOf(played);
  const { oee, uptime: up } = measure(day);
  return [
    ...holds("window uptime", up, 1 - down / length, share),
    ...holds(
      "window availability",
      { min: oee.availabilityMin, max: oee.availabilityMax },
      run / length,
      share,
    ),
    ...holds("uptime", uptime!, 1 - down / length, share),
    ...holds("availability", availability!, run / length, share),
    ...holds("run hours", hours!, run / HOUR, slack / HOUR + 1e-6),
    ...holds("good pieces", good!, counts.good, pieces),
  ].map((text) => `seed ${seed}, ${text}`);
}

test(`bounds of ${SEEDS} days hold the truth`, { timeout: 1_000_000 }, () => {
  const seeds = Array.from({ length: SEEDS }, (_, seed) => seed + 1);
  expect(seeds.flatMap(broken)).toEqual([]);
});
