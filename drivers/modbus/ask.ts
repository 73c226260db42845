/** One read as the bus asks it, and the shape of its answer. There is no other kind of request. */
import { crc16 } from "./frame.ts";
import type { Table } from "./point.ts";

export const IDENTIFICATION = 43;

export interface Ask {
  unit: number;
  code: 1 | 2 | 3 | 4 | typeof IDENTIFICATION;
  /** Wire address; the first object for identification. */
  address: number;
  /** Registers or bits; the identification level (1 basic, 2 regular, 3 extended, 4 one object) for 43. */
  count: number;
  /** So many more registers or bits may be read behind it, where that helps. */
  slack?: number;
}

const CODES = { coil: 1, discrete: 2, holding: 3, input: 4 } as const satisfies Record<
  Table,
  number
>;

export function askFor(
  unit: number,
  table: Table,
  address: number,
  count: number,
  slack: number,
): Ask {
  return { unit, code: CODES[table], address, count, slack };
}

/** Function and data bytes of the answer; -1 where only the device knows. */
export function shapeOf({ code, count }: Ask): { code: number; bytes: number } {
  if (code === IDENTIFICATION) return { code, bytes: -1 };
  return { code, bytes: code <= 2 ? (count + 7) >> 3 : 2 * count };
}

const MEI_TYPE = 14;

/** The serial form of a request for identification, from `object` on. */
export function identificationRequest(unit: number, level: number, object: number): Buffer {
  const frame = Buffer.from([unit, IDENTIFICATION, MEI_TYPE, level, object, 0, 0]);
  frame.writeUInt16LE(crc16(frame, 5), 5);
  return frame;
}
