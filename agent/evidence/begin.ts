/**
 * Key, store and chains of a run, before anything enters: the key is made or refused, the store opened, damaged chains
 * set aside. Declares nothing itself; `tellBreaks` does, once there is a pipeline.
 */

import type { Millis } from "../core/time.ts";
import type { Log } from "../log.ts";
import type { Pipeline } from "../pipeline.ts";
import type { Plant } from "../plant.ts";
import { openPlantStore, storePaths } from "../storage.ts";
import type { Disagreement } from "../store/head.ts";
import type { Recovered, Store } from "../store/port.ts";
import { type GatewayKey, openGatewayKey } from "./key.ts";
import { mendChains } from "./mend.ts";
import { breakNotice, type ChainBreak, keyNotice } from "./notice.ts";
import { QUARANTINED } from "./read-store.ts";
import { isSigned, publicKeyOf } from "./signature.ts";

export interface Ledger {
  store: Store;
  /** With the heads to go on from. */
  recovered: Recovered;
  key: GatewayKey;
  breaks: ChainBreak[];
  /** The records so far were signed by another key. */
  isRekeyed: boolean;
}

/** Throws Faults of the key (KEY_EXPOSED, KEY_UNREADABLE) and of the store. */
export async function openLedger(plant: Plant, now: Millis): Promise<Ledger> {
  const { keys, database } = storePaths(plant);
  const key = openGatewayKey(keys);
  const { id, publicKey } = key;
  const { store, recovered } = await openPlantStore(plant, now, { id, publicKey });
  const chains = plant.model.assets.map((asset) => asset.id);
  const { heads, breaks, damaged } = await mendChains(recovered, chains, async () => {
    // Loaded only here, as the main thread has no other use for SQLite.
    const { openReader } = await import("../store/read.ts");
    return openReader(database);
  });
  for (const { seq, why } of damaged) await store.quarantine([seq], `${QUARANTINED}${why}`);
  const isRekeyed = isNewTo(recovered.tails, plant.model.agent, key);
  return { store, recovered: { ...recovered, heads }, key, breaks, isRekeyed };
}

/** Whether this gateway signed the last record of every chain, and none with this key. */
function isNewTo(tails: Recovered["tails"], agent: string, { publicKey }: GatewayKey): boolean {
  const own = publicKeyOf(publicKey);
  const signed = tails.flatMap(({ payload }) => signedBy(agent, payload));
  if (own === null || signed.length === 0) return false;
  return !signed.some(({ hash, signature }) => isSigned(own, hash, signature));
}

function signedBy(agent: string, payload: string | null): { hash: string; signature: string }[] {
  try {
    const record = JSON.parse(payload ?? "{}") as Record<string, unknown>;
    const { hash, signature } = record;
    if (record["agent"] !== agent || typeof hash !== "string" || typeof signature !== "string")
      return [];
    return [{ hash, signature }];
  } catch {
    // Damage is told as such.
    return [];
  }
}

const REKEYED =
  "`uptime-agent verify --key` needs both keys from now on; if nobody moved the old one away, find out who did";

/** Says in the log and in `event/config` that another key signs from now on. */
export function tellKey(
  pipeline: Pick<Pipeline, "offer">,
  at: Millis,
  { key, isRekeyed }: Pick<Ledger, "key" | "isRekeyed">,
  log: Log,
): void {
  if (!isRekeyed) return;
  log.error("records are signed with another key from now on", { signer: key.id, hint: REKEYED });
  pipeline.offer(keyNotice(at, key));
}

const HINT = "`uptime-agent verify` names the first bad record; keep the store, it is evidence";

/** Says in the log and in `event/data` where chains go on behind damage. */
export function tellBreaks(
  pipeline: Pick<Pipeline, "offer">,
  at: Millis,
  breaks: ChainBreak[],
  log: Log,
): void {
  for (const each of breaks) {
    log.error("a chain is damaged and goes on with a declared break", { ...each, hint: HINT });
    pipeline.offer(breakNotice(at, each));
  }
}

/** The store was changed while the agent ran: the agent's own heads hold, what differs is set aside. */
export function tellDisagreements(
  {
    store,
    pipeline,
  }: { store: Pick<Store, "quarantine">; pipeline: Pick<Pipeline, "offer" | "core"> },
  disagreed: Disagreement[],
  log: Log,
): void {
  const breaks = disagreed.map(({ chain, head, what }) => ({
    ...{ chain, why: what, head: head.hash, headSeq: head.seq, prev: head.hash },
  }));
  tellBreaks(pipeline, pipeline.core.state.now, breaks, log);
  for (const { head, what, isRecord } of disagreed)
    if (isRecord)
      store
        .quarantine([head.seq], `${QUARANTINED}${what}`)
        .catch((error) => log.error("a damaged record could not be marked", { error }));
}
