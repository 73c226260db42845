/** All checks across parts of a configuration, on what its schema left sound. */
import { longestTopic, TOPIC_MAX_BYTES, topicFits } from "../../agent/core/topic.ts";
import type { Draft, DraftAsset } from "../draft.ts";
import { didYouMean } from "../nearest.ts";
import type { Path } from "../problem.ts";
import { sizeBytes } from "../units.ts";
import { checkCalendar } from "./calendar.ts";
import { checkConnection, checkSources } from "./connection.ts";
import { checkContracts } from "./contract.ts";
import { checkIncidents, checkSeverities } from "./incident.ts";
import { checkPage } from "./page.ts";
import { checkPoints } from "./point.ts";
import { checkCounts, checkRecipes } from "./recipe.ts";
import { emptyReport, error, errorAtKey, type Report, warn } from "./report.ts";
import { checkRules } from "./rule.ts";
import { checkSignals } from "./signal.ts";
import { checkDuration, checkZone } from "./time.ts";

/** `drivers`: those that this agent has. */
export function crossCheck(draft: Draft, drivers: readonly string[]): Report {
  const report = emptyReport();
  checkZone(report, ["gateway", "timezone"], draft.gateway.timezone);
  checkStore(report, draft.store);
  checkMqtt(report, draft.mqtt);
  checkPage(report, draft.page);
  for (const [id, connection] of Object.entries(draft.connections)) {
    if (connection) checkConnection(report, ["connections", id], connection, drivers);
  }
  for (const [id, calendar] of Object.entries(draft.calendars)) {
    if (calendar) checkCalendar(report, ["calendars", id], calendar);
  }
  checkSeverities(report, draft);
  for (const [id, asset] of Object.entries(draft.assets)) {
    if (asset) checkAsset(report, ["assets", id], asset, draft);
  }
  checkContracts(report, draft);
  checkTopics(report, draft);
  return report;
}

function checkStore(report: Report, store: Draft["store"]): void {
  const years = { least: "1h", most: "36500d" };
  checkDuration(report, ["store", "raw", "keep"], store.raw?.keep, years);
  checkDuration(report, ["store", "aggregates"], store.aggregates, years);
  checkDuration(report, ["store", "retention"], store.retention, years);
  const sizes: [Path, string | undefined][] = [
    [["store", "maxSize"], store.maxSize],
    [["store", "raw", "maxSize"], store.raw?.maxSize],
  ];
  for (const [path, size] of sizes) {
    if (size !== undefined && sizeBytes(size) < sizeBytes("1MiB")) {
      error(report, path, `must be at least 1MiB, not ${size}`);
    }
  }
}

function checkMqtt(report: Report, mqtt: Draft["mqtt"]): void {
  checkDuration(report, ["mqtt", "ackDeadline"], mqtt.ackDeadline, { least: "1s", most: "1h" });
  const keepalive = checkDuration(report, ["mqtt", "keepalive"], mqtt.keepalive, {
    least: "1s",
    most: "18h",
  });
  if (keepalive !== null && keepalive % 1000 !== 0) {
    error(report, ["mqtt", "keepalive"], `must be whole seconds, not ${mqtt.keepalive}`);
  }
  checkUrl(report, mqtt.url);
  if (mqtt.passwordFile !== undefined && mqtt.username === undefined) {
    errorAtKey(report, ["mqtt", "passwordFile"], "needs `username`");
  }
  if (mqtt.cert !== undefined && mqtt.keyFile === undefined) {
    errorAtKey(report, ["mqtt", "cert"], "needs `keyFile`");
  } else if (mqtt.keyFile !== undefined && mqtt.cert === undefined) {
    errorAtKey(report, ["mqtt", "keyFile"], "needs `cert`");
  }
  for (const key of ["ca", "cert", "keyFile"] as const) {
    if (mqtt[key] === undefined || mqtt.url?.startsWith("mqtts:") !== false) continue;
    errorAtKey(report, ["mqtt", key], "only goes with an mqtts:// url");
  }
}

function checkUrl(report: Report, text: string | undefined): void {
  if (text === undefined) {
    warn(report, ["mqtt", "url"], "is missing: records stay in the outbox");
    return;
  }
  if (text.includes("@")) {
    const hint = "use `username` and `passwordFile`";
    error(report, ["mqtt", "url"], "holds a secret, and secrets are never in this file", hint);
  } else if (!URL.canParse(text)) {
    error(report, ["mqtt", "url"], "is not an address", "such as mqtt://127.0.0.1:1883");
  }
}

function checkAsset(report: Report, path: Path, asset: DraftAsset, draft: Draft): void {
  checkSources(report, path, asset, draft.connections);
  checkPoints(report, path, asset);
  checkRules(report, path, asset);
  checkCounts(report, path, asset);
  checkRecipes(report, path, asset);
  checkIncidents(report, path, asset, draft);
  const { calendar } = asset;
  if (calendar !== undefined && !Object.hasOwn(draft.calendars, calendar)) {
    const hint = didYouMean(calendar, Object.keys(draft.calendars));
    error(report, [...path, "calendar"], `there is no calendar ${calendar}`, hint);
  }
  checkSignals(report, path, asset);
}

/** Ids are bounded one by one, so only many long ones together break the limit. */
function checkTopics(report: Report, draft: Draft): void {
  const { enterprise, site, id } = draft.gateway;
  const { namespace } = draft.mqtt;
  if (enterprise === undefined || site === undefined || namespace === undefined) return;
  const root = { namespace, enterprise, site };
  for (const [name, asset] of Object.entries(draft.assets)) {
    const { area, line } = asset ?? {};
    if (area === undefined || line === undefined || id === undefined) continue;
    const topic = longestTopic(root, id, [{ area, line, id: name }]);
    if (topicFits(topic)) continue;
    const hint = "shorten the ids of enterprise, site, area, line or asset";
    const message = `makes a topic of ${topic.length} bytes, and brokers take ${TOPIC_MAX_BYTES}: ${topic}`;
    errorAtKey(report, ["assets", name], message, hint);
  }
}
