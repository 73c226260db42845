/** The longest topic that a configuration can publish to, which `check` reports. */
import { longestTopic } from "../agent/core/topic.ts";
import type { Config } from "./types.ts";

/** The topic itself; at most 200 bytes and 8 levels, or the configuration would not have loaded. */
export function longestTopicOf(config: Config): string {
  const { enterprise, site, id } = config.gateway;
  const root = { namespace: config.mqtt.namespace, enterprise, site };
  const assets = Object.entries(config.assets).map(([name, { area, line }]) => {
    return { area, line, id: name };
  });
  return longestTopic(root, id, assets, Object.keys(config.contracts));
}
