/**
 * Polls through a strict port and the whole driver above it while the line misbehaves, on virtual time. Registers
 * hold values that are different at every instant and address, so a stale, shifted or foreign value shows.
 */
import type { Reading } from "../../../drivers/driver.ts";
import { anyFault, type Pick, seeded } from "./faults.ts";
import type { Asked, FramingName } from "./frames.ts";
import { holding, Line } from "./line.ts";

export interface Tally {
  requests: number;
  faults: number;
  /** Values the device had held for that very request. */
  right: number;
  /** Values it had not. */
  wrong: string[];
  bad: number;
  /** Failed polls in a row after the line had become well again: the worst. */
  slowest: number;
  writes: number;
}

const TIMEOUT_MS = 100;
const UNITS = [1, 2, 3];
const BLOCKS = [[0, 1, 2], [100, 101, 102], [200]];

/** Until `faults` requests have been answered wrongly, two in three while a spell lasts. */
export async function fuzz(framing: FramingName, faults: number, seed: number): Promise<Tally> {
  const line = new Line(framing);
  const pick = seeded(seed);
  const tally: Tally = {
    requests: 0,
    faults: 0,
    right: 0,
    wrong: [],
    bad: 0,
    slowest: 0,
    writes: 0,
  };
  line.word = (unit, address, at) => hash(unit, address, at);
  line.latencyMs = 2;
  const connection = line.open(TIMEOUT_MS);
  const readers = UNITS.map((unit) => ({
    unit,
    reader: connection.source(`u${unit}`, unit, holding(...BLOCKS.slice(0, unit).flat())),
  }));
  let last = "none";
  const misbehave = (isIll: boolean): void => {
    line.conduct = (asked, good) => {
      if (!isIll || pick(3) === 0 || asked.code === 43) return null;
      tally.faults += 1;
      const [name, pieces] = anyFault({ framing, asked, good, timeoutMs: TIMEOUT_MS, pick });
      last = name;
      return pieces;
    };
  };
  while (tally.faults < faults) {
    misbehave(true);
    for (let poll = 0; poll < 12; poll++) {
      const { unit, reader } = readers[pick(readers.length)]!;
      const from = line.clock.now();
      judge(await line.run(reader.read()), from, unit, line, tally, last);
      await line.run(line.clock.sleep(pick(30)));
      forget(line, tally);
    }
    misbehave(false);
    // Late answers and rests pass, as they would in a poll period; then two polls must do.
    await line.run(line.clock.sleep(12_000));
    for (const { unit, reader } of readers) await recover(reader, unit, line, tally);
  }
  await connection.close();
  return tally;

  async function recover(
    reader: { read(): Promise<Reading> },
    unit: number,
    of: Line,
    into: Tally,
  ): Promise<void> {
    for (let polls = 1; polls <= 10; polls++) {
      const from = of.clock.now();
      const reading = await of.run(reader.read());
      judge(reading, from, unit, of, into, `after ${last}`);
      into.slowest = Math.max(into.slowest, polls);
      if (reading.failure === null && [...reading.samples.values()].every(isGood)) return;
      await of.run(of.clock.sleep(1000));
    }
  }
}

const isGood = (sample: { quality: string }): boolean => sample.quality === "good";

/** A value must be what the device held for a request of this very pass. */
function judge(
  reading: Reading,
  from: number,
  unit: number,
  line: Line,
  tally: Tally,
  why: string,
): void {
  if (reading.failure !== null) tally.bad += 1;
  for (const [id, sample] of reading.samples) {
    if (sample.quality === "bad") {
      tally.bad += 1;
      continue;
    }
    const address = Number(id.slice(1));
    const truths = line.sent
      .filter(({ at, asked }) => at >= from && asked.unit === unit && covers(asked, address))
      .map(({ at }) => hash(unit, address, at));
    if (truths.includes(sample.value as number)) tally.right += 1;
    else tally.wrong.push(`${why}: unit ${unit} ${id} is ${truths}, believed ${sample.value}`);
  }
}

function covers({ code, address, count }: Asked, register: number): boolean {
  return code === 3 && address <= register && register < address + count;
}

/** Keeps the log short, and counts what must never be sent. */
function forget(line: Line, tally: Tally): void {
  if (line.sent.length < 100) return;
  const old = line.sent.splice(0, line.sent.length - 20);
  tally.requests += old.length;
  tally.writes += old.filter(({ asked }) => ![1, 2, 3, 4, 43].includes(asked.code)).length;
}

function hash(unit: number, address: number, at: number): number {
  let h =
    Math.imul(unit * 65_536 + address, 0x9e3779b1) ^ Math.imul(Math.floor(at * 8), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return (h ^ (h >>> 12)) & 0xffff;
}

export type { Pick };
