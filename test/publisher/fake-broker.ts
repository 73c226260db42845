/** A broker in the same process on the virtual clock: it answers each publish as a test tells it to. */

import type { Fault } from "../../agent/core/fault.ts";
import type { Commands } from "../../agent/publisher/commands.ts";
import type { Publisher } from "../../agent/publisher/ports.ts";
import { createPublisher } from "../../agent/publisher/publisher.ts";
import { PUBLISHER_DEFAULTS, type PublisherSettings } from "../../agent/publisher/settings.ts";
import type {
  Incoming,
  Message,
  OpenWire,
  Wire,
  WireEnd,
  WireLimits,
  WireSettings,
} from "../../agent/publisher/wire.ts";
import { type VirtualClock, virtualClock } from "../support/clock.ts";
import { type MemoryOutbox, memoryOutbox } from "./memory-outbox.ts";

export const STATUS = "t/_gateway/gw/status";

/** A PUBACK reason now, `wait` for the test to acknowledge by hand, or the end of the connection. */
export type Answer = number | "wait" | "hang-up";

export interface FakeWire extends Wire {
  /** Received on this connection, status included, in order. */
  received: Message[];
  /** Acknowledges the oldest publishes that wait. */
  acknowledge(count: number, reason?: number): void;
  waiting(): number;
  lose(end?: Partial<WireEnd>): void;
  /** Topics that were subscribed, and a message for one of them. */
  subscribed: string[];
  say(topic: string, message: Omit<Incoming, "topic">): void;
  closed: "no" | "clean" | "cut";
}

export interface FakeBroker {
  open: OpenWire;
  /** Every try to connect. */
  tries: WireSettings[];
  wires: FakeWire[];
  /** Refuses instead of accepting. */
  refuse: ((settings: WireSettings) => WireEnd | null) | null;
  answer(message: Message): Answer;
  limits: Partial<WireLimits>;
  /** Reason code for a subscription. */
  grant(topic: string): number;
  /** Records of all connections, status left out. */
  records(): Message[];
  statuses(): Message[];
  last(): FakeWire;
}

const UNLIMITED: WireLimits = {
  receiveMaximum: 65_535,
  maximumPacketSize: Number.POSITIVE_INFINITY,
  retain: true,
};

export function fakeBroker(): FakeBroker {
  const broker: FakeBroker = {
    tries: [],
    wires: [],
    refuse: null,
    answer: () => 0,
    limits: {},
    grant: () => 1,
    records: () =>
      broker.wires.flatMap(({ received }) => received.filter(({ topic }) => topic !== STATUS)),
    statuses: () =>
      broker.wires.flatMap(({ received }) => received.filter(({ topic }) => topic === STATUS)),
    last: () => broker.wires.at(-1) ?? fakeWire(broker),
    open: async (settings) => {
      broker.tries.push(settings);
      const refusal = broker.refuse?.(settings);
      if (refusal) return refusal;
      const wire = fakeWire(broker);
      broker.wires.push(wire);
      return wire;
    },
  };
  return broker;
}

function fakeWire(broker: FakeBroker): FakeWire {
  let resolveLost: (end: WireEnd) => void = () => undefined;
  const waiting: ((reason: number) => void)[] = [];
  const ears = new Map<string, (message: Incoming) => void>();
  let isGone = false;
  const wire: FakeWire = {
    limits: { ...UNLIMITED, ...broker.limits },
    lost: new Promise((resolve) => {
      resolveLost = resolve;
    }),
    received: [],
    closed: "no",
    waiting: () => waiting.length,
    acknowledge: (count, reason = 0) => {
      for (const done of waiting.splice(0, count)) done(reason);
    },
    lose: (end = {}) => {
      isGone = true;
      resolveLost({ stage: "connected", reason: null, code: null, text: "closed", ...end });
    },
    publish: (message, done) => {
      if (isGone) return;
      wire.received.push(message);
      const answer = broker.answer(message);
      if (answer === "hang-up") wire.lose();
      else if (answer === "wait") waiting.push(done);
      else queueMicrotask(() => isGone || done(answer));
    },
    subscribed: [],
    say: (topic, message) => ears.get(topic)?.({ topic, ...message }),
    subscribe: (topic, heard, done) => {
      wire.subscribed.push(topic);
      ears.set(topic, heard);
      queueMicrotask(() => isGone || done(broker.grant(topic)));
    },
    close: async () => {
      wire.closed = "clean";
      isGone = true;
    },
    drop: () => {
      if (wire.closed === "no") wire.closed = "cut";
      isGone = true;
    },
  };
  return wire;
}

export interface Bench {
  clock: VirtualClock;
  outbox: MemoryOutbox;
  broker: FakeBroker;
  publisher: Publisher;
  troubles: Fault[];
  recoveries: number[];
  parked: [number, string][];
  start(): void;
  /** Stops and lets time pass until that is done. Returns the virtual milliseconds it took. */
  stop(): Promise<number>;
  /** Lets virtual time pass in steps, with all that follows from each. */
  pass(ms: number, step?: number): Promise<void>;
}

/** Chance is 0.5 unless told otherwise. */
export function bench(
  settings: Partial<PublisherSettings> = {},
  random = () => 0.5,
  commands: Commands | null = null,
): Bench {
  const clock = virtualClock(1_000_000);
  const outbox = memoryOutbox();
  const broker = fakeBroker();
  const troubles: Fault[] = [];
  const recoveries: number[] = [];
  const parked: [number, string][] = [];
  const own = { url: "mqtt://broker", clientId: "gw", statusTopic: STATUS };
  const publisher = createPublisher(
    { ...PUBLISHER_DEFAULTS, ...own, ...settings },
    {
      outbox,
      clock,
      random,
      status: () => ({ schema: "uptime.status/1", status: { online: true, session: "s" } }),
      onTrouble: (fault) => troubles.push(fault),
      onRecovered: () => recoveries.push(clock.mono()),
      onParked: (seq, reason) => parked.push([seq, reason]),
      open: broker.open,
      ...(commands && { commands }),
    },
  );
  const pass = async (ms: number, step = 100): Promise<void> => {
    const end = clock.mono() + ms;
    do {
      for (let turn = 0; turn < 6; turn++) await clock.settle();
      await clock.advance(Math.min(step, end - clock.mono()));
    } while (clock.mono() < end);
    for (let turn = 0; turn < 6; turn++) await clock.settle();
  };
  let running = Promise.resolve();
  const start = (): void => {
    running = publisher.run();
  };
  const stop = async (): Promise<number> => {
    const from = clock.mono();
    let took = -1;
    void publisher.stop().then(() => {
      took = clock.mono() - from;
    });
    for (let step = 0; step < 50 && took < 0; step++) await pass(100);
    if (took < 0) throw new Error("stop takes too long");
    await running;
    return took;
  };
  return { clock, outbox, broker, publisher, troubles, recoveries, parked, start, stop, pass };
}

export const seqsOf = (messages: Message[]): number[] =>
  messages.map(({ payload }) => JSON.parse(payload).seq);
