/** The retained status and the will: latest only, past the outbox, and honest about being offline. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { bench, STATUS } from "./fake-broker.ts";
import { rows } from "./memory-outbox.ts";

const online = (payload: string): boolean => JSON.parse(payload).status.online;

test("on connect, every minute, and offline on stop", async () => {
  const { broker, start, stop, pass } = bench();
  start();
  await pass(200);
  expect(broker.statuses()).toHaveLength(1);
  await pass(180_000, 1_000);
  expect(broker.statuses()).toHaveLength(4);
  await stop();
  const all = broker.statuses();
  expect(all.map(({ payload }) => online(payload))).toEqual([true, true, true, true, false]);
  expect(all.every(({ retain }) => retain)).toBe(true);
  expect(broker.last().closed).toBe("clean");
});

test("the will says offline on the same topic, retained, and keeps the rest of the record", async () => {
  const { broker, start, stop, pass } = bench();
  start();
  await pass(0);
  const will = broker.tries[0]?.will;
  expect(will).toMatchObject({ topic: STATUS, retain: true });
  expect(JSON.parse(will?.payload ?? "")).toEqual({
    schema: "uptime.status/1",
    status: { online: false, session: "s" },
  });
  await stop();
});

test("a stop delivers and settles what was on its way", async () => {
  const { outbox, broker, start, stop, pass } = bench();
  outbox.add(...rows(1, 50));
  start();
  await pass(0);
  await stop();
  expect(outbox.waiting()).toEqual([]);
  expect(broker.last().received.at(-1)?.topic).toBe(STATUS);
});

test("a broker without retained messages gets none", async () => {
  const { broker, start, stop, pass } = bench();
  broker.limits = { retain: false };
  start();
  await pass(200);
  await stop();
  expect(broker.statuses().map(({ retain }) => retain)).toEqual([false, false]);
});

test("a status that the broker rejects is said once and stops no record", async () => {
  const { outbox, broker, troubles, start, stop, pass } = bench();
  broker.answer = ({ topic }) => (topic === STATUS ? 135 : 0);
  outbox.add(...rows(1, 10));
  start();
  await pass(200_000, 1_000);
  expect(outbox.waiting()).toEqual([]);
  expect(troubles.map(({ code }) => code)).toEqual(["MQTT_REJECTED"]);
  await stop();
});

test("the MQTT client is loaded by the first connect, not with the agent", () => {
  const folder = new URL("../../agent/publisher/", import.meta.url);
  const eager = readdirSync(folder).filter((name) =>
    /^import (?!type )[^;]*"(mqtt|\.\/wire\.ts)"/m.test(
      readFileSync(new URL(name, folder), "utf8"),
    ),
  );
  expect(eager).toEqual(["wire.ts"]);
});
