/** A window as it is published: camelCase maps, ratios for reading. Integers are the record. */
import type { WindowBody } from "../core/journal.ts";
import { measure } from "../core/window/measure.ts";
import { iso } from "./iso.ts";

/** `planned-stop` as a key: `plannedStop`. */
const camel = (word: string): string =>
  word.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

const camelKeys = (map: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [camel(key), value]));

/** The kind as ids and the journal have it: a contract's period is `period:{contract}`. */
export const kindOf = ({ kind, contract }: WindowBody): string =>
  contract === undefined ? kind : `${kind}:${contract}`;

/** `{agent}/{asset}/{kind}/{from}/{revision}`. */
export const windowId = (
  agent: string,
  asset: string,
  body: WindowBody,
  revision: number,
): string => `${agent}/${asset}/${kindOf(body)}/${iso(body.from)}/${revision}`;

export function windowBody(
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
      ...(body.contract === undefined ? {} : { contract: body.contract }),
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
