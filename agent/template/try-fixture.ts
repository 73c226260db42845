/** One fixture of a template, decoded and judged: without a device, or with what a device really answered. */
import { checksOf } from "../../config/check-value.ts";
import { chainOf, imageOf } from "../../config/fixture.ts";
import type { TemplateFixture } from "../../config/types.ts";
import type { Sample } from "../../drivers/driver.ts";
import type { Value } from "../core/model.ts";
import { decodeImage } from "./decode.ts";
import { play } from "./play.ts";
import type { Trial } from "./trial.ts";

export interface Tried {
  fixture: TemplateFixture;
  /** By point, GPIO lines too, and by the ids of register checks. */
  samples: Map<string, Sample>;
  condition: string;
  /** Index of the deciding rule; null: none. */
  rule: number | null;
}

/** Decodes one fixture and plays it through the rules. Null when its `after` leads nowhere. */
export function tryFixture(trial: Trial, fixture: TemplateFixture): Tried | null {
  const { template } = trial;
  const chain = chainOf(template, fixture.name);
  if (chain.length === 0) return null;
  const read = (part: readonly TemplateFixture[]) => decodeAll(trial, part);
  const { condition, rule, lines } = play(trial, chain, read);
  const samples = read(chain);
  for (const [id, value] of lines) samples.set(id, { quality: "good", value, raw: [] });
  return { fixture, samples, condition, rule };
}

function decodeAll(trial: Trial, chain: readonly TemplateFixture[]): Map<string, Sample> {
  const points = trial.sources.flatMap(({ driver, points: own }) => (driver === "gpio" ? [] : own));
  const extra = checksOf(trial.template).flatMap(({ id, check }) =>
    check.read ? [{ ...check.read, id }] : [],
  );
  return decodeImage([...points, ...extra], imageOf(chain));
}

const text = (value: Value): string =>
  typeof value === "string" ? JSON.stringify(value) : String(value);

/** `230.1`, or the reason of a bad sample. */
export const shown = (sample: Sample): string =>
  sample.quality === "good" ? text(sample.value) : sample.reason;
