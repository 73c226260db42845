/** The machine under acceptance: what its steps need to know of the configuration. Reads nothing else. */
import type { CountsModel, RuleModel } from "../core/model.ts";
import { plantPlan } from "../core/plant.ts";
import type { Millis } from "../core/time.ts";
import type { Plant } from "../plant.ts";
import { flowText } from "../setup/flow.ts";

export interface Counter {
  role: keyof CountsModel;
  /** Id of its point. */
  id: string;
  modulus: bigint;
  pieces: number;
  pollMs: Millis;
}

export interface Rule {
  is: RuleModel["is"];
  /** Its fixed reason, null where it has none or reads it. */
  reason: string | null;
  /** As configured, for people; null: always true. */
  when: string | null;
}

export interface Subject {
  asset: string;
  name: string;
  /** Points that rules and counters read. */
  matters: string[];
  counters: Counter[];
  rules: Rule[];
  /** Connections with a cable between gateway and machine. */
  cables: string[];
  /** The longest of its sources. */
  holdMs: Millis;
  pollMs: Millis;
  /** The longest it may take until the core shows what the machine does: hold, dwell, a counter that stands, one poll. */
  reactionMs: Millis;
}

/** Of an asset that is in the plant. */
export function subjectOf(plant: Plant, asset: string): Subject {
  const plan = plantPlan(plant.model).assets.get(asset);
  if (!plan) throw new RangeError(`no asset ${asset}`);
  const { model } = plan;
  const pollMs = Math.max(...model.sources.map((source) => source.pollMs));
  const counters = plan.counters.flatMap(({ role, point }): Counter[] => {
    const { id, source, counter } = model.points[point] ?? {};
    if (id === undefined || source === undefined || !counter) return [];
    const { modulus, pieces } = counter;
    return [{ role, id, modulus, pieces, pollMs: model.sources[source]?.pollMs ?? pollMs }];
  });
  const configured = plant.config.assets[asset]?.condition ?? [];
  const used = new Set(
    plant.sources.flatMap((source) => (source.asset === asset ? [source.connection] : [])),
  );
  return {
    asset,
    name: model.name,
    matters: model.points.flatMap(({ id }, i) =>
      plan.rulePoint[i] || counters.some((counter) => counter.id === id) ? [id] : [],
    ),
    counters,
    rules: model.rules.map(({ is, reason, when }, i) => ({
      is,
      reason: reason && "text" in reason ? reason.text : null,
      when: when === null ? null : flowText(configured[i]?.when ?? null),
    })),
    cables: plant.connections.flatMap(({ id, driver }) =>
      used.has(id) && driver !== "gpio" ? [id] : [],
    ),
    holdMs: plan.longestHoldMs,
    pollMs,
    reactionMs: plan.settleMs - model.microStopMs + pollMs,
  };
}
