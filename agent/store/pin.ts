/**
 * Keeps what explains the stops when a raw segment falls to retention: the minutes around every edge of a stop, and
 * every input that is no cycle, in a file of the same format. Works in steps, because a day of raw is long.
 */
import { join } from "node:path";
import type { Input } from "../core/input.ts";
import { MINUTE_MS } from "./facts.ts";
import { createPacker, type PackedBlock, pack, seal } from "./pack.ts";
import { frame } from "./raw-block.ts";
import { type RawLog, spanOf } from "./raw-log.ts";
import { pinName, readRaw } from "./raw-reader.ts";
import { readIntervals } from "./read-journal.ts";
import type { Tables } from "./tables.ts";

export interface Pinning {
  day: number;
  /** Ends when the pin is durable, or nothing was to be kept. */
  steps: Generator<void, void>;
}

/** Inputs looked at in one step. */
const STEP = 2000;
/** Inputs of one block. */
const BLOCK = 500;

export function pinSegment(raw: RawLog, tables: Tables, day: number): Pinning {
  const minutes = minutesOfEdges(tables, day);
  const isKept = (input: Input): boolean =>
    input.kind === "cycle"
      ? (minutes.get(input.asset)?.has(minuteOf(input.at)) ?? false)
      : input.kind !== "tick";
  return { day, steps: copy(raw, day, isKept) };
}

const minuteOf = (at: number): number => Math.floor(at / MINUTE_MS);

/** The minute of each edge of a stop and of each step of an incident, the one before and the one after, by asset. */
function minutesOfEdges({ db, words }: Tables, day: number): Map<string, Set<number>> {
  const span = spanOf(day);
  const [from, to] = [span.from - MINUTE_MS, span.to + MINUTE_MS];
  const assets = db
    .prepare("SELECT DISTINCT asset FROM intervals WHERE from_ms >= ? AND from_ms < ?")
    .all(from, to) as { asset: number }[];
  const steps = db.prepare(
    "SELECT from_ms FROM steps WHERE from_ms >= ? AND from_ms < ? AND asset = ?",
  );
  const minutes = new Map<string, Set<number>>();
  for (const { asset } of assets) {
    const near = new Set<number>();
    const keep = (at: number): void => {
      const minute = minuteOf(at);
      near
        .add(minute - 1)
        .add(minute)
        .add(minute + 1);
    };
    for (const row of steps.all(from, to, asset) as { from_ms: number }[]) keep(row.from_ms);
    let isStopped = false;
    for (const interval of readIntervals(db, words, words.word(asset), from, to)) {
      const isStop = interval.stop === "stop";
      if (isStop !== isStopped) keep(interval.from);
      isStopped = isStop;
    }
    minutes.set(words.word(asset), near);
  }
  return minutes;
}

function* copy(raw: RawLog, day: number, isKept: (input: Input) => boolean): Generator<void, void> {
  const { disk, folder, pins } = raw;
  const path = join(folder, pinName(day));
  const packer = createPacker();
  let file: number | null = null;
  let size = 0;
  const write = (blocks: PackedBlock[]): void => {
    for (const block of blocks) {
      file ??= openAnew(raw, `${path}.part`);
      const bytes = frame(block, 0, false);
      disk.write(file, bytes, size);
      size += bytes.length;
    }
  };
  try {
    let seen = 0;
    const from = { day, offset: 0 };
    for (const input of readRaw(folder, { from, to: { day: day + 1, offset: 0 } })) {
      if (isKept(input)) pack(packer, input);
      if ((packer.open?.inputs ?? 0) >= BLOCK) write(seal(packer));
      seen += 1;
      if (seen % STEP === 0) yield;
    }
    write(seal(packer));
    if (file === null) return;
    disk.sync(file);
  } finally {
    if (file !== null) disk.close(file);
  }
  disk.rename(`${path}.part`, path);
  pins.set(day, size);
}

/** A crash may have left the part of an earlier attempt. */
function openAnew({ disk }: RawLog, path: string): number {
  const file = disk.open(path);
  disk.truncate(file, 0);
  return file;
}
