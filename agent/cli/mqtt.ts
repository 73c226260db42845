/**
 * `mqtt test|tail`: what the broker lets this gateway do, and what is published below its site. A client of its own,
 * so the agent may run meanwhile; publishes nothing but a test message that nobody keeps.
 */
import { randomBytes } from "node:crypto";
import { systemClock } from "../clock.ts";
import { duration } from "../commission/target.ts";
import { Fault } from "../core/fault.ts";
import { gatewayTopic } from "../core/topic.ts";
import { brokerSettings } from "../delivery.ts";
import { loadPlant, type Plant } from "../plant.ts";
import { type Dialed, dial } from "../publisher/dial.ts";
import type { Incoming } from "../publisher/wire.ts";
import { EXIT, type GlobalOptions, print, say } from "./output.ts";

export type MqttOptions = GlobalOptions & { config: string };

const PATIENCE_MS = 10_000;
/** Reason codes from here on are refusals. */
const REFUSED = 128;
const SHOWN = 160;

interface Report {
  where: string;
  protocol: string;
  tls: boolean;
  connectMs: number;
  subscribed: boolean;
  /** Reason code of the PUBACK; null: none came. */
  published: number | null;
  acknowledgedMs: number | null;
  /** Until the test message came back; null: it did not. */
  roundTripMs: number | null;
  limits: { receiveMaximum: number; maximumPacketSize: number | null; retain: boolean };
}

/** 0 when the broker takes what the agent sends, 1 when it refuses some, 69 when it cannot be reached. */
export async function testBroker(options: MqttOptions): Promise<number> {
  const plant = loadPlant(options.config);
  const patience =
    options.timeout === undefined ? PATIENCE_MS : duration("--timeout", options.timeout);
  const began = systemClock.mono();
  const { dialed, topic } = await look(plant);
  const connectMs = Math.round(systemClock.mono() - began);
  const tried = await roundTrip(dialed, topic, patience);
  await finish(dialed);
  const { receiveMaximum, maximumPacketSize, retain } = dialed.wire.limits;
  const report: Report = {
    ...{ where: dialed.where, protocol: dialed.protocol, connectMs, ...tried },
    tls: plant.config.mqtt.url?.startsWith("mqtts:") === true,
    limits: {
      ...{ receiveMaximum, retain },
      maximumPacketSize: Number.isFinite(maximumPacketSize) ? maximumPacketSize : null,
    },
  };
  if (options.json) print(JSON.stringify(report));
  else for (const line of linesOf(report, topic)) print(line);
  const isGood = report.published !== null && report.published < REFUSED && retain;
  if (!isGood)
    say(
      `next: allow this client to publish below ${topic.replace(/[^/]*$/, "")}, retained messages too`,
    );
  return isGood ? EXIT.done : EXIT.failed;
}

async function look(plant: Plant): Promise<{ dialed: Dialed; topic: string }> {
  const settings = brokerSettings(plant);
  if (settings === null)
    throw new Fault("MQTT_UNREACHABLE", `${plant.file} names no broker: mqtt.url is missing`);
  const topic = gatewayTopic(plant.model.root, plant.model.agent, "test");
  return { dialed: await dial(settings, topic), topic };
}

async function roundTrip(
  { wire }: Dialed,
  topic: string,
  patienceMs: number,
): Promise<Pick<Report, "subscribed" | "published" | "acknowledgedMs" | "roundTripMs">> {
  const mark = randomBytes(8).toString("hex");
  const enough = new AbortController();
  const late = systemClock.sleep(systemClock.mono() + patienceMs, enough.signal).then(() => null);
  const within = <T>(promise: Promise<T>): Promise<T | null> => Promise.race([promise, late]);
  let heard: () => void = () => {};
  const back = new Promise<number>((resolve) => {
    heard = () => resolve(systemClock.mono());
  });
  const granted = await within(
    new Promise<number>((resolve) =>
      wire.subscribe(topic, ({ payload }) => String(payload) === mark && heard(), resolve),
    ),
  );
  const sent = systemClock.mono();
  const published = await within(
    new Promise<number>((resolve) =>
      wire.publish({ topic, payload: mark, retain: false }, resolve),
    ),
  );
  const acknowledgedMs = published === null ? null : systemClock.mono() - sent;
  const subscribed = granted !== null && granted < REFUSED;
  const returned =
    subscribed && published !== null && published < REFUSED ? await within(back) : null;
  enough.abort();
  const rounded = (ms: number | null): number | null =>
    ms === null ? null : Math.round(ms * 10) / 10;
  return {
    ...{ subscribed, published, acknowledgedMs: rounded(acknowledgedMs) },
    roundTripMs: rounded(returned === null ? null : returned - sent),
  };
}

