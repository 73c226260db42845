/** What happened in March 2025, told as people would: all times UTC. The one source of the recorded input. */

export type Machine = "press-01" | "mill-02" | "lathe-03";

export const MINUTE = 60_000;
export const utc = (day: string): number => Date.parse(`2025-${day.replace(" ", "T")}:00Z`);

export const IDLE = 0;
export const RUN = 6;
export const FAULT = 9;
export const MAINTENANCE = 12;
export const EXTERNAL = 13;

/** An even number of `minutes` of another status than the usual one. */
export interface Stop {
  machine: Machine;
  from: string;
  minutes: number;
  status: number;
}

const stops = (machine: Machine, status: number, told: [string, number][]): Stop[] =>
  told.map(([from, minutes]) => ({ machine, from, minutes, status }));

/** 29 faults; with the lost contact of the mill these are the month's 30 incidents. */
export const FAULTS: Stop[] = [
  ...stops("press-01", FAULT, [
    ["03-03 08:00", 40],
    ["03-05 05:00", 20],
    ["03-06 22:30", 60],
    ["03-10 10:00", 30],
    ["03-11 12:30", 90], // the shift ends at 13:00
    ["03-13 06:00", 240], // a break from 09:00 to 09:30
    ["03-17 09:30", 180],
    ["03-19 03:00", 30],
    ["03-24 07:00", 50],
    ["03-26 22:00", 46],
    ["03-30 00:30", 60], // clocks in Ulm go forward at 01:00
    ["03-31 05:06", 24],
  ]),
  ...stops("mill-02", FAULT, [
    ["03-04 09:00", 120],
    ["03-06 14:00", 60],
    ["03-10 06:10", 30],
    ["03-14 17:30", 300],
    ["03-16 11:00", 90], // orders come back at 12:00
    ["03-18 12:00", 200],
    ["03-21 08:00", 74],
    ["03-25 10:00", 106],
    ["03-27 16:00", 106],
    ["03-31 16:00", 90],
  ]),
  ...stops("lathe-03", FAULT, [
    ["03-03 06:00", 30],
    ["03-07 08:00", 60],
    ["03-09 06:30", 60], // clocks in Detroit go forward at 07:00
    ["03-12 09:40", 40], // the shift ends at 10:00
    ["03-18 02:00", 30],
    ["03-26 06:30", 180],
    ["03-28 05:00", 70],
  ]),
];

export const OTHER: Stop[] = [
  ...stops("press-01", MAINTENANCE, [
    ["03-08 02:00", 220], // planned until 05:00, back 40 minutes later
    ["03-15 02:30", 90], // its plan was entered at 03:00
    ["03-22 02:00", 120], // as planned, but beyond the allowance of the month
  ]),
  ...stops("lathe-03", MAINTENANCE, [["03-23 03:00", 60]]), // two hours' notice where a day was agreed
  ...stops("mill-02", EXTERNAL, [["03-20 02:00", 60]]),
  ...stops("mill-02", IDLE, [["03-19 20:00", 120]]),
  // ten micro-stops
  ...stops(
    "mill-02",
    IDLE,
    Array.from({ length: 10 }, (_, n): [string, number] => [`03-13 ${10 + n}:10`, 4]),
  ),
];

/** The mill has no order; it waits. */
export const NO_ORDER: [string, string][] = [
  ["03-02 00:00", "03-03 00:00"],
  ["03-16 00:00", "03-16 12:00"],
  ["03-23 06:00", "03-23 18:00"],
];

/** One of two pieces is bad. */
export const BAD_PIECES: [Machine, string, string][] = [
  ["press-01", "03-03 06:00", "03-03 08:00"],
  ["mill-02", "03-05 12:00", "03-05 16:00"],
];

/** The line to the mill is cut: polls from 01:00 to 02:58 fail. */
export const CUT: [Machine, string, string] = ["mill-02", "03-12 01:00", "03-12 03:00"];

type Event = { at: string; asset: Machine; event: string; [key: string]: unknown };

const respond = (asset: Machine, mode: "remote" | "on-site", ...at: string[]): Event[] =>
  at.map((each) => ({
    at: each,
    asset,
    event: "act",
    id: `${asset} ${each}`,
    act: "respond",
    mode,
    by: "service",
    why: "called",
  }));

