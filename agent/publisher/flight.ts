/**
 * The window of one connection: picks what goes next, sends it, and books each PUBACK. Sets no timers and knows
 * neither connecting nor stopping.
 */
import type { Clock } from "../clock.ts";
import { type Feed, isOvertaken, type Outgoing } from "./feed.ts";
import type { Ledger } from "./ledger.ts";
import type { Wire } from "./wire.ts";

/** A publish on its way; `out` is null for `status` and answers. Times are monotonic. */
export interface Flight {
  out: Outgoing | null;
  topic: string;
  sentAt: number;
}

export interface FlightDeck {
  clock: Clock;
  wire: Wire;
  feed: Feed;
  ledger: Ledger;
  /** Most rows sent or rejected and not settled. */
  window: number;
  statusTopic: string;
  /** Status payload to send next, null when none is due. */
  status: string | null;
  /** Answers to commands, the oldest first. They are nowhere else: who misses one asks again. */
  answers: { topic: string; payload: string }[];
  /** In the order of sending, so the first is the oldest. */
  flights: Set<Flight>;
  /** Rejected rows keep their place in the window, so that mass rejection stops the flow instead of parking it all. */
  rejected: { out: Outgoing; retryAt: number }[];
  /** Taken from the feed, waits for its turn to travel alone. */
  next: Outgoing | null;
  /** A suspect is on its way: nothing else may be, so that a lost connection has one possible cause. */
  alone: boolean;
  acks: number;
  lastAckAt: number;
  /** `seq` null: the status or an answer. */
  onAcknowledged(seq: number | null, reason: number, topic: string): void;
  ring(): void;
}

/** Publishes per turn of the event loop: about 1 ms, so that a drain delays no poll. */
const BURST = 32;
/** Pause before a rejected row is tried again; doubles with each rejection, so five tries take 15 s. */
const REJECT_PAUSE_MS = 1_000;
/** PUBACK reasons from here on are rejections. 16, no subscriber, is not one. */
export const REJECTED = 128;
/** When the store cannot write down what was delivered, sending more only makes more duplicates. */
const UNSETTLED_WINDOWS = 50;

/** Sends what there is and what the window allows. True: more may be sent in another turn. */
export function fill(deck: FlightDeck): boolean {
  for (let sent = 0; sent < BURST; sent++) {
    if (!mayFly(deck)) return false;
    if (deck.status !== null) {
      launch(deck, null, deck.statusTopic, deck.status, true);
      deck.status = null;
      continue;
    }
    const answer = deck.answers.shift();
    if (answer) {
      launch(deck, null, answer.topic, answer.payload, false);
      continue;
    }
    const out = pick(deck);
    if (!out) return false;
    if (deck.ledger.suspects.has(out.row.seq)) {
      // Only an acknowledgement on this connection proves that the link itself works.
      if (deck.flights.size > 0 || deck.acks === 0) {
        deck.next = out;
        return false;
      }
      deck.alone = true;
    }
    send(deck, out);
  }
  return true;
}

/** May anything be sent now? If not, an acknowledgement rings when it may. */
export function mayFly({ alone, flights, wire, window }: FlightDeck): boolean {
  return !alone && flights.size < Math.min(window, wire.limits.receiveMaximum);
}

function pick(deck: FlightDeck): Outgoing | null {
  const { next, rejected, clock } = deck;
  if (next) {
    deck.next = null;
    return next;
  }
  const index = rejected.findIndex(({ retryAt }) => retryAt <= clock.mono());
  const again = index < 0 ? undefined : rejected.splice(index, 1)[0];
  if (again) return again.out;
  return hasRoom(deck) ? deck.feed.next() : null;
}

/** For rows that were not sent yet on this connection. */
function hasRoom({ flights, rejected, ledger, window }: FlightDeck): boolean {
  return flights.size + rejected.length < window && ledger.unsettled() < window * UNSETTLED_WINDOWS;
}

function send(deck: FlightDeck, out: Outgoing): void {
  const { row } = out;
  const limit = deck.wire.limits.maximumPacketSize;
  if (packetBytes(row.topic, row.payload, limit) > limit) {
    deck.alone = false;
    deck.ledger.park(row, `larger than the ${limit} bytes that the broker accepts`);
    return;
  }
  const retain = out.retain && !isOvertaken(row, deck.ledger.retained);
  launch(deck, out, row.topic, row.payload, retain);
}

/** Bytes of a PUBLISH at QoS 1 in MQTT 5, an upper estimate by 3; 0 when there is no limit to check. */
function packetBytes(topic: string, payload: string, limit: number): number {
  if (limit === Number.POSITIVE_INFINITY) return 0;
  // Type 1, length up to 4, topic length 2, packet id 2, properties length 1.
  return 10 + Buffer.byteLength(topic) + Buffer.byteLength(payload);
}

function launch(
  deck: FlightDeck,
  out: Outgoing | null,
  topic: string,
  payload: string,
  retain: boolean,
): void {
  const flight: Flight = { out, topic, sentAt: deck.clock.mono() };
  deck.flights.add(flight);
  deck.wire.publish({ topic, payload, retain: retain && deck.wire.limits.retain }, (reason) =>
    land(deck, flight, reason),
  );
}

function land(deck: FlightDeck, flight: Flight, reason: number): void {
  deck.flights.delete(flight);
  deck.alone = false;
  deck.acks++;
  deck.lastAckAt = deck.clock.mono();
  const { out } = flight;
  deck.onAcknowledged(out ? out.row.seq : null, reason, flight.topic);
  if (out && reason < REJECTED) deck.ledger.acknowledge(out.row.seq);
  if (out && reason >= REJECTED) {
    const strikes = deck.ledger.strike(out.row, `rejected with reason ${reason}`);
    if (strikes > 0) {
      const retryAt = deck.lastAckAt + REJECT_PAUSE_MS * 2 ** (strikes - 1);
      deck.rejected.push({ out, retryAt });
    }
  }
  deck.ring();
}

/** The broker hung up: whoever travelled alone is to blame, else everyone in flight is a suspect. True: alone. */
export function blame(deck: FlightDeck): boolean {
  const rows = [...deck.flights].flatMap(({ out }) => (out ? [out.row] : []));
  const [only] = rows;
  if (deck.alone && only) {
    deck.ledger.strike(only, "the broker hangs up on it");
    return true;
  }
  for (const row of rows) deck.ledger.suspects.add(row.seq);
  return false;
}