function linesOf(report: Report, topic: string): string[] {
  const {
    where,
    protocol,
    tls,
    connectMs,
    subscribed,
    published,
    acknowledgedMs,
    roundTripMs,
    limits,
  } = report;
  const { receiveMaximum, maximumPacketSize, retain } = limits;
  return [
    `broker ${where}, MQTT ${protocol}${tls ? ", TLS" : ""}, connected in ${connectMs} ms`,
    `topic ${topic}`,
    `subscribe ${subscribed ? "granted" : "refused"}`,
    published === null
      ? "publish without acknowledgement"
      : `publish ${published < REFUSED ? "acknowledged" : `rejected (reason ${published})`} after ${acknowledgedMs} ms`,
    roundTripMs === null ? "the test message did not come back" : `round trip ${roundTripMs} ms`,
    `limits: ${receiveMaximum} unacknowledged, packets ${maximumPacketSize ?? "of any size"}${maximumPacketSize === null ? "" : " bytes"}, retained messages ${retain ? "taken" : "REFUSED"}`,
  ];
}

/** Until interrupted, or for `--timeout`; every message below the site as it arrives. */
export async function tailBroker(options: MqttOptions): Promise<number> {
  const plant = loadPlant(options.config);
  const { dialed } = await look(plant);
  const { namespace, enterprise, site } = plant.model.root;
  const filter = `${namespace}/${enterprise}/${site}/#`;
  const refused = new Promise<number>((resolve) => {
    dialed.wire.subscribe(
      filter,
      (message) => print(options.json ? jsonOf(message) : lineOf(message)),
      (reason) => reason >= REFUSED && resolve(reason),
    );
  });
  say(`${filter} on ${dialed.where}, MQTT ${dialed.protocol}`);
  const enough = new AbortController();
  const end = options.timeout === undefined ? Infinity : duration("--timeout", options.timeout);
  const over =
    end === Infinity
      ? new Promise<null>(() => {})
      : systemClock.sleep(systemClock.mono() + end, enough.signal).then(() => null);
  const why = await Promise.race([over, refused, dialed.wire.lost]);
  enough.abort();
  if (why === null) {
    await finish(dialed);
    return EXIT.done;
  }
  dialed.wire.drop();
  const text = typeof why === "number" ? `${filter} is refused with reason ${why}` : why.text;
  throw new Fault("MQTT_REFUSED", `${dialed.where}: ${text}`);
}

const jsonOf = ({ topic, payload, retain }: Incoming): string => {
  const text = String(payload);
  let value: unknown = text;
  try {
    value = JSON.parse(text);
  } catch {
    // What is no JSON is shown as the text that it is.
  }
  return JSON.stringify({ topic, retain, payload: value });
};

const lineOf = ({ topic, payload, retain }: Incoming): string => {
  // Nothing that a sender writes may move the cursor.
  const text = String(payload).replace(/\p{Cc}/gu, " ");
  const cut = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  return `${topic}${retain ? " (retained)" : ""}  ${payload.length} B  ${cut}`;
};

/** Says goodbye; a broker that does not hang up is left. */
async function finish({ wire }: Dialed): Promise<void> {
  await Promise.race([wire.close(), systemClock.sleep(systemClock.mono() + 1_000)]);
  wire.drop();
}
