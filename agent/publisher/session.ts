/**
 * One connection at work: keeps the window full, publishes the status, watches the oldest unacknowledged publish,
 * and says goodbye when told to stop. Decides nothing about reconnecting.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "../clock.ts";
import { type Commands, listen } from "./commands.ts";
import { createFeed } from "./feed.ts";
import { blame, type FlightDeck, fill, mayFly } from "./flight.ts";
import type { Gate } from "./gate.ts";
import type { Ledger } from "./ledger.ts";
import { newestSeq, type Outbox } from "./outbox.ts";
import type { Wire, WireEnd } from "./wire.ts";

export interface SessionSettings {
  /** Most publishes without PUBACK. */
  window: number;
  /** How long the broker may take for a PUBACK. */
  ackTimeoutMs: number;
  statusEveryMs: number;
  statusTopic: string;
}

export interface SessionPorts {
  clock: Clock;
  outbox: Outbox;
  ledger: Ledger;
  gate: Gate;
  settings: SessionSettings;
  /** The status payload as text. */
  status(online: boolean): Promise<string>;
  stopping(): boolean;
  /** Every PUBACK; `seq` null: of the status or an answer. */
  onAcknowledged(seq: number | null, reason: number, topic: string): void;
  /** Null: nobody listens to commands. */
  commands: Commands | null;
  /** The broker does not let the agent listen. */
  onDeaf(topic: string, reason: number): void;
}

/** Why it is over: the wire was lost, the broker owed a PUBACK for too long, or stop was asked for. */
export type SessionEnd = { by: "wire"; end: WireEnd } | { by: "ack-late" } | { by: "stop" };

export interface Session {
  /** Rows were committed. */
  committed(): void;
  inFlight(): number;
  /** Runs until the end; the wire is gone then. Throws what reading the outbox or the status failed with. */
  run(): Promise<SessionEnd>;
  /** The broker hung up because of something it was sent. True: it was one known row. */
  blame(): boolean;
}

interface State {
  ports: SessionPorts;
  deck: FlightDeck;
  statusAt: number;
  failure: { error: unknown } | null;
  end: SessionEnd | null;
}

/** Bound of each step of a stop: acknowledgements, the offline status, the broker hanging up. */
const GOODBYE_MS = 600;
/** Pages read ahead hide a store that is busy with an fsync. */
const PAGE_WINDOWS = 5;

export async function openSession(wire: Wire, ports: SessionPorts): Promise<Session> {
  const { clock, ledger, gate, outbox, settings } = ports;
  const feed = createFeed({
    outbox,
    boundary: await newestSeq(outbox),
    page: settings.window * PAGE_WINDOWS,
    skip: ledger.isDone,
    retained: ledger.retained,
    ring: gate.ring,
  });
  const deck: FlightDeck = {
    clock,
    wire,
    feed,
    ledger,
    window: settings.window,
    statusTopic: settings.statusTopic,
    status: null,
    answers: [],
    flights: new Set(),
    rejected: [],
    next: null,
    alone: false,
    acks: 0,
    lastAckAt: 0,
    onAcknowledged: ports.onAcknowledged,
    ring: gate.ring,
  };
  const state: State = { ports, deck, statusAt: clock.mono(), failure: null, end: null };
  void wire.lost.then((end) => {
    state.end ??= { by: "wire", end };
    gate.ring();
  });
  if (ports.commands) listen(deck, ports.commands, ports.onDeaf);
  return {
    committed: feed.committed,
    inFlight: () => deck.flights.size,
    run: () => work(state).finally(() => wire.drop()),
    blame: () => blame(deck),
  };
}

const endOf = (state: State): SessionEnd | null => state.end;

async function work(state: State): Promise<SessionEnd> {
  const { ports, deck } = state;
  while (!endOf(state)) {
    if (ports.stopping()) return goodbye(state);
    if (state.failure) throw state.failure.error;
    refreshStatus(state);
    deck.feed.prefetch();
    const more = fill(deck);
    void ports.ledger.flush(false).then((isWritten) => isWritten && ports.gate.ring());
    if (more) await nextTurn();
    else if (isOverdue(state)) await judgeOverdue(state);
    else await ports.gate.wait(nextDue(state));
  }
  return endOf(state) ?? { by: "stop" };
}

function refreshStatus(state: State): void {
  const { ports, deck } = state;
  if (ports.clock.mono() < state.statusAt) return;
  state.statusAt = ports.clock.mono() + ports.settings.statusEveryMs;
  // A commit whose notification was lost waits no longer than this.
  deck.feed.committed();
  ports.status(true).then(
    (text) => {
      deck.status = text;
      ports.gate.ring();
    },
    (error: unknown) => {
      state.failure = { error };
      ports.gate.ring();
    },
  );
}

function deadline({ deck, ports }: State): number {
  const [oldest] = deck.flights;
  return oldest ? oldest.sentAt + ports.settings.ackTimeoutMs : Number.POSITIVE_INFINITY;
}

const isOverdue = (state: State): boolean => state.ports.clock.mono() >= deadline(state);

/** After a stall of this process the acknowledgement may be in the socket already: read that first. */
async function judgeOverdue(state: State): Promise<void> {
  await nextTurn();
  if (!isOverdue(state)) return;
  const { deck } = state;
  const [oldest] = deck.flights;
  if (oldest?.out && deck.lastAckAt > oldest.sentAt) {
    deck.ledger.strike(oldest.out.row, "the broker acknowledges others, but not it");
  }
  state.end ??= { by: "ack-late" };
}

function nextDue(state: State): number {
  const { ports, deck } = state;
  let due = Math.min(state.statusAt, deadline(state), ports.ledger.dueAt());
  if (!mayFly(deck)) return due;
  for (const { retryAt } of deck.rejected) due = Math.min(due, retryAt);
  return due;
}

async function goodbye(state: State): Promise<SessionEnd> {
  const { ports, deck } = state;
  const { clock, gate, settings } = ports;
  const until = async (isDone: () => boolean): Promise<void> => {
    const limit = clock.mono() + GOODBYE_MS;
    while (!endOf(state) && !isDone() && clock.mono() < limit) await gate.wait(limit);
  };
  const payload = await ports.status(false);
  await until(() => deck.flights.size === 0);
  let isTold = false;
  if (!endOf(state) && deck.flights.size < deck.wire.limits.receiveMaximum) {
    const message = { topic: settings.statusTopic, payload, retain: deck.wire.limits.retain };
    deck.wire.publish(message, () => {
      isTold = true;
      gate.ring();
    });
    await until(() => isTold);
  }
  const enough = new AbortController();
  const bound = clock.sleep(clock.mono() + GOODBYE_MS, enough.signal);
  await Promise.race([deck.wire.close(), bound]);
  enough.abort();
  return { by: "stop" };
}
