/**
 * Polls of a sick bus over real sockets or pseudo terminals, judged by the oracle of the simulator. Registers differ
 * at every reading, so that a stale, shifted or foreign value shows.
 */
import type { Driver, PointOptions } from "../../drivers/driver.ts";
import type { Answer } from "../../simulator/answers.ts";
import { believed, type Place, type Verdict } from "../../simulator/believed.ts";
import { MISCHIEFS, type Mischief, mischief } from "../../simulator/mischief.ts";
import type { Device } from "../../simulator/modbus-request.ts";
import { keyOf, noiseAt, type Random, stream } from "../../simulator/random.ts";
import type { Service } from "../../simulator/serve.ts";
import { QuickClock } from "./quick.ts";

export const TIMEOUT_MS = 400;
export const TIMES = 20;
const UNITS = [1, 2, 3];

export interface Bus {
  options: Record<string, unknown>;
  refused(): number;
  requests(): number;
  close(): Promise<void>;
}

export interface Tally extends Verdict {
  polls: number;
  requests: number;
  spoiled: number;
  refused: number;
  /** Polls of which at least one request was spoiled. */
  faulty: number;
}

const ADDRESSES = [0, 1, 2, 100, 101, 200];
const PLACES: Place[] = ADDRESSES.map((address) => ({
  id: `h${address}`,
  table: "holding",
  address,
  words: 1,
}));
const POINTS: PointOptions[] = PLACES.map(({ id, table, address }) => ({
  id,
  table,
  address,
  type: "uint16",
}));

/** Every reading shows other values. */
function restless(unit: number): Device {
  let readings = 0;
  const key = keyOf(unit, "restless");
  return {
    identity: ["uptime-agent simulator", `unit ${unit}`, "1.0"],
    read: (_table, address, quantity) => {
      readings += 1;
      const at = readings * 65_536;
      return Array.from({ length: quantity }, (_, i) =>
        Math.floor(noiseAt(key, at + address + i) * 65_535),
      );
    },
  };
}

export interface Illness {
  kinds: readonly Mischief[];
  share: number;
}

export const ALL: Illness = { kinds: MISCHIEFS, share: 0.3 };
/** Without the refusals from which a reader learns for a minute. */
export const PASSING: Illness = {
  kinds: MISCHIEFS.filter((kind) => kind !== "exception-2" && kind !== "exception-3"),
  share: 0.3,
};

/** Polls until `faults` of them were spoiled: spells of twelve polls, then one of each unit without trouble. */
export async function suffer(
  driver: Driver,
  start: (service: Omit<Service, "absent">) => Promise<Bus>,
  faults: number,
  seed: number,
  illness = ALL,
): Promise<Tally> {
  const random: Random = stream(keyOf(seed, driver.name));
  const clock = new QuickClock(TIMES);
  const answers: Answer[] = [];
  const tally: Tally = {
    polls: 0,
    requests: 0,
    spoiled: 0,
    refused: 0,
    good: 0,
    bad: 0,
    wrong: [],
    faulty: 0,
  };
  let isIll = true;
  const bus = await start({
    devices: new Map(UNITS.map((unit) => [unit, restless(unit)])),
    now: () => clock.now(),
    onAnswer: (answer) => answers.push(answer),
    behave: () => {
      if (!isIll || random() >= illness.share) return { do: "answer" };
      tally.spoiled += 1;
      const kind = illness.kinds[Math.floor(random() * illness.kinds.length)] ?? "silent";
      return mischief(kind, random, TIMEOUT_MS / TIMES);
    },
  });
  const connection = driver.open("sick", { ...bus.options, timeout: TIMEOUT_MS }, clock);
  const readers = UNITS.map((unit) => connection.source(`u${unit}`, unit, POINTS));
  const poll = async (at: number): Promise<void> => {
    const [from, before] = [clock.now(), tally.spoiled];
    const reading = await readers[at]?.read();
    if (!reading) return;
    // A bus that is being reopened, or a unit that rests, is not asked: that is no poll.
    if (reading.requests === 0) return clock.sleep(50);
    const verdict = believed(reading, from, UNITS[at] ?? 0, PLACES, answers);
    tally.polls += 1;
    tally.faulty += tally.spoiled > before ? 1 : 0;
    tally.good += verdict.good;
    tally.bad += verdict.bad;
    tally.wrong.push(...verdict.wrong);
    if (answers.length > 200) answers.splice(0, answers.length - 50);
  };
  while (tally.faulty < faults) {
    isIll = true;
    for (let i = 0; i < 12; i++) await poll(Math.floor(random() * UNITS.length));
    isIll = false;
    for (const at of UNITS.keys()) await poll(at);
  }
  await connection.close();
  tally.refused = bus.refused();
  tally.requests = bus.requests();
  await bus.close();
  return tally;
}

/** Several buses at once: their waits overlap. */
export async function together(runs: Promise<Tally>[]): Promise<Tally> {
  const all = await Promise.all(runs);
  const sum = (of: (one: Tally) => number): number =>
    all.reduce((total, one) => total + of(one), 0);
  return {
    polls: sum((one) => one.polls),
    requests: sum((one) => one.requests),
    spoiled: sum((one) => one.spoiled),
    refused: sum((one) => one.refused),
    good: sum((one) => one.good),
    bad: sum((one) => one.bad),
    wrong: all.flatMap((one) => one.wrong),
    faulty: sum((one) => one.faulty),
  };
}
