/**
 * Empties the outbox into an MQTT broker: connects, lets a session work, and waits before the next try. Never holds
 * records of its own and never decides what is published; a row leaves the outbox only after its PUBACK.
 */
import { FAULTS, Fault } from "../core/fault.ts";
import { type Pace, waitMs } from "./backoff.ts";
import { type Endpoint, endpointOf, nameOf } from "./endpoint.ts";
import { REJECTED } from "./flight.ts";
import { createGate, type Gate } from "./gate.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import type { OutboxRow } from "./outbox.ts";
import type { Publisher, PublisherPorts, PublisherStats } from "./ports.ts";
import { readSecrets } from "./secret.ts";
import { openSession, type Session, type SessionEnd } from "./session.ts";
import type { PublisherSettings } from "./settings.ts";
import { asFault, createTrouble, type Trouble } from "./trouble.ts";
import { isWire, judge } from "./verdict.ts";
import type { Wire, WireEnd } from "./wire.ts";

/** PUBACK reason of MQTT 5. */
const NO_SUBSCRIBER = 16;

interface State {
  settings: PublisherSettings;
  ports: PublisherPorts;
  endpoint: Endpoint;
  ledger: Ledger;
  gate: Gate;
  stopped: AbortController;
  version: 4 | 5;
  /** A broker has accepted this version. */
  isVersionKnown: boolean;
  attempt: number;
  session: Session | null;
  counts: Omit<PublisherStats, "connected" | "protocol" | "inFlight" | "trouble">;
  trouble: Trouble;
}

/** @throws Fault CONFIG_INVALID when the URL is no MQTT URL */
export function createPublisher(settings: PublisherSettings, ports: PublisherPorts): Publisher {
  const { outbox, clock } = ports;
  const onParked = (row: OutboxRow, reason: string): void => parked(state, row, reason);
  const onFailure = (error: unknown): void => state.trouble.begins(asFault(error));
  const state: State = {
    settings,
    ports,
    endpoint: endpointOf(settings.url),
    ledger: createLedger({ outbox, clock, onParked, onFailure }, settings),
    gate: createGate(clock),
    stopped: new AbortController(),
    version: settings.protocol === "3.1.1" ? 4 : 5,
    isVersionKnown: settings.protocol !== "auto",
    attempt: 0,
    session: null,
    counts: { connects: 0, acknowledged: 0, unheard: 0, rejected: 0, parked: 0 },
    trouble: createTrouble(ports),
  };
  let running: Promise<void> = Promise.resolve();
  return {
    run: () => {
      running = serve(state);
      return running;
    },
    notify: () => {
      state.session?.committed();
      state.gate.ring();
    },
    stats: () => ({
      ...state.counts,
      connected: state.session !== null,
      protocol: state.session === null ? null : state.version === 5 ? "5" : "3.1.1",
      inFlight: state.session?.inFlight() ?? 0,
      trouble: state.trouble.current()?.code ?? null,
    }),
    stop: async () => {
      state.stopped.abort();
      state.gate.ring();
      await running;
    },
  };
}

async function serve(state: State): Promise<void> {
  const { ports, settings, stopped } = state;
  while (!stopped.signal.aborted) {
    const pace = await attempt(state);
    if (pace === null) continue;
    const ms = waitMs(pace, state.attempt, ports.random(), settings.backoff);
    state.attempt++;
    await ports.clock.sleep(ports.clock.mono() + ms, stopped.signal);
  }
  await state.ledger.flush(true);
  state.gate.close();
}

/** One connection, if it can be made. Returns how to wait for the next one, null: not at all. */
async function attempt(state: State): Promise<Pace | null> {
  try {
    const result = await dial(state);
    if (isWire(result)) return await converse(state, result);
    return state.stopped.signal.aborted ? null : refused(state, result);
  } catch (error) {
    const fault = asFault(error);
    if (FAULTS[fault.code].class === "halt") throw error;
    state.trouble.begins(fault);
    return "retry";
  }
}

async function dial(state: State): Promise<Wire | WireEnd> {
  const { settings, ports, endpoint, stopped } = state;
  const { exposed, ...secrets } = await readSecrets(settings);
  for (const fault of exposed) state.trouble.warn(fault.message, fault);
  const open = ports.open ?? (await import("./wire.ts")).openWire;
  const will = {
    topic: settings.statusTopic,
    payload: await statusText(ports, false),
    retain: true,
  };
  const { clientId, username, connectTimeoutMs } = settings;
  const keepalive = Math.ceil(settings.keepaliveMs / 1000);
  const own = { clientId, username, connectTimeoutMs, keepalive, version: state.version, will };
  return open({ ...endpoint, ...secrets, ...own }, stopped.signal);
}

