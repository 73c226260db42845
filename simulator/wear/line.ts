/**
 * Months of one line to a device, cycle by cycle and fast, as a driver would tell of it: the usual noise of a plant, bursts,
 * restarts, busy gateways, other units that are dead, and, if asked, a line or a device that goes bad from a known instant
 * on. Same options, same cycles. Knows no values and reads no clock.
 */
import type { Millis } from "../../agent/core/time.ts";
import { exponential, keyOf, logNormal, type Random, stream, uniform } from "../random.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `wiring`: broken and lost frames double; `loose`: contact is lost for seconds, ever more often; `slow`: answers take ever longer. */
export type LineFaultKind = "wiring" | "loose" | "slow";

export interface LineOptions {
  seed: number;
  /** First cycle, UTC; days begin at midnight UTC. */
  start: Millis;
  /** Default 10 s. */
  pollMs?: Millis;
  fault?: { kind: LineFaultKind; at: Millis; doublesMs: Millis };
}

/** Something that comes now and then, and for how long it lasts. */
interface Spell {
  everyMs: Millis;
  leastMs: Millis;
  mostMs: Millis;
  from: Millis;
  to: Millis;
}

type SpellName = "burst" | "reboot" | "outage" | "busy" | "neighbor";

export interface Line {
  readonly options: LineOptions;
  readonly pollMs: Millis;
  readonly random: Random;
  readonly spells: Record<SpellName, Spell>;
  /** Shares of cycles while nothing runs, how many times that while the machine runs, and what an answer takes. */
  readonly frames: number;
  readonly lost: number;
  readonly running: number;
  readonly answerMs: number;
  readonly jitter: number;
  /** Share of answers that come late for no reason. */
  readonly late: number;
  /** Share of cycles that a spell spoils. */
  readonly spoiled: number;
  /** Switched off with the machine. */
  readonly isSwitched: boolean;
  wander: number;
  nextAt: Millis;
  /** The last cycle: as a `CycleInput` has it. */
  at: Millis;
  failure: string | null;
  bad: Record<string, string>;
  tookMs?: Millis;
}

const PART = { h0: "MODBUS_TIMEOUT" };
const NOTHING = {};

export function createLine(options: LineOptions): Line {
  const { seed, start, pollMs = 10_000 } = options;
  const random = stream(keyOf(seed, "line"));
  const spell = (everyMs: Millis, leastMs: Millis, mostMs: Millis): Spell => {
    const from = start + exponential(random, everyMs);
    return { everyMs, leastMs, mostMs, from, to: from + uniform(random, leastMs, mostMs) };
  };
  return {
    ...{ options, pollMs, random, wander: 0, nextAt: start, at: start - pollMs },
    ...{ failure: null, bad: NOTHING },
    frames: Math.min(0.003, logNormal(random, 2e-4, 1.2)),
    lost: Math.min(0.003, logNormal(random, 3e-4, 1.2)),
    running: uniform(random, 1, 4),
    answerMs: Math.min(250, Math.max(1, logNormal(random, 25, 0.9))),
    jitter: uniform(random, 0.05, 0.25),
    late: uniform(random, 0.002, 0.05),
    spoiled: uniform(random, 0.2, 0.6),
    isSwitched: random() < 0.3,
    spells: {
      burst: spell(4 * DAY, MINUTE, 6 * MINUTE),
      reboot: spell(5 * DAY, 40_000, 4 * MINUTE),
      outage: spell(10 * DAY, MINUTE, 30 * MINUTE),
      busy: spell(2 * DAY, 20 * MINUTE, 3 * HOUR),
      neighbor: spell(10 * DAY, HOUR, 2 * DAY),
    },
  };
}

/** Moves to the next cycle and overwrites the last. */
export function nextCycle(line: Line): void {
  line.at += line.pollMs;
  line.failure = null;
  line.bad = NOTHING;
  line.tookMs = undefined as unknown as Millis;
  if (line.at >= line.nextAt) turn(line);
  const { at, random, spells } = line;
  const isRunning = runs(at);
  if (isIn(spells.outage, at)) line.failure = "MODBUS_REFUSED";
  else if (isIn(spells.reboot, at) || (line.isSwitched && !isRunning) || isLoose(line))
    line.failure = "MODBUS_TIMEOUT";
  if (line.failure !== null) return;
  const much = (isRunning ? line.running : 1) * Math.exp(3 * line.wander);
  const burst = isIn(spells.burst, at) ? line.spoiled / 2 : 0;
  const broken = line.frames * much + burst + grown(line, "wiring", 0.002);
  const lost = line.lost * much + burst / 4 + grown(line, "wiring", 0.001);
  const luck = random();
  if (luck < broken) line.failure = "MODBUS_FRAME";
  else if (luck < broken + lost / 2) line.failure = "MODBUS_TIMEOUT";
  else if (luck < broken + lost) line.bad = PART;
  else line.tookMs = tookOf(line);
}

function tookOf(line: Line): Millis {
  const { spells, at, random, spoiled } = line;
  let ms = line.answerMs * Math.exp(line.wander / 2) * (1 + grownBy(line, "slow"));
  ms *= 1 + line.jitter * (random() + random() - 1);
  if (random() < line.late) ms += exponential(random, 200);
  if (isIn(spells.busy, at) && random() < spoiled) ms += exponential(random, 100);
  if (isIn(spells.neighbor, at) && random() < spoiled) ms += uniform(random, 300, 1000);
  return Math.round(ms);
}

/** From Monday to Friday, 6 to 22. */
const runs = (at: Millis): boolean => {
  const hour = (at % DAY) / HOUR;
  return (Math.floor(at / DAY) + 3) % 7 < 5 && hour >= 6 && hour < 22;
};

const isIn = ({ from, to }: Spell, at: Millis): boolean => at >= from && at < to;

/** Another minute: spells that are over come again some day, noise and answers wander by a tenth or so within half a day. */
function turn(line: Line): void {
  const { at, random } = line;
  line.nextAt = at + MINUTE;
  for (const spell of Object.values(line.spells)) {
    if (at < spell.to) continue;
    spell.from = at + exponential(random, spell.everyMs);
    spell.to = spell.from + uniform(random, spell.leastMs, spell.mostMs);
  }
  line.wander += -line.wander / 720 + 0.013 * (random() + random() - 1);
}

/** By how much a fault has grown: 0 before, 1 after its first doubling, 3, 7, … */
function grownBy({ options: { fault }, at }: Line, kind: LineFaultKind): number {
  if (fault?.kind !== kind || at < fault.at) return 0;
  return 2 ** ((at - fault.at) / fault.doublesMs) - 1;
}

const grown = (line: Line, kind: LineFaultKind, share: number): number =>
  Math.min(0.4, share * grownBy(line, kind));

/** Contact is lost for about ten seconds at a time. */
function isLoose(line: Line): boolean {
  const share = grown(line, "loose", 0.002);
  return share > 0 && line.random() < share;
}
