/**
 * What happens in a simulated plant, when: the events of a scenario in absolute time, and what they do to
 * machines and links. Knows no files; `scenario-file.ts` reads and checks them.
 */
import type { Millis, Span } from "../agent/core/time.ts";
import type { LieName } from "./lie.ts";
import {
  type ChannelName,
  createMachine,
  disturb,
  type Machine,
  type MachineSpec,
  type Overlay,
  resetCounters,
} from "./machine.ts";
import type { Mischief } from "./mischief.ts";
import { exponential, keyOf, stream } from "./random.ts";
import { STATUS } from "./status.ts";
import type { Degradation } from "./wear/decay.ts";
import { isSensorFault } from "./wear/on-wire.ts";

/** How a link fails: nobody listens, nobody answers, or a gateway says so (exception 11). */
export type LinkFailure = "refused" | "silent" | "absent";

/** `at` and `to` are instants, half-open. A `machine` of null means the whole endpoint. */
export type ScenarioEvent =
  | { kind: "fault"; at: Millis; to: Millis; machine: string; reason: number }
  | { kind: "micro-stops"; at: Millis; machine: string; count: number; everyMs: Millis }
  | { kind: "break"; at: Millis; to: Millis; machines: string[] }
  | {
      kind: "drift";
      at: Millis;
      to: Millis;
      machine: string;
      channel: ChannelName;
      perHour: number;
    }
  | {
      /** Onset at `at`, failure at `to`; the repair, or the new sensor, is done at `repaired`. */
      kind: "wear";
      at: Millis;
      to: Millis;
      repaired: Millis;
      machine: string;
      wear: Degradation;
      channel: ChannelName;
    }
  | { kind: "cable-pull"; at: Millis; to: Millis; machine: string | null; how: LinkFailure }
  | { kind: "plc-reboot"; at: Millis; silentFrom: Millis; to: Millis; machine: string }
  | { kind: "agent-kill"; at: Millis; to: Millis; cause: "agent-stopped" | "power-lost" }
  | {
      /** Of `share` of the requests one of `what` befalls each; `timeoutMs` is the client's. */
      kind: "mischief";
      at: Millis;
      to: Millis;
      machine: string | null;
      what: Mischief[];
      share: number;
      timeoutMs: Millis;
    }
  | { kind: "doorkeeper"; at: Millis; to: Millis; how: "ignore" | "one-only" }
  | { kind: "lie"; at: Millis; to: Millis; machine: string; as: LieName }
  | { kind: "broker-outage"; at: Millis; to: Millis; how: "refuse" | "hold-acks" }
  | { kind: "clock-step"; at: Millis; stepMs: Millis };

export interface Scenario extends Span {
  name: string;
  seed: number;
  /** Plant seconds per real second when it is served. */
  speed: number;
  /** Poll period of the virtual agent. */
  pollMs: Millis;
  /** TCP port of the plant's Modbus endpoint. */
  port: number;
  /** Name of the calendar whose shifts and breaks the events play, null without one. */
  calendar: string | null;
  machines: MachineSpec[];
  /** Ascending by `at`. */
  events: ScenarioEvent[];
}

/** Which forced state shows where several meet. */
const RANK = { break: 1, microStop: 2, fault: 3, reboot: 4 };
const ABORTING_MS = 1_500;
const RESETTING_MS = 4_000;
/** Reason register while the controller itself is the trouble. */
const REBOOT_REASON = 99;
/** Broken, after the wear that led there. */
const BROKEN_REASON = 71;

/** The machines of a scenario, with everything that will befall them. */
export function machinesOf(scenario: Scenario): Machine[] {
  const machines = scenario.machines.map((spec) => {
    return createMachine(spec, scenario.from, scenario.seed);
  });
  const byId = new Map(machines.map((machine) => [machine.id, machine]));
  for (const [index, event] of scenario.events.entries()) {
    const key = keyOf(scenario.seed, "event", String(index));
    if (event.kind === "break") {
      for (const id of event.machines) inflict(byId.get(id), event, key);
    } else if ("machine" in event && event.machine !== null) {
      inflict(byId.get(event.machine), event, key);
    }
  }
  return machines;
}

/** Does to one machine what an event says; events of links, agent, broker and clock leave it alone. */
export function inflict(machine: Machine | undefined, event: ScenarioEvent, key: number): void {
  if (!machine) return;
  if (event.kind === "fault") disturb(machine, faultOverlays(event));
  else if (event.kind === "micro-stops") disturb(machine, microStopOverlays(event, key));
  else if (event.kind === "break") {
    const { at: from, to } = event;
    disturb(machine, [overlay(from, to, STATUS.stopped, 0, RANK.break)]);
  } else if (event.kind === "drift") {
    machine.drifts.push({ ...event, from: event.at });
  } else if (event.kind === "wear") {
    machine.wears.push({ ...event, from: event.at });
    if (isSensorFault(event.wear)) return;
    const { to: at, repaired: to } = event;
    disturb(machine, faultOverlays({ kind: "fault", at, to, machine: "", reason: BROKEN_REASON }));
  } else if (event.kind === "plc-reboot") {
    // It aborts, stands, is switched off and on, and comes back resetting with its counters at zero.
    const back = event.to + RESETTING_MS;
    disturb(machine, [
      overlay(event.at, event.to, STATUS.aborted, REBOOT_REASON, RANK.reboot),
      overlay(event.to, back, STATUS.resetting, REBOOT_REASON, RANK.reboot),
    ]);
    resetCounters(machine, event.silentFrom);
  }
}

function overlay(from: Millis, to: Millis, status: number, reason: number, rank: number): Overlay {
  return { from, to, status, reason, guard: false, rank };
}

function faultOverlays(event: Of<"fault">): Overlay[] {
  const { at, to, reason } = event;
  const standing = Math.min(to, at + ABORTING_MS);
  return [
    overlay(at, standing, STATUS.aborting, reason, RANK.fault),
    overlay(standing, to, STATUS.aborted, reason, RANK.fault),
    overlay(to, to + RESETTING_MS, STATUS.resetting, 0, RANK.fault),
  ];
}

type Of<K extends ScenarioEvent["kind"]> = Extract<ScenarioEvent, { kind: K }>;

function microStopOverlays(event: Of<"micro-stops">, key: number): Overlay[] {
  const random = stream(key);
  return Array.from({ length: event.count }, (_, i) => {
    const from = event.at + i * event.everyMs;
    const ms = 5_000 + Math.min(85_000, Math.round(exponential(random, 12_000)));
    const to = Math.min(from + ms, from + Math.max(1, Math.floor(event.everyMs / 2)));
    return overlay(from, to, STATUS.held, 21, RANK.microStop);
  });
}
