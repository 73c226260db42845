/**
 * Cycles of one source gathered into a block: each counts once, by the worst that befell it, and a device that is absent
 * counts for nothing. Allocates nothing; judges nothing.
 */
import type { Millis } from "../time.ts";
import { BLOCK_MS } from "./settings-plant.ts";

/** Plain JSON data. */
export interface BusBlock {
  /** Instant of its first cycle; -1: none yet. */
  from: Millis;
  cycles: number;
  /** Of them with a broken frame; without one, but with a lost answer. */
  frames: number;
  lost: number;
  /** Sum of the logarithms of the quickest answers of groups, and their number. */
  latency: number;
  groups: number;
  /** Whole cycles without an answer in a row, and the instant of the first. */
  silent: number;
  silentFrom: Millis;
  /** Answers of the group that is gathered, and the quickest of them in ms. */
  answers: number;
  quickest: Millis;
}

/** What a cycle says of the line: a part of `CycleInput`. */
export interface BusCycle {
  bad: Record<string, string>;
  failure: string | null;
  tookMs?: Millis;
}

/** A block has at least so many cycles: slow polls make longer ones. */
const LEAST_CYCLES = 60;
/** The quickest of so many answers stands for them: a busy gateway delays some, a slow device all. */
const GROUP = 8;
/** What is quicker than this is as quick: schedulers and switches differ by as much. */
const GRAIN_MS = 10;
/** Silent for so many cycles and so long, a device is absent: switched off, restarting, unplugged. */
const ABSENT_CYCLES = 3;
const ABSENT_MS = 30_000;

export const newBlock = (): BusBlock => ({
  from: -1,
  cycles: 0,
  frames: 0,
  lost: 0,
  latency: 0,
  groups: 0,
  silent: 0,
  silentFrom: 0,
  answers: 0,
  quickest: 0,
});

/** True when a cycle of `at` belongs to the next block. */
export const isOver = ({ from, cycles }: BusBlock, at: Millis): boolean =>
  cycles >= LEAST_CYCLES && at - from >= BLOCK_MS;

/** Begins the next block; a silence and a group of answers go on in it. */
export function beginBlock(block: BusBlock, at: Millis): void {
  block.from = at;
  block.cycles = 0;
  block.frames = 0;
  block.lost = 0;
  block.latency = 0;
  block.groups = 0;
}

/** Logarithm of what quick answers took, the grain added; null where none was told. */
export const latencyOf = ({ latency, groups }: BusBlock): number | null =>
  groups === 0 ? null : latency / groups;

/** The milliseconds of such a logarithm. */
export const millisOf = (latency: number): number => Math.exp(latency) - GRAIN_MS;

export function count(block: BusBlock, { bad, failure, tookMs }: BusCycle, at: Millis): void {
  if (block.from < 0) block.from = at;
  const outcome = failure === null ? worstOf(bad) : outcomeOf(failure);
  if (failure !== null && outcome !== "frame") {
    // Whoever has lost its connection was silent for that.
    block.silent = outcome === "lost" ? block.silent + 1 : 0;
    if (block.silent === 1) block.silentFrom = at;
    return;
  }
  if (block.silent > 0) endSilence(block, at);
  block.cycles += 1;
  if (outcome === "frame") block.frames += 1;
  else if (outcome === "lost") block.lost += 1;
  else if (tookMs !== undefined) time(block, tookMs);
}

type Outcome = "frame" | "lost" | "other";

/** A gateway that had no answer of its unit says so with exception 11. */
function outcomeOf(reason: string): Outcome {
  if (reason === "MODBUS_FRAME") return "frame";
  return reason === "MODBUS_TIMEOUT" || reason === "MODBUS_EXCEPTION_11" ? "lost" : "other";
}

/** However many points it cost, a cycle counts once. */
function worstOf(bad: BusCycle["bad"]): Outcome {
  let worst: Outcome = "other";
  for (const id in bad) {
    const outcome = outcomeOf(bad[id] as string);
    if (outcome === "frame") return outcome;
    if (outcome === "lost") worst = outcome;
  }
  return worst;
}

/** Who was silent for a moment only has lost answers. */
function endSilence(block: BusBlock, at: Millis): void {
  const { silent, silentFrom } = block;
  block.silent = 0;
  if (silent >= ABSENT_CYCLES && at - silentFrom >= ABSENT_MS) return;
  block.cycles += silent;
  block.lost += silent;
}

function time(block: BusBlock, tookMs: Millis): void {
  block.quickest = block.answers === 0 ? tookMs : Math.min(block.quickest, tookMs);
  block.answers += 1;
  if (block.answers < GROUP) return;
  block.answers = 0;
  block.latency += Math.log(GRAIN_MS + block.quickest);
  block.groups += 1;
}
