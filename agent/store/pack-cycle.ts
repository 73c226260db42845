/** Packs one cycle of one source. Announces new streams and points first, so that the entry itself needs no names. */
import type { CycleInput } from "../core/input.ts";
import type { Value } from "../core/model.ts";
import type { Millis } from "../core/time.ts";
import { type ByteWriter, putByte, putText, putVarint, zigzag } from "./bytes.ts";
import {
  addPoint,
  addStream,
  BAD,
  type BadPoints,
  type Dictionary,
  FAILED,
  FULL,
  LISTED,
  LONE,
  noBad,
  SAME_BAD,
  type Stream,
  TAG_CYCLE,
  TAG_POINT,
  TAG_STREAM,
  TOOK,
} from "./raw-format.ts";
import { encodeValue } from "./value-code.ts";

/** Slots of the values of the cycle at hand, in the order given; reused by every cycle. */
const present: number[] = [];
const NONE = noBad();

/** Appends the entry of `input`. Of a failed cycle only the failure is kept, as the core ignores the rest. */
export function packCycle(out: ByteWriter, dictionary: Dictionary, input: CycleInput): void {
  const stream = streamOf(out, dictionary, input.asset, input.source);
  if (input.failure !== null) {
    putHead(out, dictionary, stream, input.at, FAILED);
    putWord(out, dictionary, input.failure);
    return;
  }
  meetValues(out, stream, input.values);
  const bad = meetBad(out, stream, input.bad);
  const full =
    present.length + bad.slots.length === stream.slots.length && isApart(bad, input, stream);
  const listed = full ? keepChanged(stream, input.values) : present.length;
  const again = isSame(bad, stream.bad);
  const badFlag = bad.slots.length === 0 ? 0 : again ? SAME_BAD : BAD;
  putHead(
    out,
    dictionary,
    stream,
    input.at,
    (full ? FULL : 0) | (listed > 0 ? LISTED : 0) | badFlag | flagsOf(input),
  );
  if (input.tookMs !== undefined) {
    putVarint(out, zigzag(input.tookMs - stream.tookMs));
    stream.tookMs = input.tookMs;
  }
  if (listed > 0) putListed(out, stream, input.values);
  if (badFlag === BAD) putBad(out, dictionary, bad);
  stream.bad = bad;
}

const flagsOf = ({ lone, tookMs }: CycleInput): number =>
  (lone ? LONE : 0) | (tookMs === undefined ? 0 : TOOK);

function streamOf(out: ByteWriter, dictionary: Dictionary, asset: string, source: string): Stream {
  const known = dictionary.byAsset.get(asset)?.get(source);
  if (known) return known;
  putVarint(out, TAG_STREAM);
  putText(out, asset);
  putText(out, source);
  return addStream(dictionary, asset, source);
}

function slotOf(out: ByteWriter, stream: Stream, name: string, guess: number): number {
  // Drivers give the points in the same order every time.
  if (stream.slots[guess]?.name === name) return guess;
  const known = stream.index.get(name);
  if (known !== undefined) return known;
  putVarint(out, TAG_POINT);
  putVarint(out, stream.number);
  putText(out, name);
  return addPoint(stream, name);
}

function meetValues(out: ByteWriter, stream: Stream, values: CycleInput["values"]): void {
  present.length = 0;
  let guess = 0;
  for (const name in values) {
    const slot = slotOf(out, stream, name, guess);
    present.push(slot);
    guess = slot + 1;
  }
}

function meetBad(out: ByteWriter, stream: Stream, bad: CycleInput["bad"]): BadPoints {
  let met = NONE;
  for (const name in bad) {
    if (met === NONE) met = noBad();
    met.slots.push(slotOf(out, stream, name, -1));
    met.reasons.push(bad[name] as string);
  }
  return met;
}

/** No point has both a value and a reason. */
const isApart = (bad: BadPoints, input: CycleInput, stream: Stream): boolean =>
  bad.slots.every((slot) => !Object.hasOwn(input.values, stream.slots[slot]?.name ?? ""));

const isSame = (a: BadPoints, b: BadPoints): boolean =>
  a.slots.length === b.slots.length &&
  a.slots.every((slot, i) => slot === b.slots[i] && a.reasons[i] === b.reasons[i]);

/** Leaves only the slots in `present` whose value differs from the last one; returns how many. */
function keepChanged(stream: Stream, values: CycleInput["values"]): number {
  let kept = 0;
  for (const number of present) {
    const slot = stream.slots[number];
    if (slot && !Object.is(slot.value, values[slot.name])) present[kept++] = number;
  }
  present.length = kept;
  return kept;
}

function putHead(
  out: ByteWriter,
  dictionary: Dictionary,
  stream: Stream,
  at: Millis,
  flags: number,
): void {
  putVarint(out, TAG_CYCLE + stream.number);
  putVarint(out, zigzag(at - dictionary.at));
  putByte(out, flags);
}

/** A bitmap over all slots of the stream, then the values of the marked ones, lowest slot first. */
function putListed(out: ByteWriter, stream: Stream, values: CycleInput["values"]): void {
  if (!isAscending(present)) present.sort((a, b) => a - b);
  const size = Math.ceil(stream.slots.length / 8);
  let next = 0;
  for (let byte = 0; byte < size; byte += 1) {
    let bits = 0;
    while (next < present.length && (present[next] as number) >> 3 === byte) {
      bits |= 1 << ((present[next] as number) & 7);
      next += 1;
    }
    putByte(out, bits);
  }
  for (const number of present) {
    const slot = stream.slots[number];
    if (slot) encodeValue(out, slot, values[slot.name] as Value);
  }
}

function isAscending(numbers: number[]): boolean {
  for (let i = 1; i < numbers.length; i += 1) {
    if ((numbers[i] as number) < (numbers[i - 1] as number)) return false;
  }
  return true;
}

function putBad(out: ByteWriter, dictionary: Dictionary, bad: BadPoints): void {
  putVarint(out, bad.slots.length);
  bad.slots.forEach((slot, i) => {
    putVarint(out, slot);
    putWord(out, dictionary, bad.reasons[i] as string);
  });
}

function putWord(out: ByteWriter, { words }: Dictionary, word: string): void {
  const known = words.indexOf(word);
  putVarint(out, known < 0 ? words.length : known);
  if (known >= 0) return;
  words.push(word);
  putText(out, word);
}
