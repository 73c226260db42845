/**
 * A record fact as the message that is published (DESIGN 5.4): text, camelCase maps, ratios and topic.
 * Knows nothing of sequence, chain or delivery; those are added at the commit (`chain.ts`).
 */
import type { RecordFact } from "../core/fact.ts";
import type { AssetModel, PlantModel } from "../core/model.ts";
import type { Millis } from "../core/time.ts";
import { assetTopic, contractTopic, gatewayTopic } from "../core/topic.ts";
import { contractPart } from "./contract.ts";
import { incidentBody, isChained } from "./incident.ts";
import { iso, isoOrNull } from "./iso.ts";
import { signalPart } from "./signal.ts";
import { windowBody, windowId } from "./window.ts";

/** Version of the calculation; a change of any published number raises it. */
export const CALC_VERSION = "1";

export interface Message {
  topic: string;
  retain: boolean;
  /** First part of the class: `window`, `state`, `event`, `meta`. */
  class: string;
  asset: string | null;
  /** True for evidence: final windows, revisions, closings of incidents and verdicts are chained. */
  chained: boolean;
  /** Not chained, and kept after delivery all the same: the course of incidents, maintenance signals. */
  kept?: true;
  at: Millis;
  /** Everything but `seq`, `replayed` and the chain. */
  body: Record<string, unknown>;
}

/** The message of a fact under the configuration it was made with. */
export function message(fact: RecordFact, model: PlantModel): Message {
  const { agent, root } = model;
  const asset = model.assets.find((candidate) => candidate.id === fact.asset) ?? null;
  const common = (schema: string, id: string): Record<string, unknown> => ({
    schema: `uptime.${schema}/1`,
    id,
    agent,
    asset: fact.asset,
    time: iso(fact.time),
    configHash: fact.configHash,
    calcVersion: CALC_VERSION,
  });
  const owner = fact.asset ?? "_gateway";
  const made = {
    retain: false,
    class: fact.class,
    asset: fact.asset,
    chained: false,
    at: fact.time,
  };
  const topicOf = (name?: string): string =>
    asset
      ? assetTopic(root, asset, fact.class, name)
      : gatewayTopic(root, agent, "event", name ?? "");
  switch (fact.class) {
    case "window": {
      const { kind, revision } = fact.body;
      const body = {
        ...common("window", windowId(agent, owner, fact.body, revision)),
        ...windowBody(fact.body, agent, owner, asset?.zone ?? model.zone),
      };
      return { ...made, topic: topicOf(kind), chained: fact.body.final, body };
    }
    case "state": {
      const { since, ...state } = fact.body;
      const id = `${agent}/${owner}/state/${fact.n}`;
      const body = { ...common("state", id), state: { ...state, since: iso(since) } };
      return { ...made, topic: topicOf(), retain: true, body };
    }
    case "event": {
      const { start, end, ...event } = fact.body;
      const id = `${agent}/${owner}/event/${fact.n}`;
      const span = { start: iso(start), end: isoOrNull(end) };
      const body = { ...common("event", id), event: { ...event, ...span } };
      return { ...made, topic: topicOf(fact.body.type), body };
    }
    case "meta": {
      const id = `${agent}/${owner}/meta/${fact.n}`;
      const body = { ...common("meta", id), meta: metaBody(asset, model) };
      return { ...made, topic: topicOf(), retain: true, body };
    }
    case "signal": {
      const { id: signal, version } = fact.body;
      const id = `${agent}/${owner}/signal/${signal}/${version}`;
      const body = { ...common("signal", id), signal: signalPart(fact.body) };
      return { ...made, topic: topicOf(signal), kept: true, body };
    }
    case "incident": {
      const { id: incident, version } = fact.body;
      const id = `${agent}/${owner}/incident/${incident}/${version}`;
      const body = { ...common("incident", id), incident: incidentBody(fact.body) };
      return { ...made, topic: topicOf(incident), chained: isChained(fact.body), kept: true, body };
    }
    case "contract": {
      const { contract, final } = fact.body;
      const id = `${agent}/_contract/contract/${contract}/${fact.version}`;
      const body = { ...common("contract", id), contract: contractPart(fact.body, fact.version) };
      return { ...made, topic: contractTopic(root, contract), chained: final, body };
    }
  }
}

function metaBody(asset: AssetModel | null, model: PlantModel): Record<string, unknown> {
  return {
    name: asset?.name ?? model.agent,
    zone: asset?.zone ?? model.zone,
    units: Object.fromEntries((asset?.points ?? []).map((point) => [point.id, point.unit])),
    recipes: (asset?.recipes ?? []).map(({ id, idealCycleUs, validFrom }) => ({
      id,
      idealCycleUs,
      validFrom: validFrom > 0 ? iso(validFrom) : null,
    })),
    calendar: asset?.calendar ?? null,
    windows: asset?.windows ?? [],
    microStopMs: asset?.microStopMs ?? 0,
    contracts: asset ? levelsOf(asset.id, model) : [],
  };
}

/** What was promised for an asset, so that a receiver needs no configuration. */
function levelsOf(asset: string, { contracts = [] }: PlantModel): Record<string, unknown>[] {
  const share = (level: { n: number; d: number } | null): number | null =>
    level === null ? null : Math.round((level.n / level.d) * 1e6) / 1e6;
  return contracts
    .filter(({ assets }) => assets.some(({ id }) => id === asset))
    .map(({ id, period, outcomes }) => ({
      id,
      period,
      outcomes: outcomes.map(({ metric, target, minimum }) => ({
        metric,
        target: share(target),
        minimum: share(minimum),
      })),
    }));
}
