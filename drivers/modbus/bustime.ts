/**
 * What reading costs on a bus, before anything is read: milliseconds per pass, share of the time, and which poll
 * periods cannot be met. Pure; a prediction for devices that answer promptly.
 */
import type { Framing } from "./frame.ts";
import type { Pace } from "./pace.ts";
import { isBitTable, type Table } from "./point.ts";

export interface Timing {
  pace: Pace | null;
  framing: Framing;
}

/** One source on the bus. */
export interface Demand {
  id: string;
  /** Milliseconds of one pass, see {@link passMs}. */
  passMs: number;
  pollMs: number;
}

/** Bytes of a read request, and of an answer beside its data: unit, function, byte count, CRC. */
const REQUEST_BYTES = 8;
const FRAME_BYTES = 5;
/** What a device takes to begin its answer, by experience; networks included. */
const ANSWER_MS = 10;
/** Beyond this share a single lost answer delays polls. */
const COMFORTABLE = 0.8;

/** Milliseconds for one request of `length` registers or bits, its answer, and the silence after it. */
export function requestMs(table: Table, length: number, { pace, framing }: Timing): number {
  const data = isBitTable(table) ? (length + 7) >> 3 : 2 * length;
  const characters = (REQUEST_BYTES + FRAME_BYTES + data) * framing.stretch;
  return ANSWER_MS + characters * (pace?.charMs ?? 0) + (pace?.gapMs ?? 0);
}

export function passMs(reads: readonly { table: Table; length: number }[], timing: Timing): number {
  return reads.reduce((sum, { table, length }) => sum + requestMs(table, length, timing), 0);
}

/** Fraction of the bus's time that all sources need; above 1 they cannot all be met. */
export function shareOf(demands: readonly Demand[]): number {
  return demands.reduce((sum, { passMs: ms, pollMs }) => sum + ms / pollMs, 0);
}

/** One line for the bus and one per source whose period cannot be met, for `test` and `doctor`. */
export function busReport(bus: string, demands: readonly Demand[]): string[] {
  const share = shareOf(demands);
  const round = demands.reduce((sum, { passMs: ms }) => sum + ms, 0);
  const lines = [`${bus}: ${percent(share)} of the bus time, all sources once take ${ms(round)}`];
  if (share > 1)
    lines.push(`${bus}: cannot keep up; poll more slowly or spread the units over buses`);
  else if (share > COMFORTABLE) lines.push(`${bus}: hardly any time is left for a lost answer`);
  for (const { id, passMs: own, pollMs } of demands) {
    if (own > pollMs) lines.push(`${id}: takes ${ms(own)} but is to be polled every ${ms(pollMs)}`);
    else if (round > pollMs && share <= 1)
      lines.push(
        `${id}: may wait ${ms(round)} for its turn, longer than its period of ${ms(pollMs)}`,
      );
  }
  return lines;
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

function ms(value: number): string {
  return `${Math.round(value)} ms`;
}
