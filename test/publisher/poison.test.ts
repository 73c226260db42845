/** Rows that no broker will ever take: they are set aside within a minute, alone, and everything else arrives. */
import { expect, test } from "vitest";
import type { Message } from "../../agent/publisher/wire.ts";
import { type Answer, type Bench, bench, STATUS, seqsOf } from "./fake-broker.ts";
import { row, rows } from "./memory-outbox.ts";

const POISON = new Set([37]);
const isPoison = ({ topic, payload }: Message): boolean =>
  topic !== STATUS && POISON.has(JSON.parse(payload).seq);
const others = (to: number): number[] =>
  rows(1, to)
    .map(({ seq }) => seq)
    .filter((seq) => !POISON.has(seq));
const delivered = ({ broker }: Bench): number[] =>
  [...new Set(seqsOf(broker.records().filter((message) => !isPoison(message))))].sort(
    (a, b) => a - b,
  );

async function parkedWithinAMinute(answer: (message: Message) => Answer): Promise<Bench> {
  const made = bench({}, () => 0.999);
  made.broker.answer = (message) => (isPoison(message) ? answer(message) : 0);
  made.outbox.add(...rows(1, 300));
  made.start();
  await made.pass(60_000);
  expect([...made.outbox.parked.keys()]).toEqual([37]);
  expect(made.parked.map(([seq]) => seq)).toEqual([37]);
  expect(made.outbox.waiting()).toEqual([]);
  expect(delivered(made)).toEqual(others(300));
  expect(made.troubles.filter(({ code }) => code === "MQTT_REJECTED")).toHaveLength(1);
  expect(made.publisher.stats()).toMatchObject({ parked: 1, connected: true });
  return made;
}

test("rejected by PUBACK five times", async () => {
  const { broker, parked, stop } = await parkedWithinAMinute(() => 135);
  expect(broker.records().filter(isPoison)).toHaveLength(5);
  expect(broker.tries).toHaveLength(1);
  expect(parked[0]?.[1]).toBe("rejected with reason 135");
  await stop();
});

test("the broker hangs up on it each time", async () => {
  const { broker, parked, stop } = await parkedWithinAMinute(() => "hang-up");
  expect(broker.records().filter(isPoison)).toHaveLength(6);
  expect(parked[0]?.[1]).toContain("hangs up");
  await stop();
});

test("the broker acknowledges all others, but never it", async () => {
  const made = bench({ ackTimeoutMs: 2_000 }, () => 0.5);
  made.broker.answer = (message) => (isPoison(message) ? "wait" : 0);
  made.outbox.add(...rows(1, 100));
  made.start();
  for (let seq = 101; seq < 1_000 && made.parked.length === 0; seq++) {
    made.outbox.add(row(seq));
    made.publisher.notify();
    await made.pass(500, 500);
  }
  await made.pass(60_000);
  expect(made.parked.map(([seq]) => seq)).toEqual([37]);
  expect(made.outbox.waiting()).toEqual([]);
  await made.stop();
});

test("larger than the broker takes: parked without a try", async () => {
  const made = bench();
  made.broker.limits = { maximumPacketSize: 200 };
  made.outbox.add(
    row(1),
    row(2, { payload: JSON.stringify({ seq: 2, text: "ü".repeat(90) }) }),
    row(3),
  );
  made.start();
  await made.pass(2_000);
  expect(seqsOf(made.broker.records())).toEqual([1, 3]);
  expect(made.parked).toEqual([[2, expect.stringContaining("larger")]]);
  await made.stop();
});

test("when everything is rejected the flow stops at the window", async () => {
  const made = bench();
  made.broker.answer = ({ topic }) => (topic === STATUS ? 0 : 151);
  made.outbox.add(...rows(1, 1_000));
  made.start();
  await made.pass(10_000);
  expect(new Set(seqsOf(made.broker.records())).size).toBe(100);
  await made.stop();
});

test("a report of parked rows that is parked itself makes no further report", async () => {
  const made = bench();
  made.broker.answer = ({ topic }) => (topic === STATUS ? 0 : 135);
  made.outbox.add(row(1, { topic: "t/_gateway/gw/event/data", class: "event" }));
  made.start();
  await made.pass(30_000);
  expect([...made.outbox.parked.keys()]).toEqual([1]);
  expect(made.parked).toEqual([]);
  await made.stop();
});

test("rows that merely were in flight when a cable was pulled are not to blame", async () => {
  const made = bench();
  made.outbox.add(...rows(1, 500));
  made.start();
  await made.pass(0);
  for (let pull = 0; pull < 20; pull++) {
    made.broker.answer = ({ topic }) => (topic === STATUS ? 0 : "wait");
    made.outbox.add(...rows(1_000 + pull * 50, 1_049 + pull * 50));
    made.publisher.notify();
    await made.pass(200);
    made.broker.last().lose();
    made.broker.answer = () => 0;
    await made.pass(400_000, 2_000);
  }
  expect(made.parked).toEqual([]);
  expect(made.outbox.waiting()).toEqual([]);
  expect(new Set(seqsOf(made.broker.records())).size).toBe(1_500);
  await made.stop();
});
