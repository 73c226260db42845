/**
 * A chain of fixtures through the accounting core, on a time axis of its own: what the condition rules say at its
 * end. Registers hold for the longest `for` and two polls, lines play as they stand.
 */
import type { TemplateFixture } from "../../config/types.ts";
import type { Sample } from "../../drivers/driver.ts";
import { calendarFeeds } from "../calendar/feeds.ts";
import { advance } from "../core/advance.ts";
import { newCore } from "../core/core.ts";
import type { CycleInput, Input } from "../core/input.ts";
import type { Value } from "../core/model.ts";
import { current } from "../core/timeline/track.ts";
import type { Condition } from "../core/vocabulary.ts";
import { cycleOf } from "../cycle.ts";
import { changesOf, type LineState, noLines } from "./lines.ts";
import { TRIAL_ASSET, type Trial } from "./trial.ts";

export interface Played {
  condition: Condition;
  /** Index of the rule that decided, null: none. */
  rule: number | null;
  reason: string | null;
  /** Last values of GPIO points. */
  lines: Map<string, Value>;
}

/** What a device with the registers of a chain gives: samples by point of the Modbus sources. */
export type ReadChain = (chain: readonly TemplateFixture[]) => Map<string, Sample>;

/** A full hour, so that no window ends in between. */
const START = Date.UTC(2026, 0, 1);

/** Plays a non-empty chain of fixtures. */
export function play(trial: Trial, chain: readonly TemplateFixture[], read: ReadChain): Played {
  const core = newCore();
  const take = (input: Input): void => void advance(core, input);
  const calendars = [{ id: "", spec: null, zone: "UTC" }];
  for (const input of calendarFeeds(calendars, {}).until(START)) take(input);
  take({ kind: "config", at: START, hash: "sha256:trial", model: trial.model });
  const lines = new Map<string, Value>();
  const onLines = new Set(
    trial.sources.flatMap(({ driver, points }) =>
      driver === "gpio" ? points.map(({ id }) => id) : [],
    ),
  );
  const state = noLines();
  let at = START;
  chain.forEach((fixture, index) => {
    const samples = read(chain.slice(0, index + 1));
    const cycles = cyclesOf(trial, fixture, samples, state);
    for (const cycle of cycles) {
      for (const [id, value] of Object.entries(cycle.values)) {
        if (onLines.has(id)) lines.set(id, value);
      }
      take({ ...cycle, at: at + cycle.at });
    }
    at += (cycles.at(-1)?.at ?? 0) + 1;
  });
  const { condition, rule, reason } = current(core.state.assets[0]!.track);
  return { condition, rule, reason, lines };
}

/** Inputs of one fixture by time, `at` counted from its begin. */
function cyclesOf(
  trial: Trial,
  fixture: TemplateFixture,
  samples: Map<string, Sample>,
  state: LineState,
): CycleInput[] {
  const asset = trial.model.assets[0]!;
  const counters = new Set(asset.points.filter(({ counter }) => counter).map(({ id }) => id));
  const dwell = Math.max(0, ...asset.rules.map(({ forMs }) => forMs));
  const poll = Math.max(...trial.sources.map(({ pollMs }) => pollMs));
  const changes = trial.sources.map((source) =>
    source.driver === "gpio" ? changesOf(fixture, source.points, counters, state) : [],
  );
  const last = changes.flat().at(-1)?.at;
  const end = last ?? dwell + 2 * poll;
  const inputs = trial.sources.flatMap((source, index) => {
    const polls = Math.floor(end / source.pollMs) + 1;
    return Array.from({ length: polls }, (_, n) => {
      const own = source.points.flatMap(({ id }) => {
        const sample = samples.get(id);
        return sample ? [[id, sample] as const] : [];
      });
      const at = n * source.pollMs;
      const reading = { samples: new Map(own), failure: null, at, requests: 0 };
      return source.driver === "gpio"
        ? silent(source.source, at)
        : cycleOf(TRIAL_ASSET, source.source, reading, at);
    }).concat(changes[index]!.map(({ at, values }) => ({ ...silent(source.source, at), values })));
  });
  return inputs.sort((a, b) => a.at - b.at);
}

const silent = (source: string, at: number): CycleInput => ({
  kind: "cycle",
  at,
  asset: TRIAL_ASSET,
  source,
  values: {},
  bad: {},
  failure: null,
});
