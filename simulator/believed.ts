/**
 * Holds what a driver delivered against what the simulated device answered: a good sample must be the answer to the
 * last request for that block, sent whole and unspoiled, between the beginning of the read and its end. Bad samples are
 * never wrong. Knows no driver but by its readings.
 */
import type { Reading } from "../drivers/driver.ts";
import type { Answer } from "./answers.ts";
import type { Table } from "./registers.ts";

/** Where a point's words stand. */
export interface Place {
  id: string;
  table: Table;
  address: number;
  words: number;
}

export interface Verdict {
  good: number;
  bad: number;
  /** Good samples that no answer bears out, in words. */
  wrong: string[];
}

/** `from`: when the read began, on the clock of the answers. `places`: every point of the source. */
export function believed(
  reading: Reading,
  from: number,
  unit: number,
  places: readonly Place[],
  answers: readonly Answer[],
): Verdict {
  if (reading.failure !== null) return { good: 0, bad: places.length, wrong: [] };
  const asked = answers.filter((one) => one.unit === unit && one.askedAt >= from);
  const verdict: Verdict = { good: 0, bad: 0, wrong: [] };
  for (const place of places) {
    const sample = reading.samples.get(place.id);
    if (sample?.quality !== "good") {
      verdict.bad += 1;
      continue;
    }
    const answers = lastOfEach(asked.filter((one) => covers(one, place)));
    if (answers.some((one) => bearsOut(one, place, sample.raw, reading.at))) verdict.good += 1;
    else verdict.wrong.push(describe(place, unit, sample.raw, answers.at(-1)));
  }
  return verdict;
}

/** Neighboring blocks may overlap; of the same block only the last request counts. */
function lastOfEach(answers: Answer[]): Answer[] {
  return [...new Map(answers.map((one) => [`${one.address} ${one.quantity}`, one])).values()];
}

function covers({ table, address, quantity }: Answer, place: Place): boolean {
  return (
    table === place.table &&
    address <= place.address &&
    place.address + place.words <= address + quantity
  );
}

function bearsOut(answer: Answer, place: Place, raw: readonly number[], at: number): boolean {
  if (answer.values === null || answer.sentAt === null || answer.sentAt > at) return false;
  const first = place.address - answer.address;
  const held = answer.values.slice(first, first + place.words);
  return held.length === raw.length && held.every((word, i) => word === raw[i]);
}

function describe(
  { id, table, address }: Place,
  unit: number,
  raw: readonly number[],
  answer: Answer | undefined,
): string {
  const truth = answer
    ? `${answer.how} ${answer.address}: ${answer.values ?? "nothing"}, sent at ${answer.sentAt}`
    : "never asked";
  return `unit ${unit} ${table} ${address} (${id}): believed ${raw}, answered ${truth}`;
}
