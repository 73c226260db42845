/**
 * The knobs of `signals replay`: the frozen setting, changed by a sensitivity word or a profile file (YAML or JSON).
 * Refuses unknown knobs and values outside their range, naming file and line.
 */
import { readFileSync } from "node:fs";
import { parseSource } from "../../config/document.ts";
import { nearest } from "../../config/nearest.ts";
import { Fault } from "../core/fault.ts";
import {
  LEAST_TRAINING,
  MSPC,
  type MspcSettings,
  NOVELTY,
  type NoveltySettings,
  SENSITIVITIES,
  type Sensitivity,
} from "../core/signal/settings-stream.ts";

export interface StreamProfile {
  mspc: MspcSettings;
  novelty: NoveltySettings;
}

type Range = readonly [least: number, most: number, whole?: "whole"];

const TRAIN: Range = [LEAST_TRAINING, 10_000_000, "whole"];

const RANGES: {
  mspc: Record<keyof MspcSettings, Range>;
  novelty: Record<keyof NoveltySettings, Range>;
} = {
  mspc: {
    train: TRAIN,
    settle: [0, 0.5],
    detrend: [0, 0.1],
    budget: [0, 1e6],
    clip: [1, 100],
    discount: [0, 1000],
    smoothing: [0.001, 1],
    ridge: [0, 100],
    explained: [0, 1],
    quantile: [0.5, 1],
    weightT: [0, 10],
    weightQ: [0, 10],
    on: [0.1, 100],
    rowsOn: [1, 10_000, "whole"],
    off: [0.1, 1],
    ofPeak: [0, 1],
    peakDecay: [0, 1],
    rowsOff: [1, 10_000, "whole"],
  },
  novelty: {
    train: TRAIN,
    level: [0.001, 1],
    scale: [0.0001, 1],
    slow: [0.0001, 1],
    fast: [0.001, 1],
    leak: [0, 1],
    slack: [0, 20],
    winsor: [1, 100],
    exceeded: [0.0001, 0.2],
    learning: [0.0001, 1],
    novel: [1, 10],
    peakDecay: [0, 1],
    on: [0.1, 100],
  },
};

/** `train` overrules both detectors' own; absent means what the file says, else the frozen setting. */
export function streamProfile(wishes: {
  file?: string | undefined;
  sensitivity?: string | undefined;
  train?: number | undefined;
}): StreamProfile {
  const asked = wishes.file === undefined ? {} : fromFile(wishes.file);
  const factor = SENSITIVITIES[wordOf(wishes.sensitivity ?? asked.sensitivity ?? "normal")];
  const train = wishes.train === undefined ? {} : { train: wishes.train };
  const mspc = { ...MSPC, ...asked.mspc, ...train };
  const novelty = { ...NOVELTY, ...asked.novelty, ...train };
  return {
    mspc: { ...mspc, on: mspc.on * factor },
    novelty: { ...novelty, on: novelty.on * factor },
  };
}

function wordOf(word: string): Sensitivity {
  if (Object.hasOwn(SENSITIVITIES, word)) return word as Sensitivity;
  const words = Object.keys(SENSITIVITIES).join(", ");
  throw new Fault("USAGE_INVALID", `sensitivity ${word} is none of ${words}`);
}

interface Asked {
  sensitivity?: string;
  mspc?: Partial<MspcSettings>;
  novelty?: Partial<NoveltySettings>;
}

function fromFile(file: string): Asked {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new Fault("CONFIG_UNREADABLE", `cannot read ${file}`, { file }, error);
  }
  const source = parseSource(file, text);
  const syntax = source.problems[0];
  if (syntax) throw wrong(`${file}:${syntax.line}: ${syntax.message}`, file);
  if (source.data === null || source.data === undefined) return {};
  const lineOf = (path: string[]): string =>
    `${file}:${source.locate(path, "key")?.line ?? 1}: ${path.join(".")}`;
  const asked: Asked = {};
  for (const [key, value] of members(source.data, file, `${file}: a profile`)) {
    if (key === "sensitivity") asked.sensitivity = sensitivityIn(value, lineOf([key]), file);
    else if (key === "mspc") asked.mspc = knobs(key, value, file, lineOf);
    else if (key === "novelty") asked.novelty = knobs(key, value, file, lineOf);
    else throw wrong(`${lineOf([key])} is none of sensitivity, mspc, novelty`, file);
  }
  return asked;
}

function sensitivityIn(value: unknown, where: string, file: string): Sensitivity {
  if (typeof value === "string" && Object.hasOwn(SENSITIVITIES, value)) return value as Sensitivity;
  throw wrong(`${where} must be one of ${Object.keys(SENSITIVITIES).join(", ")}`, file);
}

function knobs(
  detector: "mspc" | "novelty",
  value: unknown,
  file: string,
  lineOf: (path: string[]) => string,
): Record<string, number> {
  const ranges: Record<string, Range> = RANGES[detector];
  const out: Record<string, number> = {};
  for (const [knob, setting] of members(value, file, lineOf([detector]))) {
    const range = ranges[knob];
    if (range === undefined) {
      const close = nearest(knob, Object.keys(ranges));
      throw wrong(
        `${lineOf([detector, knob])} is no knob${close === null ? "" : `; did you mean ${close}?`}`,
        file,
      );
    }
    out[knob] = within(setting, range, lineOf([detector, knob]), file);
  }
  return out;
}

function within(value: unknown, [least, most, whole]: Range, where: string, file: string): number {
  const fits = typeof value === "number" && value >= least && value <= most;
  if (fits && (whole === undefined || Number.isInteger(value))) return value;
  const kind = whole === undefined ? "a number" : "a whole number";
  throw wrong(`${where} must be ${kind} from ${least} to ${most}`, file);
}

function members(value: unknown, file: string, where: string): [string, unknown][] {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return Object.entries(value);
  throw wrong(`${where} must be a map`, file);
}

const wrong = (message: string, file: string): Fault =>
  new Fault("CONFIG_INVALID", message, { file });
