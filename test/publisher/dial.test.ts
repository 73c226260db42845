/** A look at a broker beside the agent: it finds the protocol, says why it may not enter, and throws nobody out. */
import { afterEach, expect, test } from "vitest";
import { Fault } from "../../agent/core/fault.ts";
import { type Dialed, type DialSettings, dial } from "../../agent/publisher/dial.ts";
import { PUBLISHER_DEFAULTS } from "../../agent/publisher/settings.ts";
import { peer } from "../support/peers.ts";
import { endAll, onEnd, runPublisher, startAedes, startMosquitto, until } from "./real-brokers.ts";

afterEach(endAll);

async function look(port: number, more: Partial<DialSettings> = {}): Promise<Dialed> {
  const url = `mqtt://127.0.0.1:${port}`;
  const dialed = await dial({ ...PUBLISHER_DEFAULTS, url, clientId: "gw", ...more }, "t/test");
  onEnd(() => dialed.wire.drop());
  return dialed;
}

test("an old broker is spoken to in its own version", async () => {
  const { port } = await startAedes();
  expect(await look(port)).toMatchObject({ protocol: "3.1.1", where: `127.0.0.1:${port}` });
  await expect(look(port, { protocol: "5" })).rejects.toThrow(Fault);
});

test("nobody is thrown out: the agent stays connected", async () => {
  const { port, aedes } = await startAedes();
  const gone: string[] = [];
  aedes.on("clientDisconnect", ({ id }) => gone.push(id));
  const { publisher } = runPublisher(port);
  await until(() => publisher.stats().connected);
  const { wire } = await look(port, { protocol: "3.1.1" });
  await wire.close();
  await until(() => gone.length > 0);
  expect(gone.every((id) => /^gw-look-[0-9a-f]{6}$/.test(id))).toBe(true);
  expect(publisher.stats().connects).toBe(1);
});

test("where nobody listens is said", async () => {
  await expect(look(1)).rejects.toMatchObject({ code: "MQTT_UNREACHABLE" });
});

peer("mosquitto")("mosquitto", () => {
  test("MQTT 5 with its limits; strangers are refused", async () => {
    const { port } = await startMosquitto(["allow_anonymous true", "max_packet_size 4000"]);
    const { protocol, wire } = await look(port);
    expect(protocol).toBe("5");
    expect(wire.limits).toMatchObject({ maximumPacketSize: 4_000, retain: true });
    const closed = await startMosquitto(["allow_anonymous false"]);
    await expect(look(closed.port)).rejects.toMatchObject({ code: "MQTT_REFUSED" });
  });
});
