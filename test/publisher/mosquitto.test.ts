/** Against Debian's mosquitto: both versions of MQTT, TLS with client certificate, passwords, access rules, limits. */
import { createHash, randomBytes } from "node:crypto";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connectAsync, type IClientOptions } from "mqtt";
import { afterEach, expect, test } from "vitest";
import { peer } from "../support/peers.ts";
import { makeCertificates } from "./certificates.ts";
import { STATUS } from "./fake-broker.ts";
import { row, rows } from "./memory-outbox.ts";
import {
  endAll,
  idsOf,
  onEnd,
  onlineOf,
  type Received,
  runPublisher,
  scratch,
  startMosquitto,
  until,
} from "./real-brokers.ts";

afterEach(endAll);

async function subscribe(port: number, options: IClientOptions = {}): Promise<Received[]> {
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0, ...options });
  const received: Received[] = [];
  client.on("message", (topic, payload, { retain }) =>
    received.push({ topic, payload: String(payload), retain }),
  );
  await client.subscribeAsync("#", { qos: 1 });
  onEnd(() => void client.end(true));
  return received;
}

const state = (seq: number) =>
  row(seq, { topic: "t/a/state", class: "state", retain: true, payload: `{"id":"s${seq}"}` });

peer("mosquitto")("mosquitto", () => {
  test.each(["auto", "3.1.1", "5"] as const)(
    "protocol %s: everything arrives, in order",
    async (protocol) => {
      const { port } = await startMosquitto(["allow_anonymous true", "max_queued_messages 0"]);
      const received = await subscribe(port);
      const { publisher, outbox, troubles } = runPublisher(port, { protocol });
      outbox.add(...rows(1, 2_000));
      publisher.notify();
      await until(() => outbox.waiting().length === 0 && idsOf(received).length === 2_000);
      expect(idsOf(received)).toEqual(rows(1, 2_000).map(({ seq }) => `gw/a/${seq}`));
      expect(publisher.stats().protocol).toBe(protocol === "3.1.1" ? "3.1.1" : "5");
      expect(troubles).toEqual([]);
    },
  );

  test("the broker keeps the newest state and the status for those who come later", async () => {
    const { port } = await startMosquitto(["allow_anonymous true"]);
    const { publisher, outbox } = runPublisher(port);
    outbox.add(state(1), row(2), state(3));
    publisher.notify();
    await until(() => outbox.waiting().length === 0);
    const late = await subscribe(port);
    await until(() => late.length === 2);
    expect(late.find(({ topic }) => topic === "t/a/state")?.payload).toBe('{"id":"s3"}');
    expect(onlineOf(late)).toEqual([true]);
    await publisher.stop();
    const later = await subscribe(port);
    await until(() => later.some(({ topic }) => topic === STATUS));
    expect(onlineOf(later)).toEqual([false]);
  });

  test("without a subscriber a record counts as delivered, and the stats tell", async () => {
    const { port } = await startMosquitto(["allow_anonymous true"]);
    const { publisher, outbox } = runPublisher(port, { protocol: "5" });
    outbox.add(...rows(1, 3));
    publisher.notify();
    await until(() => outbox.waiting().length === 0);
    expect(publisher.stats()).toMatchObject({ acknowledged: 3, rejected: 0 });
    expect(publisher.stats().unheard).toBeGreaterThanOrEqual(3);
  });

  test("TLS with CA and client certificate; without either it is refused and said", async () => {
    const { ca, broker, client } = makeCertificates(scratch());
    const { port } = await startMosquitto([
      "allow_anonymous true",
      `cafile ${ca}`,
      `certfile ${broker.cert}`,
      `keyfile ${broker.keyFile}`,
      "require_certificate true",
    ]);
    const url = `mqtts://127.0.0.1:${port}`;
    const good = runPublisher(port, { url, ca, ...client });
    good.outbox.add(row(1));
    good.publisher.notify();
    await until(() => good.outbox.waiting().length === 0);
    expect(good.troubles).toEqual([]);

    const untrusting = runPublisher(port, { url, clientId: "b", ...client });
    const nameless = runPublisher(port, { url, clientId: "c", ca });
    await until(() => untrusting.troubles.length > 0 && nameless.troubles.length > 0);
    expect(untrusting.troubles[0]?.code).toBe("MQTT_TLS");
    expect(nameless.troubles[0]?.code).toBe("MQTT_TLS");
  });

  test.each(["3.1.1", "5"] as const)("a wrong password in %s is refused", async (protocol) => {
    const folder = scratch();
    const passwords = join(folder, "passwords");
    const salt = randomBytes(12);
    const hash = createHash("sha512").update("right").update(salt).digest("base64");
    const entry = `press:$6$${salt.toString("base64")}$${hash}\n`;
    writeFileSync(passwords, entry, { mode: 0o600 });
    const { port } = await startMosquitto(["allow_anonymous false", `password_file ${passwords}`]);
    const passwordFile = join(folder, "mine");
    writeFileSync(passwordFile, "guess\n");
    chmodSync(passwordFile, 0o644);
    const wrong = runPublisher(port, { username: "press", passwordFile, protocol });
    await until(() => wrong.troubles.length === 2);
    expect(wrong.troubles.map(({ code }) => code)).toEqual(["MQTT_SECRET_EXPOSED", "MQTT_REFUSED"]);
    const rightFile = join(folder, "right");
    writeFileSync(rightFile, "right\n", { mode: 0o600 });
    const right = runPublisher(port, { username: "press", passwordFile: rightFile, protocol });
    await until(() => right.publisher.stats().connected);
    expect(right.troubles).toEqual([]);
  });

  test("an access rule that forbids one topic parks its rows only (PUBACK 135)", async () => {
    const rules = join(scratch(), "acl");
    writeFileSync(rules, "topic readwrite t/a/#\ntopic readwrite t/_gateway/#\n", { mode: 0o600 });
    const { port } = await startMosquitto(["allow_anonymous true", `acl_file ${rules}`]);
    const { publisher, outbox, parked } = runPublisher(port, { protocol: "5", tries: 2 });
    outbox.add(...rows(1, 20), row(21, { topic: "t/forbidden/window/hour" }), ...rows(22, 30));
    publisher.notify();
    await until(() => outbox.waiting().length === 0);
    expect(parked).toEqual([21]);
    expect(outbox.parked.get(21)).toBe("rejected with reason 135");
    expect(publisher.stats().acknowledged).toBe(29);
  });

  test("its largest packet and its receive maximum are honoured", async () => {
    const { port } = await startMosquitto([
      "allow_anonymous true",
      "max_packet_size 400",
      "max_inflight_messages 2",
    ]);
    const { publisher, outbox, parked, troubles } = runPublisher(port, { protocol: "5" });
    const large = row(2, { payload: JSON.stringify({ id: "x".repeat(400) }) });
    outbox.add(row(1), large, ...rows(3, 200));
    publisher.notify();
    await until(() => outbox.waiting().length === 0);
    expect(parked).toEqual([2]);
    expect(publisher.stats()).toMatchObject({ acknowledged: 199, connects: 1 });
    expect(troubles.map(({ code }) => code)).toEqual(["MQTT_REJECTED"]);
  });

  test("a killed broker: what it did not acknowledge arrives at its successor", async () => {
    const first = await startMosquitto(["allow_anonymous true"]);
    const { publisher, outbox, troubles } = runPublisher(first.port);
    await until(() => publisher.stats().connected);
    first.child.kill("SIGKILL");
    outbox.add(...rows(1, 100));
    publisher.notify();
    await until(() => troubles.some(({ code }) => code === "MQTT_UNREACHABLE"));
    expect(outbox.waiting()).toHaveLength(100);
    await startMosquitto(["allow_anonymous true"], first.port);
    await until(() => outbox.waiting().length === 0);
    expect(publisher.stats().trouble).toBeNull();
  });
});
