/** Commands through a broker: heard on every new connection, answered at QoS 1, never in the way of records. */

import { connectAsync, type MqttClient } from "mqtt";
import { afterEach, expect, test } from "vitest";
import type { Commands } from "../../agent/publisher/commands.ts";
import type { Incoming } from "../../agent/publisher/wire.ts";
import { peer } from "../support/peers.ts";
import { bench, type FakeWire } from "./fake-broker.ts";
import { rows } from "./memory-outbox.ts";
import {
  endAll,
  onEnd,
  runPublisher,
  startAedes,
  startMosquitto,
  startProxy,
  until,
} from "./real-brokers.ts";

afterEach(endAll);

const TOPIC = "t/_gateway/gw/command";

interface Door extends Commands {
  heard: { text: string; retain: boolean }[];
}

/** Answers each command with its own text in capitals. */
function door(): Door {
  const heard: Door["heard"] = [];
  return {
    topic: TOPIC,
    answerTopic: `${TOPIC}/answer`,
    heard,
    take: async ({ payload, retain }: Incoming) => {
      heard.push({ text: String(payload), retain });
      return String(payload).toUpperCase();
    },
  };
}

interface Commander {
  client: MqttClient;
  answers: string[];
}

async function commander(port: number): Promise<Commander> {
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0 });
  onEnd(() => void client.end(true));
  const answers: string[] = [];
  client.on("message", (_, payload) => answers.push(String(payload)));
  await client.subscribeAsync(`${TOPIC}/answer`, { qos: 1 });
  return { client, answers };
}

const say = (client: MqttClient, text: string, retain = false): Promise<unknown> =>
  client.publishAsync(TOPIC, text, { qos: 1, retain });

test("aedes: a command is answered; without commands nothing is subscribed", async () => {
  const { port, aedes } = await startAedes();
  const subscribed: string[] = [];
  aedes.on("subscribe", (list, client) => {
    if (client.id.startsWith("gw")) subscribed.push(...list.map(({ topic }) => topic));
  });
  const commands = door();
  const { publisher } = runPublisher(port, {}, commands);
  const deaf = runPublisher(port, { clientId: "gw-deaf" });
  await until(() => subscribed.length > 0 && deaf.publisher.stats().connected);
  const { client, answers } = await commander(port);
  await say(client, "one");
  await until(() => answers.length === 1);
  expect(answers).toEqual(["ONE"]);
  expect(subscribed).toEqual([TOPIC]);
  expect(publisher.stats()).toMatchObject({ acknowledged: 0, trouble: null });
});

test("each connection subscribes anew", async () => {
  const { port } = await startAedes();
  const proxy = await startProxy(port);
  const commands = door();
  runPublisher(proxy.port, {}, commands);
  const { client, answers } = await commander(port);
  const echoed = async (text: string): Promise<void> => {
    await until(async () => {
      await say(client, text);
      return answers.includes(text.toUpperCase());
    });
  };
  await echoed("one");
  proxy.cut();
  await echoed("two");
  proxy.cut();
  await echoed("three");
  expect(proxy.connections).toBeGreaterThanOrEqual(3);
});

test("answers go before a backlog and do not stop it", async () => {
  const { port, received } = await startAedes();
  const commands = door();
  const { publisher, outbox } = runPublisher(port, { window: 2 }, commands);
  await until(() => publisher.stats().connected);
  const { client, answers } = await commander(port);
  outbox.add(...rows(1, 3_000));
  publisher.notify();
  for (let n = 0; n < 20; n++) await say(client, `c${n}`);
  await until(() => answers.length === 20);
  expect(outbox.waiting().length).toBeGreaterThan(0);
  await until(() => outbox.waiting().length === 0);
  expect(received.filter(({ topic }) => topic === "t/a/window/hour")).toHaveLength(3_000);
});

peer("mosquitto")("mosquitto", () => {
  test.each(["5", "3.1.1"] as const)(
    "protocol %s: a kept command is known as one",
    async (protocol) => {
      const { port } = await startMosquitto(["allow_anonymous true"]);
      const { client } = await commander(port);
      await say(client, "old", true);
      const commands = door();
      const { publisher } = runPublisher(port, { protocol }, commands);
      await until(() => publisher.stats().connected);
      await until(async () => {
        await say(client, "new");
        return commands.heard.some(({ text }) => text === "new");
      });
      const old = commands.heard.filter(({ text }) => text === "old");
      // MQTT 5 does not even send it.
      expect(old).toEqual(protocol === "5" ? [] : [{ text: "old", retain: true }]);
    },
  );

  test("MQTT 5: a command that asks to be kept is known as one at once", async () => {
    const { port } = await startMosquitto(["allow_anonymous true"]);
    const commands = door();
    const { publisher } = runPublisher(port, { protocol: "5" }, commands);
    await until(() => publisher.stats().connected);
    const { client } = await commander(port);
    await until(async () => {
      await say(client, "keep", true);
      return commands.heard.length > 0;
    });
    expect(commands.heard[0]).toEqual({ text: "keep", retain: true });
  });
});

test("a broker that forbids to listen is told of, and records go on", async () => {
  const { port } = await startAedes({
    authorizeSubscribe: (_, subscription, done) =>
      done(null, subscription.topic === TOPIC ? null : subscription),
  });
  const { publisher, outbox, troubles } = runPublisher(port, { protocol: "3.1.1" }, door());
  outbox.add(...rows(1, 3));
  publisher.notify();
  await until(() => outbox.waiting().length === 0 && troubles.length > 0);
  expect(troubles.map(({ code }) => code)).toEqual(["MQTT_COMMANDS"]);
});

test("answers that nobody takes are bounded, and end with their connection", async () => {
  const { broker, start, pass, stop } = bench({ window: 1 }, () => 0.5, door());
  const answersOf = ({ received }: FakeWire): string[] =>
    received.flatMap(({ topic, payload }) => (topic === `${TOPIC}/answer` ? [payload] : []));
  const hear = (wire: FakeWire, text: string): void =>
    wire.say(TOPIC, { payload: Buffer.from(text), retain: false });
  broker.answer = () => "wait";
  start();
  await pass(100);
  const first = broker.last();
  for (let n = 0; n < 500; n++) hear(first, `c${n}`);
  await pass(100);
  broker.answer = () => 0;
  first.acknowledge(1);
  await pass(1_000);
  expect(answersOf(first)).toHaveLength(100);
  broker.answer = () => "wait";
  for (const text of ["in flight", "in line"]) hear(first, text);
  await pass(100);
  first.lose();
  broker.answer = () => 0;
  await pass(120_000, 1_000);
  const second = broker.last();
  expect(second).not.toBe(first);
  expect(second.subscribed).toEqual([TOPIC]);
  hear(second, "again");
  await pass(100);
  expect(answersOf(second)).toEqual(["AGAIN"]);
  await stop();
});
