/**
 * A record fact as the message that is published (DESIGN 5.4): text, camelCase maps, ratios and topic.
 * Knows nothing of sequence, chain or delivery; those are added at the commit (`chain.ts`).
 */
import type { RecordFact, WindowBody } from "../core/fact.ts";
import { measure } from "../core/measure.ts";
import type { AssetModel, PlantModel } from "../core/model.ts";
import type { Millis } from "../core/time.ts";
import { assetTopic, gatewayTopic } from "../core/topic.ts";

/** Version of the calculation; a change of any published number raises it. */
export const CALC_VERSION = "1";

export interface Message {
  topic: string;
  retain: boolean;
  /** First part of the class: `window`, `state`, `event`, `meta`. */
  class: string;
  asset: string | null;
  /** True for evidence: final windows and revisions are chained. */
  chained: boolean;
  at: Millis;
  /** Everything but `seq`, `replayed` and the chain. */
  body: Record<string, unknown>;
}

/** RFC 3339 in UTC with milliseconds. */
export const iso = (at: Millis): string => new Date(at).toISOString();
const isoOrNull = (at: Millis | null): string | null => (at === null ? null : iso(at));

/** `planned-stop` as a key: `plannedStop`. */
const camel = (word: string): string =>
  word.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

const camelKeys = (map: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [camel(key), value]));

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
  }
}

const windowId = (agent: string, asset: string, body: WindowBody, revision: number): string =>
  `${agent}/${asset}/${body.kind}/${iso(body.from)}/${revision}`;

function windowBody(
  body: WindowBody,
  agent: string,
  asset: string,
  zone: string,
): Record<string, unknown> {
  const { sums } = body;
  const m = measure(sums);
  const { supersedes } = body;
  return {
    window: {
      kind: body.kind,
      from: iso(body.from),
      to: iso(body.to),
      zone,
      localDate: body.localDate,
      shift: body.shift,
      lengthMs: body.to - body.from,
      revision: body.revision,
      final: body.final,
      supersedes: supersedes === null ? null : windowId(agent, asset, body, supersedes),
      ...(body.revision >= 2 ? { by: body.by, why: body.why } : {}),
    },
    conditionMs: camelKeys(sums.conditionMs),
    scheduleMs: camelKeys(sums.scheduleMs),
    attributionMs: camelKeys(sums.attributionMs),
    unknownMs: camelKeys(sums.unknownMs),
    microStops: sums.microStops,
    edgeUncertaintyMs: sums.edgeUncertaintyMs,
    counts: m.counts,
    countsOutside: m.outside,
    recipes: m.recipes,
    oee: m.oee,
    uptime: m.uptime,
    reliability: {
      failures: sums.failures,
      operatingMs: sums.runMs,
      restoredMs: sums.restoredMs,
      open: sums.open,
    },
    coverage: m.coverage,
    clock: sums.clock,
    flags: m.flags,
  };
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
    contracts: [],
  };
}
