/**
 * A template against a real device: every point of the template read once, and the values that identify the model.
 * Reads only; points that the template leaves open (`example`) are not asked for.
 */
import { checksOf, fits } from "../../config/check-value.ts";
import { type Data, isData } from "../../config/template.ts";
import type { Template, TemplateCheck } from "../../config/types.ts";
import type { Connection, PointOptions, Sample } from "../../drivers/driver.ts";
import { play } from "./play.ts";
import type { Trial } from "./trial.ts";

/** What a device refuses is left out of later requests, so a second or third pass may bring the rest. */
const PASSES = 3;

export interface DeviceReading {
  /** Points and register checks by id. */
  samples: Map<string, Sample>;
  /** Reason code when nothing could be read. */
  failure: string | null;
  plan: string[];
  checks: { id: string; check: TemplateCheck; fits: boolean }[];
  /** By the template's own rules; null where it leaves rules or points open. */
  condition: string | null;
}

/** True where the template says which registers to read. */
export const hasRegisters = (trial: Trial): boolean => ownPoints(trial).length > 0;

function ownPoints({ template, sources }: Trial): PointOptions[] {
  const points = (template.asset as Data)["points"];
  const own = isData(points) ? points : {};
  return sources
    .flatMap(({ driver, points: all }) => (driver === "gpio" ? [] : all))
    .filter(({ id }) => Object.hasOwn(own, id));
}

export async function readDevice(
  trial: Trial,
  connection: Connection,
  unit: number,
): Promise<DeviceReading> {
  const checks = checksOf(trial.template);
  const registers = checks.flatMap(({ id, check }) => (check.read ? [{ ...check.read, id }] : []));
  const reader = connection.source("template", unit, [...ownPoints(trial), ...registers]);
  let reading = await reader.read();
  for (let pass = 1; pass < PASSES && hasBad(reading.samples); pass++) {
    reading = await reader.read();
  }
  const { samples, failure } = reading;
  const judged = checks.map(({ id, check }) => {
    const sample = samples.get(id);
    return { id, check, fits: sample?.quality === "good" && fits(check, sample.value) };
  });
  const condition = failure === null ? conditionOf(trial, samples) : null;
  return { samples, failure, plan: reader.plan(), checks: judged, condition };
}

const hasBad = (samples: Map<string, Sample>): boolean =>
  [...samples.values()].some(({ quality }) => quality === "bad");

function conditionOf(trial: Trial, samples: Map<string, Sample>): string | null {
  if (leavesOpen(trial.template)) return null;
  const instant = { name: "now", expect: {}, bad: {} };
  return play(trial, [instant], () => samples).condition;
}

const leavesOpen = ({ example }: Template): boolean =>
  Object.hasOwn(example, "points") || Object.hasOwn(example, "condition");
