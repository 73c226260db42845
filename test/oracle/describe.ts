/** Writes a question and its differences as text that a person can check by hand. */
import type { Difference } from "./compare.ts";
import { T0 } from "./features.ts";
import type { Question } from "./oracle.ts";

export const text = (value: unknown): string =>
  JSON.stringify(value, (_, inner) => (typeof inner === "bigint" ? String(inner) : inner)) ??
  "undefined";

export function describeQuestion(
  { asset, cycles, plans, starts, calendar }: Question,
  found: Difference[],
): string {
  const ms = (at: number): number => at - T0;
  return [
    `sources ${text(asset.sources)}`,
    `points ${text(asset.points.map((point) => [point.id, point.source, point.counter]))}`,
    `counts ${text(asset.counts)} microStop ${asset.microStopMs} attribution ${text(asset.attribution)}`,
    ...asset.rules.map(
      (rule) => `rule ${rule.is} for ${rule.forMs} ${rule.attribution} ${text(rule.when)}`,
    ),
    ...asset.recipes.map((recipe) => `recipe ${text(recipe)}`),
    ...calendar.spans.map((span) => `calendar ${ms(span.from)} ${ms(span.to)} ${span.schedule}`),
    ...plans.map(
      (plan) => `plan at ${ms(plan.at)}: ${ms(plan.from)} ${ms(plan.to)} ${plan.schedule}`,
    ),
    ...starts.map((start) => `start ${ms(start.at)} alive ${ms(start.lastAlive)} ${start.cause}`),
    ...cycles.map(
      ({ at, source, values, bad, failure }) =>
        `cycle ${ms(at)} ${source} ${text(values)} ${text(bad)} ${failure ?? ""}`,
    ),
    ...found
      .slice(0, 12)
      .map(
        (one) =>
          `${one.window} ${one.field}: oracle ${text(one.expected)} core ${text(one.actual)}`,
      ),
  ].join("\n");
}
