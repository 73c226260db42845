/**
 * MQTT topics of the records, DESIGN 5.4: at most 8 levels and 200 bytes. Builds strings only; ids were checked
 * by the configuration schema (one level, `[a-z0-9-]{1,32}`), so characters are bytes.
 */
import { WINDOW_KINDS } from "./vocabulary.ts";

/** What every topic of a gateway begins with. `namespace` may have several levels. */
export interface TopicRoot {
  namespace: string;
  enterprise: string;
  site: string;
}

export interface TopicAsset {
  area: string;
  line: string;
  id: string;
}

export const TOPIC_MAX_BYTES = 200;
export const TOPIC_MAX_LEVELS = 8;

const EVENT_TYPES = ["comm", "clock", "config", "stop", "data"];

const root = (at: TopicRoot): string => `${at.namespace}/${at.enterprise}/${at.site}`;

/** `name`: window kind, event type, signal or incident id; left out for `state` and `meta`. */
export function assetTopic(
  at: TopicRoot,
  asset: TopicAsset,
  recordClass: string,
  name?: string,
): string {
  const topic = `${root(at)}/${asset.area}/${asset.line}/${asset.id}/${recordClass}`;
  return name === undefined ? topic : `${topic}/${name}`;
}

/** `status` (also the will), `event` with its type, `command`, where acts come in, with `answer`, or `test`. */
export function gatewayTopic(
  at: TopicRoot,
  gateway: string,
  recordClass: "status" | "event" | "command" | "test",
  name?: string,
): string {
  const topic = `${root(at)}/_gateway/${gateway}/${recordClass}`;
  return name === undefined ? topic : `${topic}/${name}`;
}

export function contractTopic(at: TopicRoot, contract: string): string {
  return `${root(at)}/_contract/${contract}`;
}

/** Is the topic inside the limits that every broker and cloud platform in use accepts? */
export function topicFits(topic: string): boolean {
  return topic.length <= TOPIC_MAX_BYTES && topic.split("/").length <= TOPIC_MAX_LEVELS;
}

/**
 * The longest topic that this gateway can ever publish to, the first of equals.
 * `signals` are the ids under `signal/` and `incident/`.
 */
export function longestTopic(
  at: TopicRoot,
  gateway: string,
  assets: TopicAsset[],
  contracts: string[] = [],
  signals: string[] = [],
): string {
  const topics = EVENT_TYPES.map((type) => gatewayTopic(at, gateway, "event", type));
  topics.push(gatewayTopic(at, gateway, "status"));
  for (const contract of contracts) topics.push(contractTopic(at, contract));
  for (const asset of assets) {
    for (const kind of WINDOW_KINDS) topics.push(assetTopic(at, asset, "window", kind));
    for (const type of EVENT_TYPES) topics.push(assetTopic(at, asset, "event", type));
    for (const id of signals) topics.push(assetTopic(at, asset, "incident", id));
  }
  return topics.reduce((longest, topic) => (topic.length > longest.length ? topic : longest));
}
