/**
 * Modbus TCP requests as a strict server reads them, and its answers as bytes (MODBUS Messaging on TCP/IP
 * 1.0b, MODBUS Application Protocol 1.1b3). Pure: no sockets. Serves reading only; everything else is
 * exception 1.
 */
import type { Table } from "./registers.ts";

export interface Request {
  transaction: number;
  unit: number;
  code: number;
  /** Function code and data, without header. */
  pdu: Buffer;
}

/** Frames from a stream of bytes. "broken": not Modbus TCP, the connection is not worth keeping. */
export function takeRequest(bytes: Buffer): { request: Request; size: number } | "more" | "broken" {
  if (bytes.length < 6) return "more";
  const length = bytes.readUInt16BE(4);
  if (bytes.readUInt16BE(2) !== 0 || length < 2 || length > 254) return "broken";
  if (bytes.length < 6 + length) return "more";
  const pdu = bytes.subarray(7, 6 + length);
  const request = {
    transaction: bytes.readUInt16BE(0),
    unit: bytes.readUInt8(6),
    code: pdu.readUInt8(0),
    pdu,
  };
  return { request, size: 6 + length };
}

/** An answer on the wire. */
export function frame(request: Request, pdu: Buffer): Buffer {
  const header = Buffer.alloc(7);
  header.writeUInt16BE(request.transaction, 0);
  header.writeUInt16BE(pdu.length + 1, 4);
  header.writeUInt8(request.unit, 6);
  return Buffer.concat([header, pdu]);
}

export const exceptionPdu = (code: number, exception: number): Buffer =>
  Buffer.from([code | 0x80, exception]);

/** The data behind one unit id. */
export interface Device {
  /** Words, or 0 and 1 for bits; null when an address does not exist. */
  read(table: Table, address: number, quantity: number): number[] | null;
  /** Vendor, product code and revision for 43/14. */
  identity: readonly [vendor: string, product: string, revision: string];
}

const TABLES: Record<number, Table> = { 1: "coil", 2: "discrete", 3: "holding", 4: "input" };

/** The answer of a device that may only be read. */
export function answerPdu(device: Device, request: Request): Buffer {
  const { code, pdu } = request;
  const table = TABLES[code];
  if (table) return answerRead(device, table, code, pdu);
  if (code === 0x2b && pdu.length >= 2 && pdu.readUInt8(1) === 0x0e) {
    return answerIdentity(device, pdu);
  }
  return exceptionPdu(code, 1);
}

function answerRead(device: Device, table: Table, code: number, pdu: Buffer): Buffer {
  const isBits = code <= 2;
  if (pdu.length !== 5) return exceptionPdu(code, 3);
  const address = pdu.readUInt16BE(1);
  const quantity = pdu.readUInt16BE(3);
  if (quantity < 1 || quantity > (isBits ? 2000 : 125)) return exceptionPdu(code, 3);
  const values = device.read(table, address, quantity);
  if (!values) return exceptionPdu(code, 2);
  const data = isBits ? packBits(values) : packWords(values);
  return Buffer.concat([Buffer.from([code, data.length]), data]);
}

function packWords(values: number[]): Buffer {
  const data = Buffer.alloc(values.length * 2);
  for (const [i, value] of values.entries()) data.writeUInt16BE(value, i * 2);
  return data;
}

function packBits(values: number[]): Buffer {
  const data = Buffer.alloc(Math.ceil(values.length / 8));
  for (const [i, value] of values.entries()) {
    if (value) data[i >> 3] = (data[i >> 3] as number) | (1 << (i & 7));
  }
  return data;
}

/** Basic identification: the whole stream (code 1) or one object (code 4). */
function answerIdentity(device: Device, pdu: Buffer): Buffer {
  if (pdu.length !== 4) return exceptionPdu(0x2b, 3);
  const code = pdu.readUInt8(2);
  const object = pdu.readUInt8(3);
  if (code < 1 || code > 4) return exceptionPdu(0x2b, 3);
  const isOne = code === 4;
  if (isOne && object > 2) return exceptionPdu(0x2b, 2);
  // Stream access restarts at the first object when the requested one does not exist.
  const first = object > 2 ? 0 : object;
  const ids = isOne ? [object] : [0, 1, 2].filter((id) => id >= first);
  const objects = ids.map((id) => {
    const text = Buffer.from(device.identity[id] ?? "", "latin1");
    return Buffer.concat([Buffer.from([id, text.length]), text]);
  });
  // Conformity 0x81: basic identification, stream and individual access.
  const head = Buffer.from([0x2b, 0x0e, code, 0x81, 0, 0, ids.length]);
  return Buffer.concat([head, ...objects]);
}
