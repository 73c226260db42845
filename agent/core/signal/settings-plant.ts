/**
 * The one frozen setting of the plant detectors, by kind of channel. Chosen on simulated machines of tuning seeds and on
 * the recipe of ISO 17359; nothing here looks at a file, a row number or a date.
 */
import type {
  ChannelKind,
  ChannelModel,
  DriftModel,
  LimitModel,
  StepModel,
  ValidityModel,
} from "./model.ts";

const MINUTE = 60_000;

/** Residuals are judged as means of this much running. */
export const BLOCK_MS = 10 * MINUTE;
/** Blocks of the effect size. */
export const EFFECT_BLOCKS = 32;
/** Longer without any sample: nothing is known of the time between. */
export const BLIND_MS = 15 * MINUTE;
/** After a change of state or recipe, at least this long until samples count. */
export const DWELL_MS = MINUTE;
/** A residual counts at most this many sd. */
export const CLIP = 4;
/** Most states with a baseline of their own, the rest share the last; most recipes, the rest are not judged by recipe. */
export const STATES = 3;
export const RECIPES = 4;
/** Days that a channel remembers. */
export const DAYS_KEPT = 20;
/** Points a trace holds. */
export const TRACE_POINTS = 100;

const VALIDITY: ValidityModel = { stuckMs: 4 * MINUTE, gapMs: 5 * MINUTE, low: null, high: null };

const DRIFT: DriftModel = {
  k: 1,
  h: 20,
  effect: 5.3,
  direction: "both",
  learnDays: 5,
  learnBlocks: 150,
  budget: null,
  budgetSd: 3,
  log: false,
  threshold: null,
  logTrend: false,
};

const STEP: StepModel = {
  settleMs: 7 * MINUTE,
  margin: 1.4,
  least: 4.2,
  onMs: 30_000,
  offMs: 60 * MINUTE,
};

/** A limit with everything but its numbers. */
export const LIMIT: LimitModel = {
  high: null,
  highWarning: null,
  low: null,
  lowWarning: null,
  hysteresis: 0,
  onMs: MINUTE,
  offMs: 5 * MINUTE,
  safety: false,
};

type Auto = Pick<ChannelModel, "settleMs" | "byRecipe" | "validity" | "drift" | "step" | "starts">;

const PLAIN: Auto = {
  settleMs: 20 * MINUTE,
  byRecipe: false,
  validity: VALIDITY,
  drift: DRIFT,
  step: STEP,
  starts: false,
};

/** What `signals: auto` means for each kind. */
const BY_KIND: Record<ChannelKind, Auto> = {
  temperature: { ...PLAIN, settleMs: 60 * MINUTE, step: null },
  "vibration-velocity": {
    ...PLAIN,
    drift: { ...DRIFT, effect: 3.7, direction: "up", logTrend: true },
  },
  current: { ...PLAIN, drift: { ...DRIFT, effect: 4.4 } },
  pressure: { ...PLAIN, drift: { ...DRIFT, effect: 4.7, logTrend: true } },
  flow: PLAIN,
  "cycle-time": {
    ...PLAIN,
    byRecipe: true,
    validity: { ...VALIDITY, stuckMs: null, gapMs: 60 * MINUTE },
    drift: { ...DRIFT, log: true },
    step: null,
  },
  other: { ...PLAIN, step: null },
};

/** A channel as `signals: auto` resolves it. `id` serves as the slug where it fits. */
export function autoChannel(
  id: string,
  kind: ChannelKind,
  unit: string | null = null,
): ChannelModel {
  return {
    id,
    slug: slugOf(id),
    kind,
    unit,
    states: ["producing"],
    limit: null,
    zone: null,
    ...structuredCopy(BY_KIND[kind]),
  };
}

/** The time per piece of a counter `id`. It rests between values, and its counter is checked where pieces are counted. */
export function countedChannel(id: string): ChannelModel {
  const channel = autoChannel(id, "cycle-time", "s");
  const validity = { ...channel.validity, gapMs: Number.MAX_SAFE_INTEGER };
  return { ...channel, slug: "cycle-time", validity, counted: true };
}

function structuredCopy(auto: Auto): Auto {
  return {
    ...auto,
    validity: { ...auto.validity },
    drift: auto.drift && { ...auto.drift },
    step: auto.step && { ...auto.step },
  };
}

/** `oilTemp` as `oil-temp`, at most 18 characters. */
function slugOf(id: string): string {
  const text = id
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return (text === "" ? "channel" : text).slice(0, 18).replace(/-+$/, "");
}
