/**
 * The running plant: machines behind one Modbus TCP endpoint, and the events of a scenario as they fall due.
 * It knows no agent; kills and clock steps are announced, and whoever runs an agent may act on them.
 */
import type { Millis } from "../agent/core/time.ts";
import type { Broker, BrokerFault } from "./broker.ts";
import { lying } from "./lie.ts";
import type { Machine } from "./machine.ts";
import { type ModbusStats, startModbus } from "./modbus.ts";
import type { Device } from "./modbus-request.ts";
import { failureAt, isRefusedAt, type Outage, outagesOf } from "./outage.ts";
import type { PlantTime } from "./plant-time.ts";
import { keyOf, stream } from "./random.ts";
import { readTable } from "./registers.ts";
import { inflict, machinesOf, type Scenario, type ScenarioEvent } from "./scenario.ts";
import { type SerialServer, startSerial } from "./serial.ts";
import type { Action, Service } from "./serve.ts";
import { lieAt, mischiefAt, welcomeAt } from "./trouble.ts";

export interface PlantOptions {
  scenario: Scenario;
  time: PlantTime;
  host: string;
  /** 0 takes a free one. Default: the scenario's. */
  port?: number;
  /** Suffers the broker outages of the scenario; without one they are only announced. */
  broker?: Broker;
  /** Serves the same machines as Modbus RTU too, over a pseudo terminal linked here. Needs socat. */
  pty?: string;
  /** What each request was answered: the oracle's memory. */
  onAnswer?: Service["onAnswer"];
  /** Called once for each event when it begins, in order. */
  onEvent?: (event: ScenarioEvent) => void;
  /** A port could not be opened again after an outage. */
  onTrouble: (error: Error) => void;
}

export interface Plant {
  readonly scenario: Scenario;
  readonly machines: readonly Machine[];
  readonly port: number;
  readonly stats: Readonly<ModbusStats>;
  now(): Millis;
  /** Plays another event; its instants are shifted so that it begins now. Returns it as it was played. */
  strike(event: ScenarioEvent): ScenarioEvent;
  /** Settles when links and broker are as the scenario wants them at this instant. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

const VENDOR = "uptime-agent simulator";

/** Listens before it resolves. Rejects with the error of the operating system when it cannot. */
export async function startPlant(options: PlantOptions): Promise<Plant> {
  const { scenario, time, broker, onEvent } = options;
  const machines = machinesOf(scenario);
  const events = [...scenario.events];
  const announced = new Set<ScenarioEvent>();
  let outages = outagesOf(events);
  let isClosed = false;
  let forget = (): void => {};
  let work: Promise<void> = Promise.resolve();

  const service = serviceOf(machines, options, () => ({ events, outages }));
  const server = await startModbus({
    ...service,
    host: options.host,
    port: options.port ?? scenario.port,
    welcome: (open) => welcomeAt(events, open, time.now()),
  });
  const line = await lineOf(options.pty, service).catch(async (error: unknown) => {
    await server.close();
    throw error;
  });
  const adapt = async (): Promise<void> => {
    const now = time.now();
    if (isClosed) return;
    await server.listen(!isRefusedAt(outages, now));
    await broker?.setFault(brokerFaultAt(events, now));
  };
  /** Announces what is due, adapts links and broker, and waits for the next edge. */
  const turn = (): void => {
    forget();
    if (isClosed) return;
    const now = time.now();
    for (const event of events) {
      if (event.at > now || announced.has(event)) continue;
      announced.add(event);
      onEvent?.(event);
    }
    work = work.then(adapt).catch(options.onTrouble);
    const next = edges(events).find((edge) => edge > now);
    forget = next === undefined ? () => {} : time.when(next, turn);
  };
  turn();
  await work;

  return {
    scenario,
    machines,
    get port() {
      return server.port;
    },
    stats: server.stats,
    now: () => time.now(),
    strike: (event) => {
      const concerned = machines.filter((machine) => concerns(event, machine.id));
      // History that a client has seen stays as it was.
      const now = Math.max(time.now(), ...concerned.map((machine) => machine.shown));
      const played = shifted(event, now - event.at);
      const key = keyOf(scenario.seed, "strike", String(events.length));
      for (const machine of concerned) inflict(machine, played, key);
      events.push(played);
      outages = outagesOf(events);
      turn();
      return played;
    },
    settled: () => work,
    close: async () => {
      isClosed = true;
      forget();
      await work;
      await line?.close();
      await server.close();
    },
  };
}

/** The machines as devices on a bus, and what befalls it. */
function serviceOf(
  machines: readonly Machine[],
  { scenario, time, onAnswer }: PlantOptions,
  trouble: () => { events: ScenarioEvent[]; outages: Outage[] },
): Omit<Service, "absent"> {
  const random = stream(keyOf(scenario.seed, "mischief"));
  const byUnit = new Map(machines.map((machine) => [machine.unit, machine]));
  const devices = machines.map((machine) => {
    const lie = () => lieAt(trouble().events, machine.id, time.now());
    return [machine.unit, lying(deviceOf(machine, time), lie)] as const;
  });
  return {
    devices: new Map(devices),
    behave: ({ unit }) => {
      const machine = byUnit.get(unit);
      const now = time.now();
      const { events, outages } = trouble();
      return linkAction(machine, outages, now) ?? mischiefAt(events, machine?.id, now, random);
    },
    ...(onAnswer ? { onAnswer } : {}),
  };
}

function lineOf(
  device: string | undefined,
  service: Omit<Service, "absent">,
): Promise<SerialServer | null> {
  return device === undefined ? Promise.resolve(null) : startSerial({ ...service, device });
}

function linkAction(machine: Machine | undefined, outages: Outage[], t: Millis): Action | null {
  const how = machine ? failureAt(outages, machine.id, t) : null;
  if (how === null) return null;
  if (how === "silent") return { do: "silent" };
  // A single unit cannot refuse a connection: its gateway has no path to it.
  return { do: "exception", code: how === "absent" ? 11 : 10 };
}

function deviceOf(machine: Machine, time: PlantTime): Device {
  return {
    read: (table, address, quantity) => {
      return readTable(machine, table, address, quantity, Math.max(machine.start, time.now()));
    },
    identity: [VENDOR, machine.kind.product, "1.0"],
  };
}

function brokerFaultAt(events: ScenarioEvent[], t: Millis): BrokerFault | null {
  for (const event of events) {
    if (event.kind === "broker-outage" && event.at <= t && t < event.to) return event.how;
  }
  return null;
}

function concerns(event: ScenarioEvent, machine: string): boolean {
  if (event.kind === "break") return event.machines.includes(machine);
  return "machine" in event && event.machine === machine;
}

/** The same event, later by `ms`. */
function shifted(event: ScenarioEvent, ms: Millis): ScenarioEvent {
  const moved = { ...event, at: event.at + ms };
  if ("to" in moved) moved.to += ms;
  if ("silentFrom" in moved) moved.silentFrom += ms;
  if ("repaired" in moved) moved.repaired += ms;
  return moved;
}

/** Instants at which something begins or ends, ascending. */
function edges(events: ScenarioEvent[]): Millis[] {
  const all = events.flatMap((event) => ("to" in event ? [event.at, event.to] : [event.at]));
  return all.sort((a, b) => a - b);
}
