/**
 * The plainest accounting that can be right: hour windows of one asset from sampled inputs. A second opinion
 * for the tests of sampler and checker; it knows no rules, calendars or recipes.
 */
import type { Span } from "../../agent/core/time.ts";
import { CONDITIONS, type Condition } from "../../agent/core/vocabulary.ts";
import { blindWatch } from "../../simulator/blind.ts";
import type { Observed, WindowRecord } from "../../simulator/check.ts";
import { plantAxis } from "../../simulator/plant-axis.ts";
import type { Sampled } from "../../simulator/sample.ts";
import type { Scenario } from "../../simulator/scenario.ts";
import { conditionOf } from "../../simulator/status.ts";

const HOUR = 3_600_000;

interface Look {
  at: number;
  condition: Condition;
  total: number;
  good: number;
}

export interface Tally {
  records: WindowRecord[];
  observed: Observed;
}

/** Hour windows from the scenario's start to the hour that ends behind the last input. */
export function tally(
  scenario: Scenario,
  inputs: Iterable<Sampled>,
  asset: string,
  modulus: number,
): Tally {
  const holdMs = 3 * scenario.pollMs;
  const watch = blindWatch(asset, holdMs, scenario.from);
  const looks: Look[] = [];
  let axis = scenario.from;
  for (const input of inputs) {
    watch.see(input);
    axis = Math.max(axis, input.at + (input.kind === "clock" ? Math.max(0, input.stepMs) : 0));
    if (input.kind !== "cycle" || input.asset !== asset || input.failure !== null) continue;
    const { status, guard, total, good } = input.values;
    const condition = conditionOf(Number(status), guard === true);
    looks.push({ at: axis, condition, total: Number(total), good: Number(good) });
  }
  const to = scenario.from + Math.ceil((axis - scenario.from) / HOUR) * HOUR;
  const blind = watch.spans(to);
  const observed = {
    pollMs: scenario.pollMs,
    axis: plantAxis(scenario),
    blind,
    slackMs: 0,
    firstGood: watch.firstGood() ?? 0,
    lastGood: watch.lastGood() ?? 0,
  };
  const records: WindowRecord[] = [];
  for (let from = scenario.from; from < to; from += HOUR) {
    records.push(windowOf({ from, to: from + HOUR }, looks, blind, modulus));
  }
  return { records, observed };
}

function windowOf(window: Span, looks: Look[], blind: Span[], modulus: number): WindowRecord {
  const conditionMs = Object.fromEntries(CONDITIONS.map((word) => [word, 0])) as Record<
    string,
    number
  >;
  conditionMs["externalFault"] = 0;
  const counts = { total: 0, good: 0 };
  let edgeUncertaintyMs = 0;
  for (const [i, look] of looks.entries()) {
    const before = looks[i - 1];
    const to = looks[i + 1]?.at ?? Number.POSITIVE_INFINITY;
    const seen = overlap(window, look.at, to) - hidden(window, look.at, to, blind);
    conditionMs[look.condition] = (conditionMs[look.condition] ?? 0) + seen;
    if (!before) continue;
    if (before.condition !== look.condition) {
      edgeUncertaintyMs += overlap(window, before.at, look.at);
    }
    if (look.at >= window.from && look.at < window.to) {
      const most = ((look.at - before.at) / 1000) * 10 + 10;
      counts.total += delta(before.total, look.total, modulus, most);
      counts.good += delta(before.good, look.good, modulus, most);
    }
  }
  conditionMs["unknown"] = hidden(window, window.from, window.to, blind);
  const { from, to } = window;
  return {
    id: new Date(from).toISOString(),
    window: {
      kind: "hour",
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      lengthMs: to - from,
    },
    conditionMs,
    edgeUncertaintyMs,
    counts: { ...counts, recovered: { total: 0, good: 0 } },
    countsOutside: { total: 0, good: 0 },
  };
}

/** A rollover when the machine could have made that many pieces, else a reset. */
function delta(last: number, now: number, modulus: number, most: number): number {
  const wrapped = (now - last + modulus) % modulus;
  return now >= last || wrapped <= most ? wrapped : now;
}

const overlap = (window: Span, from: number, to: number): number =>
  Math.max(0, Math.min(window.to, to) - Math.max(window.from, from));

const hidden = (window: Span, from: number, to: number, blind: Span[]): number =>
  blind.reduce((sum, span) => {
    return sum + overlap(window, Math.max(from, span.from), Math.min(to, span.to));
  }, 0);
