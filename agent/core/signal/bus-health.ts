/**
 * The line to a device, by the outcomes of its cycles: broken frames and lost answers as shares of a block against what is
 * usual for this line, answers that come later and later. Says wiring or device, never machine: the machine is not judged
 * by how well it can be read. A device that says nothing at all is absent, which is not for here to tell.
 */
import type { Millis } from "../time.ts";
import {
  type BusBlock,
  type BusCycle,
  beginBlock,
  count,
  isOver,
  latencyOf,
  millisOf,
  newBlock,
} from "./bus-block.ts";
import {
  compare,
  LIMIT,
  learn,
  type Measure,
  newMeasure,
  type Usual,
  usualShare,
  usualTime,
} from "./bus-usual.ts";
import { added, type BaselineRef, bareEvidence, NONE, type SignalChange } from "./change.ts";
import { type Finding, raise, relent, type Signals } from "./life.ts";

/** Plain JSON data of one source. */
export interface BusState {
  /** Points of the source when it was begun: another number of them takes another time to read. */
  points: number;
  /** Which learning of what is usual, from 1. */
  version: number;
  block: BusBlock;
  frames: Measure;
  lost: Measure;
  latency: Measure;
  /** Blocks in a row that were calm. */
  calm: number;
}

export interface BusModel {
  /** Id of the source. */
  source: string;
  points: number;
  /** As in `ChannelModel`. */
  slug: string;
  settings: string;
}

/** Blocks that must be calm before the signal is over. */
const QUIET = 36;
/** Less than this share of sound cycles is a warning. */
const SOUND = 0.8;

export const newBus = ({ points }: BusModel, version = 1): BusState => ({
  points,
  version,
  block: newBlock(),
  frames: newMeasure(),
  lost: newMeasure(),
  latency: newMeasure(),
  calm: 0,
});

export const busSignalId = ({ slug }: BusModel): string => `${slug}-bus`;

/** Takes a cycle of `at` in; says something at most once in ten minutes. */
export function senseBus(
  model: BusModel,
  bus: BusState,
  signals: Signals,
  cycle: BusCycle,
  at: Millis,
): readonly SignalChange[] {
  const { block } = bus;
  let changes = NONE;
  if (isOver(block, at)) {
    changes = endBlock(model, bus, signals, at);
    beginBlock(block, at);
  }
  count(block, cycle, at);
  return changes;
}

/** Holds the block against what is usual; learns from it where nothing is wrong. */
function endBlock(
  model: BusModel,
  bus: BusState,
  signals: Signals,
  at: Millis,
): readonly SignalChange[] {
  const { block, frames, lost, latency } = bus;
  const { from, cycles: n } = block;
  const took = latencyOf(block);
  const usualTook = usualTime(latency);
  compare(frames, block.frames / n, usualShare(frames, n), from);
  compare(lost, block.lost / n, usualShare(lost, n), from);
  if (took !== null && usualTook !== null) compare(latency, took, usualTook, from);
  const worst = worstSum(bus);
  bus.calm = worst < LIMIT / 4 ? bus.calm + 1 : 0;
  if (worst > LIMIT) return added(NONE, raise(signals, findingOf(model, bus, at), at));
  learn(frames, block.frames / n, from, at);
  learn(lost, block.lost / n, from, at);
  if (took !== null) learn(latency, took, from, at);
  return bus.calm < QUIET ? NONE : added(NONE, relent(signals, busSignalId(model), at));
}

const worstSum = ({ frames, lost, latency }: BusState): number =>
  Math.max(frames.sum, lost.sum, latency.sum);

/** What is wrong: as a share of cycles, or in ms. */
interface Wrong {
  reason: "wiring" | "device";
  measure: Measure;
  value: number | null;
  usual: Usual;
}

/** Broken frames, or lost ones while answers come in their usual time: wiring. Later answers, or lost ones with them: the device. */
function wrongOf(bus: BusState): Wrong {
  const { block, frames, lost, latency } = bus;
  const took = usualTime(latency);
  if (took !== null && frames.sum <= LIMIT && latency.sum > LIMIT / 2) {
    const now = latencyOf(block);
    const mean = millisOf(took.mean);
    const usual = { mean, scale: millisOf(took.mean + took.scale) - mean };
    return { reason: "device", measure: latency, value: now && millisOf(now), usual };
  }
  const n = block.cycles;
  const [ofFrames, ofLost] = [usualShare(frames, n), usualShare(lost, n)];
  const isFrames = frames.sum >= lost.sum;
  const { scale } = isFrames ? ofFrames : ofLost;
  return {
    reason: "wiring",
    measure: isFrames ? frames : lost,
    value: (block.frames + block.lost) / n,
    usual: { mean: ofFrames.mean + ofLost.mean, scale },
  };
}

function findingOf(model: BusModel, bus: BusState, at: Millis): Finding {
  const { block } = bus;
  const wrong = wrongOf(bus);
  const { reason, measure, value, usual } = wrong;
  const good = 1 - (block.frames + block.lost) / block.cycles;
  const effect = value === null ? null : value - usual.mean;
  return {
    id: busSignalId(model),
    kind: "bus",
    detector: "bus",
    channel: null,
    severity: good < SOUND ? "warning" : "advisory",
    onset: measure.from,
    baseline: baselineOf(model, bus, wrong),
    evidence: {
      ...bareEvidence(reason, model.settings),
      value,
      limit: usual.mean,
      effect,
      sigmas: effect === null ? null : effect / usual.scale,
      statistic: worstSum(bus),
      against: LIMIT,
      first: block.from,
      last: at,
      good,
      trace: value === null ? [] : [[at, value]],
    },
  };
}

/** Null while it is being learned. */
function baselineOf(
  { slug }: BusModel,
  { version }: BusState,
  { measure, usual }: Wrong,
): BaselineRef | null {
  const { learnedAt: learned, n } = measure;
  if (learned < 0) return null;
  return { id: `${slug}/line/${version}`, mean: usual.mean, sd: usual.scale, n, learned, shift: 0 };
}
