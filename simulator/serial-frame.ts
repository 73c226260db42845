/**
 * Modbus RTU and ASCII as a server reads and writes them (Modbus over serial line V1.02). Pure: no ports. Takes
 * whatever master speaks, writes too, so that they can be refused and counted.
 */
import type { Request } from "./modbus-request.ts";
import type { Framing } from "./serve.ts";

export type SerialFraming = "rtu" | "ascii";

function crc(bytes: Uint8Array): number {
  let sum = 0xffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >> 1) ^ 0xa001 : sum >> 1;
  }
  return sum;
}

const lrc = (bytes: Uint8Array): number => -bytes.reduce((sum, byte) => sum + byte, 0) & 255;

/** Bytes of a request with its CRC; null while too little has come to say, all of it for unknown functions. */
function lengthOf(bytes: Buffer): number | null {
  if (bytes.length < 2) return null;
  const code = bytes.readUInt8(1);
  if ((code >= 1 && code <= 6) || code === 8) return 8;
  if (code === 43) return 7;
  if (code === 15 || code === 16) return bytes.length < 7 ? null : 9 + bytes.readUInt8(6);
  if (code === 22) return 10;
  if (code === 23) return bytes.length < 11 ? null : 13 + bytes.readUInt8(10);
  return Math.max(4, bytes.length);
}

function takeRtu(bytes: Buffer): ReturnType<Framing["take"]> {
  const size = lengthOf(bytes);
  if (size === null || bytes.length < size) return "more";
  const body = bytes.subarray(0, size - 2);
  if (bytes.readUInt16LE(size - 2) !== crc(body)) return "broken";
  return { request: requestOf(body), size };
}

const requestOf = (body: Buffer): Request => ({
  transaction: 0,
  unit: body.readUInt8(0),
  code: body.readUInt8(1),
  pdu: Buffer.from(body.subarray(1)),
});

function takeAscii(bytes: Buffer): ReturnType<Framing["take"]> {
  const end = bytes.indexOf("\r\n");
  if (end < 0) return "more";
  const text = bytes.toString("latin1", bytes.lastIndexOf(":", end), end);
  if (!/^:([0-9A-F]{2}){3,}$/.test(text)) return "broken";
  const all = Buffer.from(text.slice(1), "hex");
  if (lrc(all) !== 0) return "broken";
  return { request: requestOf(all.subarray(0, -1)), size: end + 2 };
}

const bodyOf = ({ unit }: Request, pdu: Buffer): Buffer => Buffer.concat([Buffer.of(unit), pdu]);

function flipped(bytes: Buffer, fromEnd: number): Buffer {
  const copy = Buffer.from(bytes);
  const at = copy.length - fromEnd;
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

export const FRAMINGS: Record<SerialFraming, Framing> = {
  rtu: {
    take: takeRtu,
    frame: (request, pdu) => {
      const body = bodyOf(request, pdu);
      const sum = crc(body);
      return Buffer.concat([body, Buffer.of(sum & 255, sum >> 8)]);
    },
    spoil: (bytes) => flipped(bytes, 1),
  },
  ascii: {
    take: takeAscii,
    frame: (request, pdu) => {
      const body = bodyOf(request, pdu);
      const hex = Buffer.concat([body, Buffer.of(lrc(body))]).toString("hex");
      return Buffer.from(`:${hex.toUpperCase()}\r\n`);
    },
    spoil: (bytes) => flipped(bytes, 3),
  },
};
