/** Against a real broker in this process (MQTT 3.1.1 only), with connections that are killed. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, expect, test } from "vitest";
import { row, rows } from "./memory-outbox.ts";
import {
  endAll,
  idsOf,
  onlineOf,
  QUICK,
  runPublisher,
  scratch,
  startAedes,
  startProxy,
  until,
} from "./real-brokers.ts";

afterEach(endAll);

test("auto speaks 3.1.1 to it, everything arrives once and in order", async () => {
  const { port, received } = await startAedes();
  const { publisher, outbox, troubles } = runPublisher(port);
  outbox.add(...rows(1, 1_000));
  publisher.notify();
  await until(() => outbox.waiting().length === 0);
  expect(idsOf(received)).toEqual(rows(1, 1_000).map(({ seq }) => `gw/a/${seq}`));
  expect(publisher.stats().protocol).toBe("3.1.1");
  expect(troubles).toEqual([]);
});

test("a backlog longer than MQTT has packet ids", async () => {
  const { port, aedes } = await startAedes();
  const seen = new Set<string>();
  aedes.on("publish", ({ payload }, client) => {
    if (client) seen.add(String(payload));
  });
  const { publisher, outbox } = runPublisher(port, { protocol: "3.1.1", settleCount: 5_000 });
  for (const one of rows(1, 70_000)) outbox.add(one);
  publisher.notify();
  await until(() => outbox.waiting().length === 0, 18_000);
  expect(seen.size).toBe(70_000 + 1);
  expect(publisher.stats().connects).toBe(1);
});

test("killed connections: every id arrives, nothing is parked", async () => {
  const { port, received } = await startAedes();
  const proxy = await startProxy(port);
  const { publisher, outbox, parked } = runPublisher(proxy.port, { protocol: "3.1.1" });
  let seq = 0;
  const stop = Date.now() + 1_500;
  while (Date.now() < stop) {
    outbox.add(...rows(seq + 1, seq + 40));
    seq += 40;
    publisher.notify();
    await new Promise((resolve) => setTimeout(resolve, 10));
    if (seq % 400 === 0) proxy.cut();
  }
  await until(() => outbox.waiting().length === 0);
  expect(proxy.connections).toBeGreaterThan(5);
  expect(new Set(idsOf(received))).toEqual(new Set(rows(1, seq).map((one) => `gw/a/${one.seq}`)));
  expect(parked).toEqual([]);
});

test("a killed socket lets the broker publish the will, a stop says goodbye itself", async () => {
  const { port, received } = await startAedes();
  const proxy = await startProxy(port);
  const { publisher } = runPublisher(proxy.port, { protocol: "3.1.1" });
  await until(() => onlineOf(received).length === 1);
  proxy.cut();
  await until(() => onlineOf(received).length === 3);
  // The new connection may overtake the will of the old one.
  expect(onlineOf(received).filter((isOnline) => !isOnline)).toHaveLength(1);
  await until(() => publisher.stats().connected);
  const before = onlineOf(received).length;
  await publisher.stop();
  expect(onlineOf(received).slice(before)).toEqual([false]);
});

test("after a clean stop there is no will", async () => {
  const { port, received, aedes } = await startAedes();
  const { publisher } = runPublisher(port);
  await until(() => onlineOf(received).length === 1);
  const gone = new Promise((resolve) => aedes.once("clientDisconnect", resolve));
  await publisher.stop();
  await gone;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(onlineOf(received)).toEqual([true, false]);
});

test("a wrong password is refused once, the right one is read from the file, neither is told", async () => {
  const { port, received } = await startAedes({
    authenticate: (_, user, password, done) =>
      done(null, user === "press" && String(password) === "open sesame"),
  });
  const passwordFile = join(scratch(), "password");
  writeFileSync(passwordFile, "wrong horse\n", { mode: 0o600 });
  const backoff = { ...QUICK, slowMs: 200 };
  const own = { username: "press", passwordFile, backoff, protocol: "3.1.1" } as const;
  const { troubles, publisher } = runPublisher(port, own);
  await until(() => troubles.length > 0);
  expect(troubles[0]?.code).toBe("MQTT_REFUSED");
  expect(publisher.stats().connects).toBe(0);
  writeFileSync(passwordFile, "open sesame\n");
  await until(() => onlineOf(received).length === 1);
  expect(troubles).toHaveLength(1);
  expect(inspect(troubles, { depth: 9 })).not.toMatch(/horse|sesame/);
});

test("a broker that hangs up on one row: it is parked, the rest arrives", async () => {
  const { port, received } = await startAedes({
    authorizePublish: (_, packet, done) => {
      const isPoison = String(packet.payload).includes('"seq":37}');
      done(isPoison ? new Error("no") : null);
    },
  });
  const { outbox, publisher, parked } = runPublisher(port, { protocol: "3.1.1" });
  outbox.add(...rows(1, 300));
  publisher.notify();
  await until(() => outbox.waiting().length === 0);
  expect(parked).toEqual([37]);
  expect(new Set(idsOf(received)).size).toBe(299);
});

test("a broker that never acknowledges is left, and what waits is kept", async () => {
  let isMute = true;
  const { port, received } = await startAedes({
    authorizePublish: (_, packet, done) => {
      if (!isMute) done(null);
      else packet.payload = Buffer.alloc(0);
    },
  });
  const { outbox, publisher, troubles } = runPublisher(port, { ackTimeoutMs: 200 });
  outbox.add(row(1));
  publisher.notify();
  await until(() => troubles.length > 0);
  expect(troubles[0]?.code).toBe("MQTT_ACK_LATE");
  expect(outbox.waiting()).toEqual([1]);
  isMute = false;
  await until(() => outbox.waiting().length === 0);
  expect(idsOf(received)).toEqual(["gw/a/1"]);
});