const P7 = { from: "03-17 09:30", to: "03-17 12:30" };
const P4 = { from: "03-10 10:00", to: "03-10 10:30" };

export const EVENTS: Event[] = [
  ...respond(
    "press-01",
    "on-site",
    "03-03 08:35",
    "03-10 10:20",
    "03-13 09:05",
    "03-17 12:05",
    "03-24 07:30",
    "03-31 05:20",
  ),
  ...respond("press-01", "remote", "03-06 23:00", "03-11 13:00", "03-26 22:20", "03-30 01:15"),
  ...respond(
    "mill-02",
    "on-site",
    "03-04 09:45",
    "03-06 14:30",
    "03-10 06:25",
    "03-18 14:30",
    "03-21 08:40",
    "03-25 10:15",
    "03-27 17:10",
    "03-31 17:20",
  ),
  ...respond("mill-02", "remote", "03-16 12:20"),
  ...respond(
    "lathe-03",
    "remote",
    "03-03 06:20",
    "03-07 08:30",
    "03-09 07:10",
    "03-12 10:05",
    "03-26 09:00",
    "03-28 06:05",
  ),
  {
    at: "03-13 07:00",
    asset: "press-01",
    event: "act",
    id: "hold",
    act: "hold",
    by: "customer",
    why: "no access",
  },
  {
    at: "03-13 08:15",
    asset: "press-01",
    event: "act",
    id: "release",
    act: "release",
    by: "customer",
    why: "gate open",
  },
  {
    at: "03-06 09:00",
    asset: "press-01",
    event: "plan",
    from: "03-08 02:00",
    to: "03-08 05:00",
    schedule: "planned-stop",
    by: "planner",
    why: "hydraulics",
  },
  {
    at: "03-15 03:00",
    asset: "press-01",
    event: "plan",
    from: "03-15 02:30",
    to: "03-15 04:00",
    schedule: "planned-stop",
    by: "planner",
    why: "too late",
  },
  {
    at: "03-20 09:00",
    asset: "press-01",
    event: "plan",
    from: "03-22 02:00",
    to: "03-22 04:00",
    schedule: "planned-stop",
    by: "planner",
    why: "filters",
  },
  {
    at: "03-23 01:00",
    asset: "lathe-03",
    event: "plan",
    from: "03-23 03:00",
    to: "03-23 04:00",
    schedule: "planned-stop",
    by: "planner",
    why: "short notice",
  },
  {
    at: "03-10 15:00",
    asset: "press-01",
    event: "counts",
    kind: "hour",
    from: "03-10 07:00",
    reject: 60,
    by: "lab",
    why: "cracks",
  },
  {
    at: "03-27 09:00",
    asset: "press-01",
    event: "reason",
    id: "a-jam",
    ...P7,
    reason: "foreign object",
    attribution: "customer",
    party: "supplier",
    by: "Meier",
    why: "a bolt in the tool",
  },
  {
    at: "03-28 09:00",
    asset: "press-01",
    event: "reason",
    id: "a-door",
    ...P4,
    reason: "door open",
    attribution: "customer",
    party: "supplier",
    by: "Meier",
    why: "seen in the log",
  },
  {
    at: "03-29 10:00",
    asset: "press-01",
    event: "decision",
    annotation: "a-jam",
    decision: "disputed",
    party: "customer",
    by: "Huber",
    why: "the bolt is yours",
  },
];

/** After the period. */
export const LATER: Event[] = [
  {
    at: "04-03 06:10",
    asset: "press-01",
    event: "decision",
    annotation: "a-door",
    decision: "agreed",
    party: "customer",
    by: "Huber",
    why: "true",
  },
  {
    at: "04-03 06:20",
    asset: "press-01",
    event: "counts",
    kind: "hour",
    from: "03-24 11:00",
    reject: 40,
    by: "lab",
    why: "returned by the customer",
  },
  {
    at: "04-03 06:30",
    asset: "mill-02",
    event: "reason",
    from: "03-17 00:00",
    to: "03-20 00:00",
    recipe: "default",
    idealCycleUs: 30_000_000,
    by: "process",
    why: "time study",
  },
];
