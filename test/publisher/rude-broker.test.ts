/** Brokers that break the rules: twice or wrongly acknowledged, garbage, silence, endless bytes. Written by hand. */
import { createServer, type Socket } from "node:net";
import { generate, type Packet, parser } from "mqtt-packet";
import { afterEach, expect, test } from "vitest";
import { rotatingIds } from "../../agent/publisher/wire.ts";
import { STATUS } from "./fake-broker.ts";
import { rows } from "./memory-outbox.ts";
import { endAll, listen, runPublisher, until } from "./real-brokers.ts";

afterEach(endAll);

type Say = (packet: Packet) => void;

/** Accepts and hands every further packet to `on`. Returns the port and what it got. */
async function rudeBroker(on: (packet: Packet, say: Say, socket: Socket) => void) {
  const got: Packet[] = [];
  const port = await listen(
    createServer((socket) => {
      const say: Say = (packet) => void socket.write(generate(packet, { protocolVersion: 4 }));
      const parse = parser({ protocolVersion: 4 });
      socket.on("data", (data) => void parse.parse(data));
      parse.on("packet", (packet: Packet) => {
        got.push(packet);
        if (packet.cmd === "connect") say({ cmd: "connack", returnCode: 0, sessionPresent: false });
        else on(packet, say, socket);
      });
    }),
  );
  return { port, got };
}

const idOf = (packet: Packet): number => packet.messageId ?? 0;
const isStatus = (packet: Packet): boolean => packet.cmd === "publish" && packet.topic === STATUS;

test("an acknowledgement that comes twice or for nobody settles nothing else", async () => {
  let acknowledged = 0;
  const { port, got } = await rudeBroker((packet, say) => {
    if (packet.cmd !== "publish" || (!isStatus(packet) && ++acknowledged > 50)) return;
    for (const messageId of [idOf(packet), idOf(packet), idOf(packet) + 5_000]) {
      say({ cmd: "puback", messageId });
    }
  });
  const { outbox, publisher } = runPublisher(port, { protocol: "3.1.1", window: 10 });
  outbox.add(...rows(1, 200));
  publisher.notify();
  await until(() => outbox.waiting().length === 150 && publisher.stats().inFlight === 10);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(outbox.waiting()[0]).toBe(51);
  expect(got.filter((packet) => packet.cmd === "publish" && !isStatus(packet))).toHaveLength(60);
});

test("packet ids are used again only after all others", () => {
  const ids = rotatingIds();
  const first = ids.allocate();
  ids.deallocate(first ?? 0);
  expect(ids.allocate()).toBe(2);
  const seen = new Set<number | null>();
  for (let count = 0; count < 65_534; count++) seen.add(ids.allocate());
  expect(seen.size).toBe(65_534);
  expect(seen.has(2)).toBe(false);
  expect(ids.allocate()).toBeNull();
  ids.deallocate(777);
  expect(ids.allocate()).toBe(777);
  expect(ids.register(777)).toBe(false);
  ids.clear();
  expect(ids.register(777)).toBe(true);
});

test("a server that speaks no MQTT", async () => {
  const port = await listen(
    createServer((socket) => void socket.write("HTTP/1.1 400 Bad\r\n\r\n")),
  );
  const { troubles, publisher } = runPublisher(port);
  await until(() => troubles.length > 0);
  expect(troubles[0]?.code).toBe("MQTT_UNREACHABLE");
  expect(publisher.stats().connected).toBe(false);
});

test("a server that accepts and says nothing", async () => {
  const port = await listen(createServer(() => undefined));
  const { troubles } = runPublisher(port, { connectTimeoutMs: 100 });
  await until(() => troubles.length > 0);
  expect(troubles[0]).toMatchObject({ code: "MQTT_UNREACHABLE" });
  expect(troubles[0]?.message).toContain("timeout");
});

test("garbage in mid-connection ends it, and the rows survive", async () => {
  const first = new Set<Socket>();
  const { port, got } = await rudeBroker((packet, say, socket) => {
    if (packet.cmd !== "publish") return;
    if (first.size === 0) first.add(socket);
    if (first.has(socket) && !isStatus(packet)) socket.write(Buffer.alloc(64, 0xff));
    else say({ cmd: "puback", messageId: idOf(packet) });
  });
  const { outbox, publisher } = runPublisher(port, { protocol: "3.1.1" });
  outbox.add(...rows(1, 20));
  publisher.notify();
  await until(() => outbox.waiting().length === 0);
  expect(got.filter(({ cmd }) => cmd === "connect")).toHaveLength(2);
});

test("a black hole after the connection is noticed by the keep-alive alone", async () => {
  let isDead = false;
  const { port } = await rudeBroker((packet, say) => {
    if (isDead) return;
    if (packet.cmd === "publish") say({ cmd: "puback", messageId: idOf(packet) });
    if (packet.cmd === "pingreq") say({ cmd: "pingresp" });
  });
  const { publisher, troubles } = runPublisher(port, { protocol: "3.1.1", keepaliveMs: 1_000 });
  await until(() => publisher.stats().connected && publisher.stats().inFlight === 0);
  isDead = true;
  const since = Date.now();
  await until(() => troubles.length > 0);
  expect(Date.now() - since).toBeLessThanOrEqual(3_500);
  expect(troubles[0]).toMatchObject({ code: "MQTT_UNREACHABLE" });
});

test("a peer that never hangs up cannot hold up a stop", async () => {
  const { port } = await rudeBroker(() => undefined);
  const { outbox, publisher } = runPublisher(port, { protocol: "3.1.1" });
  outbox.add(...rows(1, 5));
  publisher.notify();
  await until(() => publisher.stats().inFlight > 0);
  const since = Date.now();
  await publisher.stop();
  expect(Date.now() - since).toBeLessThan(2_500);
  expect(outbox.waiting()).toHaveLength(5);
});
