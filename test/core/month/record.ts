/** The month as recorded input: three machines polled every other minute, exactly, and what people entered in between. */
import {
  BAD_PIECES,
  CUT,
  EVENTS,
  FAULTS,
  IDLE,
  LATER,
  type Machine,
  MINUTE,
  NO_ORDER,
  OTHER,
  RUN,
  utc,
} from "./story.ts";

const MACHINES: Machine[] = ["press-01", "mill-02", "lathe-03"];
const POLL = 2 * MINUTE;
const START = utc("02-28 20:00");
const STOPPED = utc("04-01 00:00");
const STARTED = utc("04-03 06:00");
export const END = utc("04-03 08:00");

const within = (at: number, [from, to]: [string, string]): boolean =>
  utc(from) <= at && at < utc(to);

/** Minutes since local midnight. */
function local(machine: Machine, at: number): number {
  const ahead =
    machine === "lathe-03"
      ? at < utc("03-09 07:00")
        ? -300
        : -240
      : at < utc("03-30 01:00")
        ? 60
        : 120;
  return (Math.floor(at / MINUTE) + ahead + 1440) % 1440;
}

/** Whether anybody works: early shift with its break, and the night. */
function isManned(machine: Machine, at: number): boolean {
  if (machine === "mill-02") return !NO_ORDER.some((span) => within(at, span));
  const minute = local(machine, at);
  const isNight = minute >= 22 * 60 || minute < 6 * 60;
  if (machine === "lathe-03") return isNight;
  return isNight || (minute < 14 * 60 && !(minute >= 600 && minute < 630));
}

/** Minute by minute, what differs from the usual. */
function stopsOf(machine: Machine): Map<number, number> {
  const minutes = new Map<number, number>();
  for (const { machine: own, from, minutes: length, status } of [...FAULTS, ...OTHER])
    if (own === machine)
      for (let n = 0; n < length; n++) minutes.set(utc(from) + n * MINUTE, status);
  return minutes;
}

const isBad = (machine: Machine, at: number): boolean =>
  BAD_PIECES.some(([own, ...span]) => own === machine && within(at, span));

const isCut = (machine: Machine, at: number): boolean =>
  machine === CUT[0] && within(at, [CUT[1], CUT[2]]);

/** Whether the mill has an order; nobody asks the others. */
const orderOf = (machine: Machine, at: number): { order?: number } =>
  machine === "mill-02" ? { order: NO_ORDER.some((span) => within(at, span)) ? 0 : 1 } : {};

/** Four pieces at the begin of every two minutes that produce. */
function machineOf(machine: Machine): (at: number) => string {
  const stops = stopsOf(machine);
  let [total, good] = [0, 0];
  return (at) => {
    const status = stops.get(at) ?? (isManned(machine, at) ? RUN : IDLE);
    if (status === RUN) {
      total += 4;
      good += isBad(machine, at) ? 2 : 4;
    }
    const line = isCut(machine, at)
      ? { at, asset: machine, quality: "bad", reason: "MODBUS_TIMEOUT" }
      : { at, asset: machine, values: { status, total, good, ...orderOf(machine, at) } };
    return JSON.stringify(line);
  };
}

/** Times of an event as instants. */
const eventLine = (event: Record<string, unknown>): [number, string] => {
  const at = utc(String(event["at"]));
  const timed = Object.entries(event).map(([key, value]) =>
    ["at", "from", "to"].includes(key) ? [key, utc(String(value))] : [key, value],
  );
  return [at, JSON.stringify(Object.fromEntries(timed))];
};

export function recordedMonth(): string[] {
  const machines = MACHINES.map(machineOf);
  const events = [...EVENTS, ...LATER].map(eventLine).sort(([a], [b]) => a - b);
  const lines: string[] = [];
  const enter = (until: number): void => {
    while ((events[0]?.[0] ?? END) <= until) lines.push(events.shift()?.[1] ?? "");
  };
  const poll = (from: number, to: number): void => {
    for (let at = from; at < to; at += POLL) {
      enter(at - 1);
      for (const machine of machines) lines.push(machine(at));
      enter(at);
    }
  };
  poll(START, STOPPED);
  lines.push(JSON.stringify({ at: STOPPED, event: "agent-stopped" }));
  lines.push(
    JSON.stringify({
      at: STARTED,
      event: "agent-started",
      lastAlive: STOPPED,
      cause: "agent-stopped",
    }),
  );
  poll(STARTED, END);
  return lines;
}