function refused(state: State, end: WireEnd): Pace | null {
  const verdict = judge(end, nameOf(state.endpoint));
  if (state.settings.protocol === "auto") {
    if (verdict.wrongVersion && state.version === 5) {
      state.version = 4;
      return null;
    }
    // Some brokers hang up on a version they do not know instead of refusing it.
    if (!state.isVersionKnown && isHangUp(end)) state.version = state.version === 5 ? 4 : 5;
  }
  state.trouble.begins(verdict.fault);
  return verdict.pace;
}

const isHangUp = ({ reason, code }: WireEnd): boolean =>
  reason === null && (code === null || code === "ECONNRESET" || code === "EPIPE");

async function converse(state: State, wire: Wire): Promise<Pace | null> {
  const { ports, settings, gate, ledger, stopped } = state;
  const { clock, outbox } = ports;
  state.isVersionKnown = true;
  state.counts.connects++;
  const since = clock.mono();
  const status = (online: boolean): Promise<string> => statusText(ports, online);
  const stopping = (): boolean => stopped.signal.aborted;
  const onAcknowledged = (seq: number | null, reason: number, topic: string): void =>
    acknowledged(state, seq, reason, topic);
  const onDeaf = (topic: string, reason: number): void => deaf(state, topic, reason);
  const { commands = null } = ports;
  try {
    const told = { status, stopping, onAcknowledged, commands, onDeaf };
    const mine = { clock, outbox, ledger, gate, settings, ...told };
    const session = await openSession(wire, mine);
    state.session = session;
    const end = await session.run();
    if (clock.mono() - since >= settings.backoff.stableMs) state.attempt = 0;
    return over(state, session, end);
  } finally {
    state.session = null;
    wire.drop();
  }
}

function over(state: State, session: Session, end: SessionEnd): Pace | null {
  const where = nameOf(state.endpoint);
  switch (end.by) {
    case "stop":
      return null;
    case "ack-late": {
      const ms = state.settings.ackTimeoutMs;
      state.trouble.begins(
        new Fault("MQTT_ACK_LATE", `${where}: no acknowledgement within ${ms} ms`, { where }),
      );
      return "retry";
    }
    case "wire": {
      const { fault, pace, suspicious } = judge(end.end, where);
      state.trouble.begins(fault);
      if (suspicious && session.blame()) return "retry";
      // Only after a good connection may it be the whole fleet that lost its broker.
      return pace === "spread" && state.attempt > 0 ? "retry" : pace;
    }
  }
}

function deaf({ trouble }: State, topic: string, reason: number): void {
  const message = `${topic}: the broker refuses the subscription with reason ${reason}`;
  trouble.warn(message, new Fault("MQTT_COMMANDS", message, { topic, reason }));
}

function acknowledged(state: State, seq: number | null, reason: number, topic: string): void {
  const { counts, trouble, settings } = state;
  if (reason >= REJECTED) {
    counts.rejected++;
    if (seq === null) {
      const what = topic === settings.statusTopic ? "status" : "answer";
      const message = `${topic}: the ${what} was rejected with reason ${reason}`;
      trouble.warn(message, new Fault("MQTT_REJECTED", message, { reason }));
    }
    return;
  }
  if (seq !== null) counts.acknowledged++;
  if (reason === NO_SUBSCRIBER) counts.unheard++;
  trouble.ends();
}

function parked(state: State, row: OutboxRow, reason: string): void {
  const { seq, topic } = row;
  state.counts.parked++;
  // What kept the queue from moving is gone.
  state.attempt = 0;
  const fault = new Fault("MQTT_REJECTED", `${topic}: ${reason}`, { seq, topic, reason });
  state.trouble.warn(`parked ${reason}`, fault);
  if (!topic.endsWith("/event/data")) state.ports.onParked(seq, reason, row);
}

async function statusText(ports: PublisherPorts, online: boolean): Promise<string> {
  const record = (await ports.status()) as { status?: object };
  return JSON.stringify({ ...record, status: { ...record.status, online } });
}
