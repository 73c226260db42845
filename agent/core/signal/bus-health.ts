/**
 * The line to a device, by the outcomes of its cycles: broken frames and timeouts as shares of ten minutes against what is
 * usual for this line, answers that come later and later. Says wiring or device, never machine: the machine is not judged
 * by how well it can be read.
 */
import type { Millis } from "../time.ts";
import { added, bareEvidence, NONE, type SignalChange } from "./change.ts";
import { raise, relent, type Signals } from "./life.ts";
import type { Severity } from "./model.ts";
import { BLOCK_MS } from "./settings-plant.ts";

/** Plain JSON data of one source. */
export interface BusState {
  /** Block: begin (-1: none yet), cycles, of them with broken frames, without answer, refused; sum of latencies and their number. */
  block: number[];
  /** Usual share of broken frames and of timeouts, usual log latency and its spread, blocks learned from. */
  usual: number[];
  /** CUSUM of each: frames, timeouts, latency; blocks in a row that were calm. */
  sums: number[];
  signals: Signals;
}

export interface BusModel {
  /** Id of the source. */
  source: string;
  /** As in `ChannelModel`. */
  slug: string;
  settings: string;
}

/** One cycle of a source. `code`: null, or why it failed in part or as a whole. */
export interface BusOutcome {
  at: Millis;
  code: string | null;
  /** From the request to the last reply; null when unknown. */
  latencyMs: number | null;
}

const [FROM, CYCLES, FRAMES, TIMEOUTS, REFUSALS, LATENCY, ANSWERS] = [0, 1, 2, 3, 4, 5, 6];
const [U_FRAMES, U_TIMEOUTS, U_LATENCY, U_SPREAD, U_BLOCKS] = [0, 1, 2, 3, 4];
const CALM = 3;

/** Blocks that teach what is usual, and those that must be calm before the signal is over. */
const LEARN = 36;
const QUIET = 36;
/** Decision limit and reference value of the CUSUMs, in spreads of a block. */
const H = 12;
const K = 1;
const CLIP = 4;
/** Least change that is told: of a share, and of the logarithm of the latency (half as long again). */
const LEAST_SHARE = 0.005;
const LEAST_LATENCY = Math.log(1.5);

export const newBus = (): BusState => ({
  block: [-1, 0, 0, 0, 0, 0, 0],
  usual: [0, 0, 0, 0, 0],
  sums: [0, 0, 0, 0],
  signals: {},
});

/** Takes a cycle in; says something at most once in ten minutes. */
export function senseBus(model: BusModel, bus: BusState, now: BusOutcome): readonly SignalChange[] {
  const { block } = bus;
  let out = NONE;
  if (block[FROM]! >= 0 && now.at - block[FROM]! >= BLOCK_MS) {
    out = endBlock(model, bus, now.at);
    block.fill(0);
    block[FROM] = now.at;
  } else if (block[FROM]! < 0) block[FROM] = now.at;
  block[CYCLES]! += 1;
  if (now.code === "MODBUS_FRAME") block[FRAMES]! += 1;
  else if (now.code === "MODBUS_TIMEOUT") block[TIMEOUTS]! += 1;
  else if (now.code !== null) block[REFUSALS]! += 1;
  if (now.code === null && now.latencyMs !== null && now.latencyMs > 0) {
    block[LATENCY]! += Math.log(now.latencyMs);
    block[ANSWERS]! += 1;
  }
  return out;
}

function endBlock(model: BusModel, bus: BusState, at: Millis): readonly SignalChange[] {
  const { block, usual, sums } = bus;
  const n = block[CYCLES]!;
  // A device that says nothing at all is absent: that is an event of the line, not its health.
  if (n < 10 || block[TIMEOUTS]! + block[REFUSALS]! === n) return NONE;
  const latency = block[ANSWERS]! > 0 ? block[LATENCY]! / block[ANSWERS]! : usual[U_LATENCY]!;
  if (usual[U_BLOCKS]! < LEARN) {
    learn(usual, [block[FRAMES]! / n, block[TIMEOUTS]! / n, latency]);
    return NONE;
  }
  const off = [
    shareOff(block[FRAMES]! / n, usual[U_FRAMES]!, n),
    shareOff(block[TIMEOUTS]! / n, usual[U_TIMEOUTS]!, n),
    (latency - usual[U_LATENCY]!) / Math.max(usual[U_SPREAD]!, LEAST_LATENCY / 3),
  ];
  for (const [k, one] of off.entries()) {
    sums[k] = Math.min(2 * H, Math.max(0, sums[k]! + Math.min(CLIP, Math.max(-CLIP, one)) - K));
  }
  return judge(model, bus, at, latency);
}

/** Against the spread of a share of `n`, or what is too little to be told. */
const shareOff = (share: number, usual: number, n: number): number =>
  (share - usual) / Math.max(Math.sqrt((usual * (1 - usual)) / n), LEAST_SHARE);

function learn(usual: number[], [frames, timeouts, latency]: [number, number, number]): void {
  const n = usual[U_BLOCKS]! + 1;
  usual[U_BLOCKS] = n;
  usual[U_FRAMES]! += (frames - usual[U_FRAMES]!) / n;
  usual[U_TIMEOUTS]! += (timeouts - usual[U_TIMEOUTS]!) / n;
  const off = n === 1 ? 0 : latency - usual[U_LATENCY]!;
  usual[U_LATENCY]! += n === 1 ? latency : off / n;
  const variance = usual[U_SPREAD]! ** 2;
  usual[U_SPREAD] = Math.sqrt(variance + (off ** 2 - variance) / n);
}

function judge(
  model: BusModel,
  bus: BusState,
  at: Millis,
  latency: number,
): readonly SignalChange[] {
  const { sums, block, usual } = bus;
  const id = `${model.slug}-bus`;
  const worst = Math.max(sums[0]!, sums[1]!, sums[2]!);
  if (worst <= H) {
    sums[CALM] = worst < H / 4 ? sums[CALM]! + 1 : 0;
    return sums[CALM]! < QUIET ? NONE : added(NONE, relent(bus.signals, id, at));
  }
  sums[CALM] = 0;
  const evidence = bareEvidence(reasonOf(bus), model.settings);
  const n = block[CYCLES]!;
  const wiring = evidence.reason === "wiring";
  evidence.value = wiring ? (block[FRAMES]! + block[TIMEOUTS]!) / n : Math.exp(latency);
  evidence.limit = wiring ? usual[U_FRAMES]! + usual[U_TIMEOUTS]! : Math.exp(usual[U_LATENCY]!);
  evidence.effect = evidence.value - evidence.limit;
  evidence.statistic = worst;
  evidence.against = H;
  evidence.first = block[FROM]!;
  evidence.last = at;
  evidence.good = 1 - (block[FRAMES]! + block[TIMEOUTS]! + block[REFUSALS]!) / n;
  const severity: Severity = evidence.good < 0.8 ? "warning" : "advisory";
  const found = { id, kind: "bus", detector: "bus", channel: null, severity } as const;
  return added(
    NONE,
    raise(bus.signals, { ...found, onset: block[FROM]!, baseline: null, evidence }, at),
  );
}

/** Broken frames, or lost ones while answers come in their usual time: wiring. Later answers, or lost ones with them: the device. */
const reasonOf = ({ sums }: BusState): string =>
  sums[0]! > H || sums[2]! <= H / 2 ? "wiring" : "device";
