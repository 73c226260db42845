/** The kinds of events a scenario file knows: their fields, and what they are in absolute time. Reads no files. */
import { LIES, type LieName } from "./lie.ts";
import type { ChannelName } from "./machine.ts";
import { MISCHIEFS, type Mischief } from "./mischief.ts";
import type { LinkFailure, ScenarioEvent } from "./scenario.ts";
import type { Shape, Values } from "./scenario-fields.ts";
import { type Degradation, SENSOR_FAULTS, WEARS } from "./wear/decay.ts";

const CHANNELS = ["oilTemp", "vibration", "current", "pressure", "flow", "filterDp", "speed"];
const REPAIR_MS = 4 * 3_600_000;

/** The fields of each kind of event, beside `kind` and `at`. */
export function eventShapes(machines: string[]): Record<string, Shape> {
  const machine = { is: "word", of: machines } as const;
  const duration = { is: "duration" } as const;
  return {
    fault: { machine, duration, reason: { is: "integer", optional: true, min: 0, max: 65535 } },
    "micro-stops": {
      machine,
      count: { is: "integer", min: 1, max: 1000 },
      every: { is: "duration" },
    },
    break: { duration, machines: { is: "words", optional: true, of: machines } },
    drift: {
      machine,
      duration,
      channel: { is: "word", of: CHANNELS },
      perHour: { is: "number" },
    },
    wear: {
      machine,
      wear: { is: "word", of: [...WEARS, ...SENSOR_FAULTS] },
      failure: duration,
      repair: { is: "duration", optional: true },
      channel: { is: "word", optional: true, of: CHANNELS },
    },
    "cable-pull": {
      duration,
      machine: { ...machine, optional: true },
      how: { is: "word", optional: true, of: ["refused", "silent", "absent"] },
    },
    "plc-reboot": { machine, duration, settle: { is: "duration", optional: true } },
    mischief: {
      duration,
      machine: { ...machine, optional: true },
      what: { is: "words", optional: true, of: MISCHIEFS },
      share: { is: "number", optional: true },
      timeout: { is: "duration", optional: true },
    },
    doorkeeper: { duration, how: { is: "word", of: ["ignore", "one-only"] } },
    lie: { machine, duration, as: { is: "word", of: LIES } },
    "agent-kill": {
      duration,
      cause: { is: "word", optional: true, of: ["agent-stopped", "power-lost"] },
    },
    "broker-outage": {
      duration,
      how: { is: "word", optional: true, of: ["refuse", "hold-acks"] },
    },
    "clock-step": { step: { is: "duration", signed: true } },
  };
}

/** A checked event in absolute time. */
export function build(values: Values, from: number, machines: string[]): ScenarioEvent {
  const at = from + Number(values["at"]);
  const to = at + Number(values["duration"]);
  const machine = String(values["machine"]);
  switch (values["kind"]) {
    case "fault":
      return { kind: "fault", at, to, machine, reason: Number(values["reason"] ?? 40) };
    case "micro-stops": {
      const everyMs = Number(values["every"]);
      return { kind: "micro-stops", at, machine, count: Number(values["count"]), everyMs };
    }
    case "break":
      return { kind: "break", at, to, machines: (values["machines"] as string[]) ?? machines };
    case "drift": {
      const channel = values["channel"] as ChannelName;
      return { kind: "drift", at, to, machine, channel, perHour: Number(values["perHour"]) };
    }
    case "wear": {
      const failure = at + Number(values["failure"]);
      const repaired = failure + Number(values["repair"] ?? REPAIR_MS);
      const channel = (values["channel"] ?? "vibration") as ChannelName;
      const wear = values["wear"] as Degradation;
      return { kind: "wear", at, to: failure, repaired, machine, wear, channel };
    }
    case "cable-pull": {
      const how = (values["how"] as LinkFailure | undefined) ?? "silent";
      return { kind: "cable-pull", at, to, machine: values["machine"] ? machine : null, how };
    }
    case "plc-reboot": {
      const silentFrom = at + Number(values["settle"] ?? 5_000);
      const back = silentFrom + Number(values["duration"]);
      return { kind: "plc-reboot", at, silentFrom, to: back, machine };
    }
    case "mischief":
    case "doorkeeper":
    case "lie":
      return busEvent(values, at, to);
    case "agent-kill": {
      const power = values["cause"] === "power-lost";
      return { kind: "agent-kill", at, to, cause: power ? "power-lost" : "agent-stopped" };
    }
    case "broker-outage": {
      const holds = values["how"] === "hold-acks";
      return { kind: "broker-outage", at, to, how: holds ? "hold-acks" : "refuse" };
    }
    default:
      return { kind: "clock-step", at, stepMs: Number(values["step"]) };
  }
}

function busEvent(values: Values, at: number, to: number): ScenarioEvent {
  const machine = (values["machine"] as string | undefined) ?? null;
  if (values["kind"] === "doorkeeper") {
    return { kind: "doorkeeper", at, to, how: values["how"] as "ignore" | "one-only" };
  }
  if (values["kind"] === "lie") {
    return { kind: "lie", at, to, machine: machine ?? "", as: values["as"] as LieName };
  }
  const what = (values["what"] as Mischief[] | undefined) ?? [...MISCHIEFS];
  const share = Number(values["share"] ?? 0.3);
  return {
    kind: "mischief",
    at,
    to,
    machine,
    what,
    share,
    timeoutMs: Number(values["timeout"] ?? 1000),
  };
}
