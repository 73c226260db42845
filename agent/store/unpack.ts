/** Reads the bodies that `pack.ts` made, back into the very same inputs. Trusts the checksum of the block around them. */
import type { CycleInput, Input } from "../core/input.ts";
import type { Value } from "../core/model.ts";
import { type ByteReader, takeByte, takeText, takeVarint, unzigzag } from "./bytes.ts";
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
  newDictionary,
  noBad,
  SAME_BAD,
  type Stream,
  TAG_CYCLE,
  TAG_JSON,
  TAG_POINT,
  TAG_STREAM,
  TAG_TICK,
  TOOK,
} from "./raw-format.ts";
import { fromTaggedJson } from "./tagged-json.ts";
import { decodeValue } from "./value-code.ts";

export interface Unpacker {
  dictionary: Dictionary;
  /** The last values of each stream, by stream number. */
  values: Record<string, Value>[];
}

export const createUnpacker = (): Unpacker => ({ dictionary: newDictionary(), values: [] });

/**
 * The inputs of one body, in order. A body that is not fresh needs the unpacker that read the one before it.
 * Throws RangeError on bytes that are no body.
 */
export function unpack(unpacker: Unpacker, body: Buffer, fresh: boolean): Input[] {
  if (fresh) Object.assign(unpacker, createUnpacker());
  const { dictionary } = unpacker;
  const reader: ByteReader = { bytes: body, at: 0 };
  const inputs: Input[] = [];
  while (reader.at < body.length) {
    const tag = takeVarint(reader);
    if (tag >= TAG_CYCLE)
      inputs.push(takeCycle(unpacker, reader, streamAt(dictionary, tag - TAG_CYCLE)));
    else if (tag === TAG_TICK) inputs.push({ kind: "tick", at: takeAt(dictionary, reader) });
    else if (tag === TAG_JSON) inputs.push(takeJson(dictionary, reader));
    else if (tag === TAG_STREAM) takeStream(unpacker, reader);
    else if (tag === TAG_POINT)
      addPoint(streamAt(dictionary, takeVarint(reader)), takeText(reader));
  }
  return inputs;
}

function streamAt(dictionary: Dictionary, number: number): Stream {
  const stream = dictionary.streams[number];
  if (!stream) throw new RangeError(`no such stream: ${number}`);
  return stream;
}

function takeStream(unpacker: Unpacker, reader: ByteReader): void {
  const asset = takeText(reader);
  addStream(unpacker.dictionary, asset, takeText(reader));
  unpacker.values.push({});
}

function takeAt(dictionary: Dictionary, reader: ByteReader): number {
  dictionary.at += unzigzag(takeVarint(reader));
  return dictionary.at;
}

function takeJson(dictionary: Dictionary, reader: ByteReader): Input {
  const input = fromTaggedJson(takeText(reader)) as Input;
  dictionary.at = input.at;
  return input;
}

function takeWord({ words }: Dictionary, reader: ByteReader): string {
  const number = takeVarint(reader);
  const known = words[number];
  if (known !== undefined) return known;
  const word = takeText(reader);
  words.push(word);
  return word;
}

function takeCycle(unpacker: Unpacker, reader: ByteReader, stream: Stream): CycleInput {
  const { dictionary } = unpacker;
  const { asset, source } = stream;
  const at = takeAt(dictionary, reader);
  const flags = takeByte(reader);
  if (flags & FAILED) {
    const failure = takeWord(dictionary, reader);
    return { kind: "cycle", at, asset, source, values: {}, bad: {}, failure };
  }
  if (flags & TOOK) stream.tookMs += unzigzag(takeVarint(reader));
  const last = unpacker.values[stream.number] as Record<string, Value>;
  const isFull = (flags & FULL) !== 0;
  const listed: Record<string, Value> = {};
  if (flags & LISTED) takeListed(reader, stream, last, isFull ? null : listed);
  if (!(flags & SAME_BAD)) stream.bad = flags & BAD ? takeBad(dictionary, reader) : noBad();
  const bad = namedBad(stream);
  const values = isFull ? allBut(last, bad, stream.bad) : listed;
  const cycle: CycleInput = { kind: "cycle", at, asset, source, values, bad, failure: null };
  if (flags & LONE) cycle.lone = true;
  if (flags & TOOK) cycle.tookMs = stream.tookMs;
  return cycle;
}

/** The marked values, written into `last` and, where only they are asked for, into `listed`. */
function takeListed(
  reader: ByteReader,
  stream: Stream,
  last: Record<string, Value>,
  listed: Record<string, Value> | null,
): void {
  const bitmap = reader.at;
  const { slots } = stream;
  reader.at += Math.ceil(slots.length / 8);
  for (let number = 0; number < slots.length; number += 1) {
    const bits = reader.bytes[bitmap + (number >> 3)] ?? 0;
    const slot = slots[number];
    if (!slot || (bits & (1 << (number & 7))) === 0) continue;
    const value = decodeValue(reader, slot);
    last[slot.name] = value;
    if (listed) listed[slot.name] = value;
  }
}

function takeBad(dictionary: Dictionary, reader: ByteReader): BadPoints {
  const bad = noBad();
  for (let left = takeVarint(reader); left > 0; left -= 1) {
    bad.slots.push(takeVarint(reader));
    bad.reasons.push(takeWord(dictionary, reader));
  }
  return bad;
}

function namedBad(stream: Stream): Record<string, string> {
  const bad: Record<string, string> = {};
  stream.bad.slots.forEach((number, i) => {
    bad[stream.slots[number]?.name ?? ""] = stream.bad.reasons[i] as string;
  });
  return bad;
}

function allBut(
  last: Record<string, Value>,
  bad: Record<string, string>,
  points: BadPoints,
): Record<string, Value> {
  if (points.slots.length === 0) return { ...last };
  const values: Record<string, Value> = {};
  for (const name in last) if (!Object.hasOwn(bad, name)) values[name] = last[name] as Value;
  return values;
}
