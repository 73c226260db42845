import { connect, type IClientOptions, type MqttClient } from "mqtt";
import { afterEach, describe, expect, test } from "vitest";
import { type Broker, type BrokerOptions, startBroker } from "../../simulator/broker.ts";

let broker: Broker | null = null;
const clients: MqttClient[] = [];

const start = async (options: Partial<BrokerOptions> = {}): Promise<Broker> => {
  broker = await startBroker({ host: "127.0.0.1", port: 0, ...options });
  return broker;
};

function client(options: IClientOptions = {}): MqttClient {
  const base = { protocolVersion: 4, reconnectPeriod: 0, connectTimeout: 3_000 } as const;
  const one = connect(`mqtt://127.0.0.1:${broker?.port}`, { ...base, ...options });
  one.on("error", () => {});
  clients.push(one);
  return one;
}

/** Resolves with what happens first. */
function outcome(one: MqttClient): Promise<string> {
  return new Promise((resolve) => {
    one.once("connect", () => resolve("connected"));
    one.once("error", (error) => resolve(error.message));
    one.once("close", () => resolve("closed"));
  });
}

afterEach(async () => {
  for (const one of clients.splice(0)) one.end(true);
  await broker?.close();
  broker = null;
});

describe("the broker", () => {
  test("takes messages, acknowledges them and passes them on", async () => {
    const { received } = await start();
    const [reader, writer] = [client(), client({ clientId: "gw-1" })];
    await Promise.all([outcome(reader), outcome(writer)]);
    await reader.subscribeAsync("uptime1/#", { qos: 1 });
    const heard = new Promise<string>((resolve) => {
      reader.once("message", (topic, payload) => resolve(`${topic} ${payload}`));
    });
    await writer.publishAsync("uptime1/a/state", '{"n":1}', { qos: 1, retain: true });
    expect(await heard).toBe('uptime1/a/state {"n":1}');
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({
      client: "gw-1",
      topic: "uptime1/a/state",
      qos: 1,
      retain: true,
      acknowledged: true,
    });
    expect(received[0]?.payload.toString()).toBe('{"n":1}');
  });

  test("tells listeners, and keeps the newest only", async () => {
    const { received, onMessage } = await start({ keep: 10 });
    const topics: string[] = [];
    onMessage(({ topic }) => topics.push(topic));
    const writer = client();
    await outcome(writer);
    for (let i = 0; i < 25; i++) await writer.publishAsync(`t/${i}`, "", { qos: 1 });
    expect(topics).toHaveLength(25);
    expect(received.length).toBeLessThanOrEqual(10);
    expect(received.at(-1)?.topic).toBe("t/24");
  });

  test("refuses a wrong password by name, and takes the right one", async () => {
    await start({ login: { username: "gw", password: "right" } });
    expect(await outcome(client({ username: "gw", password: "wrong" }))).toMatch(
      /Bad username or password/i,
    );
    expect(await outcome(client())).toMatch(/Bad username or password/i);
    expect(broker?.refusedLogins).toBe(2);
    expect(await outcome(client({ username: "gw", password: "right" }))).toBe("connected");
  });
});

describe("faults", () => {
  test("refuse: connections die, new ones are refused, and the port comes back", async () => {
    const { port } = await start();
    const one = client();
    await outcome(one);
    const closed = new Promise<void>((resolve) => one.once("close", () => resolve()));
    await broker?.setFault("refuse");
    await closed;
    expect(await outcome(client())).toMatch(/ECONNREFUSED|closed/);
    await broker?.setFault(null);
    expect(broker?.port).toBe(port);
    expect(await outcome(client())).toBe("connected");
  });

  test("hold-acks: messages arrive, pings are answered, nothing is acknowledged", async () => {
    const { received } = await start();
    const one = client({ keepalive: 1 });
    await outcome(one);
    await broker?.setFault("hold-acks");
    let acknowledged = false;
    one.publish("t/1", "x", { qos: 1 }, (error) => {
      acknowledged = !error;
    });
    const pinged = new Promise((resolve) => {
      one.on("packetreceive", (packet) => packet.cmd === "pingresp" && resolve("pingresp"));
    });
    expect(await pinged).toBe("pingresp");
    expect(received.map(({ topic, acknowledged }) => [topic, acknowledged])).toEqual([
      ["t/1", false],
    ]);
    expect(received[0]?.qos).toBe(1);
    expect(acknowledged).toBe(false);
    await broker?.setFault(null);
    await one.publishAsync("t/2", "y", { qos: 1 });
    expect(received.at(-1)).toMatchObject({ topic: "t/2", acknowledged: true });
  });

  test("drop: every connection dies once", async () => {
    await start();
    const one = client();
    await outcome(one);
    const closed = new Promise((resolve) => one.once("close", () => resolve("closed")));
    broker?.drop();
    expect(await closed).toBe("closed");
    expect(await outcome(client())).toBe("connected");
    expect(broker?.connections).toBe(2);
  });
});
