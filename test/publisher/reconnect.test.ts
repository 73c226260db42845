/** When the connection is lost, refused, silent or stolen: how often we come back, and what the log hears of it. */
import { expect, test } from "vitest";
import { BACKOFF, waitMs } from "../../agent/publisher/backoff.ts";
import type { WireEnd } from "../../agent/publisher/wire.ts";
import { bench, STATUS, seqsOf } from "./fake-broker.ts";
import { rows } from "./memory-outbox.ts";

const refusal = (more: Partial<WireEnd>): WireEnd => ({
  stage: "connecting",
  reason: null,
  code: null,
  text: "refused",
  ...more,
});
const HOUR = 3_600_000;

test("a broker that never acknowledges is left after the deadline, and said once", async () => {
  const { outbox, broker, troubles, start, stop, pass } = bench();
  broker.answer = () => "wait";
  outbox.add(...rows(1, 200));
  start();
  await pass(35_000);
  expect(broker.tries.length).toBe(2);
  expect(broker.wires[0]?.closed).toBe("cut");
  await pass(600_000, 1_000);
  expect(troubles.map(({ code }) => code)).toEqual(["MQTT_ACK_LATE"]);
  expect(outbox.waiting()).toHaveLength(200);
  broker.answer = () => 0;
  await pass(600_000, 1_000);
  expect(outbox.waiting()).toEqual([]);
  await stop();
});

test("an acknowledgement that came while this process was stopped is not late", async () => {
  const { outbox, broker, clock, start, stop, pass } = bench();
  broker.answer = () => "wait";
  outbox.add(...rows(1, 5));
  start();
  await pass(1_000);
  setImmediate(() => broker.last().acknowledge(100));
  await clock.stall(300_000);
  await pass(0);
  expect(broker.tries).toHaveLength(1);
  await stop();
});

test("an unreachable broker: waits double up to five minutes, said once, and recovery too", async () => {
  const { outbox, broker, troubles, recoveries, start, stop, pass } = bench({}, () => 0.999);
  broker.refuse = () => refusal({ code: "ECONNREFUSED", text: "connect ECONNREFUSED" });
  start();
  await pass(63_500);
  // 0, 1, 3, 7, 15, 31, 63 s
  expect(broker.tries).toHaveLength(7);
  await pass(HOUR, 1_000);
  expect(broker.tries.length).toBeLessThanOrEqual(7 + 14);
  expect(troubles.map(({ code }) => code)).toEqual(["MQTT_UNREACHABLE"]);
  expect(recoveries).toEqual([]);
  broker.refuse = null;
  outbox.add(...rows(1, 3));
  await pass(301_000, 1_000);
  expect(outbox.waiting()).toEqual([]);
  expect(recoveries).toHaveLength(1);
  await stop();
});

test.each([
  ["a wrong password, 3.1.1", { reason: 4, text: "Bad username or password" }, "MQTT_REFUSED"],
  ["a wrong password, 5", { reason: 134, text: "Bad User Name or Password" }, "MQTT_REFUSED"],
  ["an expired certificate", { code: "CERT_HAS_EXPIRED" }, "MQTT_TLS"],
])("%s: at most 12 tries an hour", async (_, end, code) => {
  for (const chance of [0, 0.5, 0.999]) {
    const { broker, troubles, start, stop, pass } = bench({}, () => chance);
    broker.refuse = () => refusal(end);
    start();
    await pass(HOUR - 1, 10_000);
    expect(broker.tries.length).toBeLessThanOrEqual(12);
    expect(broker.tries.length).toBeGreaterThanOrEqual(6);
    expect(troubles.map((fault) => fault.code)).toEqual([code]);
    await stop();
  }
});

test("a stolen client id: no take-over war", async () => {
  const { broker, troubles, start, stop, pass } = bench({}, () => 0);
  start();
  for (let minute = 0; minute < 60; minute++) {
    await pass(60_000, 10_000);
    broker.last().lose({ reason: 142 });
  }
  expect(broker.tries.length).toBeLessThanOrEqual(12);
  expect(troubles[0]?.message).toContain("another client");
  await stop();
});

test("a link that is up one second and down one second: few tries, nothing parked or lost", async () => {
  let seed = 7;
  const chance = (): number => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const { outbox, broker, clock, parked, start, stop, pass } = bench({}, chance);
  const isUp = (): boolean => Math.floor(clock.mono() / 1_000) % 2 === 0;
  broker.refuse = () => (isUp() ? null : refusal({ code: "EHOSTUNREACH" }));
  broker.answer = () => (isUp() ? 0 : "wait");
  start();
  let seq = 0;
  for (let step = 0; step < 36_000; step++) {
    if (step % 50 === 0) outbox.add(...rows(++seq, seq));
    await clock.advance(100);
    await clock.settle();
    if (!isUp()) for (const wire of broker.wires) if (wire.closed === "no") wire.lose();
  }
  expect(broker.tries.length).toBeLessThanOrEqual(120);
  expect(parked).toEqual([]);
  broker.refuse = null;
  broker.answer = () => 0;
  for (let step = 0; step < 1_000; step++) await pass(1_000, 1_000);
  expect(new Set(seqsOf(broker.records())).size).toBe(seq);
  expect(outbox.waiting()).toEqual([]);
  await stop();
});

test("a fleet of 200 comes back over time, not at once", () => {
  let seed = 1;
  const chance = (): number => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const perSecond = new Array(30).fill(0);
  for (let client = 0; client < 200; client++) {
    perSecond[Math.floor(waitMs("spread", 0, chance(), BACKOFF) / 1_000)]++;
  }
  expect(Math.max(...perSecond)).toBeLessThanOrEqual(20);
});

test("auto falls back to 3.1.1 at once where 5 is refused, and remembers it", async () => {
  const { broker, publisher, troubles, start, stop, pass } = bench();
  broker.refuse = ({ version }) => (version === 5 ? refusal({ reason: 1 }) : null);
  start();
  await pass(0);
  expect(broker.tries.map(({ version }) => version)).toEqual([5, 4]);
  expect(publisher.stats()).toMatchObject({ connected: true, protocol: "3.1.1" });
  broker.last().lose();
  await pass(30_000);
  expect(broker.tries.map(({ version }) => version)).toEqual([5, 4, 4]);
  expect(troubles.map(({ code }) => code)).toEqual(["MQTT_UNREACHABLE"]);
  await stop();
});

test("auto tries the other version where a broker hangs up on 5 without a word", async () => {
  const { broker, publisher, start, stop, pass } = bench();
  broker.refuse = ({ version }) => (version === 5 ? refusal({}) : null);
  start();
  await pass(2_000);
  expect(publisher.stats().protocol).toBe("3.1.1");
  await stop();
});

test("an explicit version is never given up", async () => {
  const { broker, start, stop, pass } = bench({ protocol: "5" });
  broker.refuse = () => refusal({ reason: 1 });
  start();
  await pass(HOUR - 1, 10_000);
  expect(new Set(broker.tries.map(({ version }) => version))).toEqual(new Set([5]));
  expect(broker.tries.length).toBeLessThanOrEqual(12);
  await stop();
});

test("a stop while nothing answers is short, and no later connection is made", async () => {
  const { broker, outbox, start, stop, pass } = bench();
  broker.answer = () => "wait";
  outbox.add(...rows(1, 10));
  start();
  await pass(500);
  expect(await stop()).toBeLessThanOrEqual(2_000);
  expect(broker.statuses().at(-1)?.topic).toBe(STATUS);
  await pass(600_000, 10_000);
  expect(broker.tries).toHaveLength(1);
});
