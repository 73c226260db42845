/** The ways to reach a Modbus bus: what stands under its strict port, and how it is recovered. Opens nothing. */
import type { DriverClock } from "../driver.ts";
import { ASCII } from "./ascii.ts";
import { type Framing, MBAP } from "./frame.ts";
import { type Pace, paceOf, type SerialLine } from "./pace.ts";
import { type PortOwner, type PortRules, StrictPort } from "./port.ts";
import { RTU } from "./rtu.ts";
import { SerialStream } from "./serial.ts";
import { Silence } from "./silence.ts";
import { SocketStream } from "./socket.ts";
import type { ByteStream } from "./stream.ts";
import { traced } from "./trace.ts";

export interface Link {
  /** Deadline of a request, and of opening. */
  timeoutMs: number;
  /** Answers carry the id of their request. Without, a late one must be told apart by its shape. */
  hasIds: boolean;
  /** Reopening asks nobody else: no need to wait before the first try. */
  isLocal: boolean;
  backoffLimitMs: number;
  /** The line's times, or null without one. */
  pace: Pace | null;
  framing: Framing;
  /** A fresh port, to be opened once. */
  port(owner: PortOwner): StrictPort;
}

export type FramingName = "rtu" | "ascii";

/** Two in a row mean that the stream may be out of step. */
const TCP_EMPTY_LIMIT = 2;
/** An unplugged adapter does not always say so. */
const LINE_EMPTY_LIMIT = 3;
const TCP_BACKOFF_LIMIT_MS = 10_000;
const SERIAL_BACKOFF_LIMIT_MS = 2000;

export interface Endpoint {
  host: string;
  port: number;
  timeoutMs: number;
}

export function tcpLink({ host, port, timeoutMs }: Endpoint, clock: DriverClock): Link {
  const rules = {
    framing: MBAP,
    pace: null,
    silence: null,
    timeoutMs,
    emptyLimit: TCP_EMPTY_LIMIT,
  };
  return {
    timeoutMs,
    hasIds: true,
    isLocal: false,
    backoffLimitMs: TCP_BACKOFF_LIMIT_MS,
    pace: null,
    framing: MBAP,
    port: (owner) =>
      new StrictPort(traced(new SocketStream(host, port, clock), clock), rules, clock, owner),
  };
}

/** Serial frames through a TCP serial server, which keeps the silence on its own line. */
export function serverLink(
  { host, port, timeoutMs }: Endpoint,
  framing: FramingName,
  turnaroundMs: number,
  clock: DriverClock,
): Link {
  const pace = { charMs: 0, gapMs: turnaroundMs };
  const stream = (): ByteStream => new SocketStream(host, port, clock);
  return {
    ...lineLink(stream, framing, pace, timeoutMs, clock),
    isLocal: false,
    backoffLimitMs: TCP_BACKOFF_LIMIT_MS,
  };
}

export function serialLink(
  device: string,
  line: SerialLine,
  framing: FramingName,
  turnaroundMs: number,
  timeoutMs: number,
  clock: DriverClock,
): Link {
  const stream = (): ByteStream => new SerialStream(device, line, clock);
  return lineLink(stream, framing, paceOf(line, turnaroundMs), timeoutMs, clock);
}

/** Any stream that carries serial frames; `stream` makes a fresh one. */
export function lineLink(
  stream: () => ByteStream,
  framing: FramingName,
  pace: Pace,
  timeoutMs: number,
  clock: DriverClock,
): Link {
  const framings: Record<FramingName, Framing> = { rtu: RTU, ascii: ASCII };
  const rules: PortRules = {
    framing: framings[framing],
    pace,
    silence: new Silence(pace),
    timeoutMs,
    emptyLimit: LINE_EMPTY_LIMIT,
  };
  return {
    timeoutMs,
    hasIds: false,
    isLocal: true,
    backoffLimitMs: SERIAL_BACKOFF_LIMIT_MS,
    pace,
    framing: rules.framing,
    port: (owner) => new StrictPort(traced(stream(), clock), rules, clock, owner),
  };
}
