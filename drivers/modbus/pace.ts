/** Times of a serial line, from its settings. Pure; milliseconds, fractional. Modbus over serial line V1.02, 2.5.1.1. */

export interface SerialLine {
  baudRate: number;
  parity: "none" | "even" | "odd";
  stopBits: 1 | 2;
  dataBits: 7 | 8;
}

/** What a port keeps to on a line that carries one frame at a time. */
export interface Pace {
  /** One character on the wire; 0 where another box has the wire. */
  charMs: number;
  /** Silence before a request, since the last byte in either direction. */
  gapMs: number;
}

/** Above this the standard fixes the silence, because interrupts get too dense. */
const FAST_BAUD = 19_200;
const FAST_GAP_MS = 1.75;
const GAP_CHARS = 3.5;

/** A start bit, the data, the parity bit if any, the stop bits. */
export function charMs({ baudRate, parity, stopBits, dataBits }: SerialLine): number {
  return (1000 * (1 + dataBits + (parity === "none" ? 0 : 1) + stopBits)) / baudRate;
}

/** `turnaroundMs`: pause the devices or converters of the line need between an answer and a request. */
export function paceOf(line: SerialLine, turnaroundMs: number): Pace {
  const silence = line.baudRate > FAST_BAUD ? FAST_GAP_MS : GAP_CHARS * charMs(line);
  return { charMs: charMs(line), gapMs: Math.max(silence, turnaroundMs) };
}
