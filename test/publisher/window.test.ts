/** The window of unacknowledged publishes: its size, its order, and when rows leave the outbox. */
import { expect, test } from "vitest";
import { Fault } from "../../agent/core/fault.ts";
import { bench, STATUS, seqsOf } from "./fake-broker.ts";
import { row, rows } from "./memory-outbox.ts";

const range = (from: number, to: number): number[] => rows(from, to).map(({ seq }) => seq);

test("rows arrive in the order of seq and are settled in batches", async () => {
  const { outbox, broker, publisher, start, stop, pass } = bench();
  outbox.add(...rows(1, 1_000));
  start();
  await pass(5_000);
  expect(seqsOf(broker.records())).toEqual(range(1, 1_000));
  expect(outbox.waiting()).toEqual([]);
  expect(outbox.settles.length).toBeLessThanOrEqual(11);
  expect(publisher.stats()).toMatchObject({ connected: true, acknowledged: 1_000, inFlight: 0 });
  await stop();
});

test("never more than the window, refilled on each acknowledgement, settled only then", async () => {
  const { outbox, broker, start, stop, pass } = bench({ window: 10 });
  broker.answer = ({ topic }) => (topic === STATUS ? 0 : "wait");
  outbox.add(...rows(1, 50));
  start();
  await pass(500);
  expect(seqsOf(broker.records())).toEqual(range(1, 10));
  broker.last().acknowledge(1);
  await pass(0);
  expect(seqsOf(broker.records())).toEqual(range(1, 11));
  expect(outbox.waiting()).toEqual(range(1, 50));
  await pass(1_100);
  expect(outbox.waiting()).toEqual(range(2, 50));
  await stop();
});

test("what is committed now goes before the backlog", async () => {
  const { outbox, broker, publisher, start, stop, pass } = bench({ window: 10 });
  broker.answer = ({ topic }) => (topic === STATUS ? 0 : "wait");
  outbox.add(...rows(1, 500));
  start();
  await pass(200);
  outbox.add(...rows(501, 503));
  publisher.notify();
  await pass(0);
  broker.last().acknowledge(5);
  await pass(0);
  expect(seqsOf(broker.records()).slice(10)).toEqual([501, 502, 503, 11, 12]);
  await stop();
});

test("a commit whose notification was lost goes out with the next status", async () => {
  const { outbox, broker, start, stop, pass } = bench();
  start();
  await pass(1_000);
  outbox.add(row(1));
  await pass(61_000, 1_000);
  expect(seqsOf(broker.records())).toEqual([1]);
  await stop();
});

const state = (seq: number, asset: string) =>
  row(seq, { topic: `t/${asset}/state`, class: "state", retain: true, asset });
const retained = (messages: { payload: string; retain: boolean }[]) =>
  messages.filter(({ retain }) => retain).map(({ payload }) => JSON.parse(payload).seq);

test("of the states of the backlog only the newest per asset is retained", async () => {
  const { outbox, broker, start, stop, pass } = bench();
  outbox.add(state(1, "a"), state(2, "b"), row(3), state(4, "a"), state(5, "a"), row(6));
  start();
  await pass(500);
  expect(seqsOf(broker.records()).sort()).toEqual([1, 2, 3, 4, 5, 6]);
  expect(retained(broker.records()).sort()).toEqual([2, 5]);
  await stop();
});

test("a live state is retained and no older one replaces it, over any number of connections", async () => {
  const { outbox, broker, publisher, start, stop, pass } = bench({ window: 4 });
  broker.answer = ({ topic }) => (topic === STATUS ? 0 : "wait");
  outbox.add(state(1, "a"), ...rows(2, 40), state(41, "a"));
  start();
  await pass(200);
  outbox.add(state(42, "a"));
  publisher.notify();
  broker.last().acknowledge(3);
  await pass(200);
  broker.last().acknowledge(9);
  await pass(0);
  expect(retained(broker.records())).toEqual([42]);
  broker.last().lose();
  broker.answer = () => 0;
  await pass(30_000);
  expect(outbox.waiting()).toEqual([]);
  expect(new Set(retained(broker.records()))).toEqual(new Set([42]));
  await stop();
});

test("a broker's receive maximum is a smaller window", async () => {
  const { outbox, broker, start, stop, pass } = bench();
  broker.limits = { receiveMaximum: 3 };
  broker.answer = () => "wait";
  outbox.add(...rows(1, 20));
  start();
  await pass(200);
  expect(broker.last().waiting()).toBe(3);
  broker.last().acknowledge(2);
  await pass(0);
  expect(broker.last().waiting()).toBe(3);
  await stop();
});

test("while the store cannot settle, nothing is sent twice, and all is settled later", async () => {
  const { outbox, broker, start, stop, troubles, pass } = bench({ window: 10 });
  outbox.broken = new Fault("STORE_IO", "disk");
  outbox.add(...rows(1, 2_000));
  start();
  await pass(3_000);
  const sent = broker.records().length;
  expect(sent).toBeLessThanOrEqual(510);
  expect(outbox.waiting()).toHaveLength(2_000);
  expect(troubles.map(({ code }) => code)).toContain("STORE_IO");
  broker.last().lose();
  await pass(30_000);
  expect(broker.records()).toHaveLength(sent);
  outbox.broken = null;
  await pass(3_000);
  expect(seqsOf(broker.records())).toEqual(range(1, 2_000));
  expect(outbox.waiting()).toEqual([]);
  await stop();
});

test("no subscriber counts as delivered and is told in the stats", async () => {
  const { outbox, broker, publisher, start, stop, pass } = bench();
  broker.answer = ({ topic }) => (topic === STATUS ? 0 : 16);
  outbox.add(...rows(1, 5));
  start();
  await pass(2_000);
  expect(outbox.waiting()).toEqual([]);
  expect(publisher.stats()).toMatchObject({ acknowledged: 5, unheard: 5, rejected: 0 });
  await stop();
});

test("a long backlog leaves the event loop to others, even if the broker answers at once", async () => {
  const { outbox, broker, start, stop, pass } = bench();
  outbox.take = async (after, limit) => rows(after + 1, Math.min(after + limit, 20_000));
  outbox.settle = async () => undefined;
  let turns = 0;
  let isOver = false;
  const turn = (): void => {
    turns++;
    if (!isOver) setImmediate(turn);
  };
  turn();
  start();
  while (broker.records().length < 20_000) await pass(0);
  isOver = true;
  expect(turns).toBeGreaterThan(20_000 / 64);
  await stop();
});
