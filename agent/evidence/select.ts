/** What of a store an export takes: the chained records of a span without a hole, and the journal that explains them. */
import type { Input } from "../core/input.ts";
import type { PlantModel } from "../core/model.ts";
import type { Millis, Span } from "../core/time.ts";
import { kindOf, windowId } from "../record/window.ts";
import { type JournalSource, kindsOf, replayJournal } from "../replay/from-journal.ts";
import { chainOf } from "../store/head.ts";
import type { Reader, StoredRecord, StoredWindow } from "../store/read.ts";
import type { BundleChain } from "./bundle.ts";
import { QUARANTINED } from "./read-store.ts";

const EVER = Number.MAX_SAFE_INTEGER;
const PAGE = 500;

export interface Selection {
  /** null: everything there is. */
  span: Span | null;
  /** null: all. */
  assets: string[] | null;
}

export interface Selected {
  chains: BundleChain[];
  /** From the first record of the span to the last, so that no chain has a hole. */
  takes(record: StoredRecord, chain: string): boolean;
  windows: StoredWindow[];
  /** By asset, the span of the journal that its windows are made from. */
  reach: Map<string, Span>;
}

type Payload = Record<string, unknown> & { id: string; agent: string; hash: string };
/** A record that is kept, read. */
export interface Evidenced {
  record: StoredRecord;
  payload: Payload;
  chain: string;
}

/** Chained records alone: the steps of incidents and signals are kept beside them. */
export function* linkedOf(reader: Reader, after = 0): Generator<Evidenced> {
  for (const row of evidenceOf(reader, after)) if (typeof row.payload.hash === "string") yield row;
}

/** Every record that is kept, beyond `after`, and was not set aside, in order. */
export function* evidenceOf(reader: Reader, after = 0): Generator<Evidenced> {
  for (let page = reader.evidence(after, PAGE); page.length > 0; ) {
    for (const record of page)
      if (!record.note?.startsWith(QUARANTINED)) yield { record, ...read(record) };
    page = reader.evidence(page.at(-1)?.seq ?? EVER, PAGE);
  }
}

/** A payload that is damaged beyond reading is still one of its asset's. */
function read({ payload: text, asset }: StoredRecord): Omit<Evidenced, "record"> {
  try {
    const payload = JSON.parse(text) as Payload;
    return { payload, chain: chainOf(payload) };
  } catch {
    return { payload: { id: "", agent: "", hash: "" }, chain: asset ?? "_gateway" };
  }
}

export function select(reader: Reader, { span, assets }: Selection): Selected {
  const isOwn = (chain: string): boolean => assets === null || assets.includes(chain);
  let [from, to] = [EVER, 0];
  for (const { record, payload, chain } of evidenceOf(reader)) {
    if (!isOwn(chain) || (span !== null && !concerns(record, payload, span))) continue;
    from = Math.min(from, record.seq);
    to = record.seq;
  }
  const takes = ({ seq }: StoredRecord, chain: string): boolean =>
    isOwn(chain) && from <= seq && seq <= to;
  const { chains, ids } = chainsOf(reader, takes);
  const models = knownModels(reader);
  const configured = models.flatMap(({ assets: known }) => known.map(({ id }) => id));
  const own = [...new Set(configured)].sort().filter(isOwn);
  const windows = windowsOf(reader, own, kindsOf(models), span).filter((window) =>
    isTaken(window, ids),
  );
  return { chains, takes, windows, reach: reachOf(reader, own, windows, span) };
}

const isTaken = ({ asset, body }: StoredWindow, ids: Set<string>): boolean =>
  ids.has(windowId("", asset, body, body.revision).slice(1));

/** A window belongs to a span that it touches, anything else to that of its instant. */
function concerns(record: StoredRecord, payload: Payload, { from, to }: Span): boolean {
  const window = payload["window"] as { from: string; to: string } | undefined;
  if (!window) return from <= record.at && record.at < to;
  return Date.parse(window.from) < to && Date.parse(window.to) > from;
}

/** The chains as they will be cut, and the records without their agent's name. */
function chainsOf(
  reader: Reader,
  takes: Selected["takes"],
): { chains: BundleChain[]; ids: Set<string> } {
  const chains = new Map<string, BundleChain>();
  const ids = new Set<string>();
  for (const { record, payload, chain } of linkedOf(reader)) {
    if (!takes(record, chain)) continue;
    const { agent, hash, id } = payload;
    ids.add(id.slice(agent.length + 1));
    const key = `${agent} ${chain}`;
    const begins = (payload["prev"] ?? null) as string | null;
    const known = chains.get(key) ?? { agent, chain, begins, records: 0, head: hash, seq: 0 };
    chains.set(key, { ...known, records: known.records + 1, head: hash, seq: record.seq });
  }
  return { chains: [...chains.values()], ids };
}

/** Every plant that was ever configured. */
const knownModels = (reader: Reader): PlantModel[] =>
  [...reader.inputs(0, EVER)].flatMap((input) => (input.kind === "config" ? [input.model] : []));

/** The latest revision of every final window that touches the span. */
function windowsOf(
  reader: Reader,
  assets: string[],
  kinds: string[],
  span: Span | null,
): StoredWindow[] {
  return assets.flatMap((asset) =>
    kinds.flatMap((kind) =>
      reader
        .windows(asset, kind, 0, span?.to ?? EVER)
        .filter(({ body }) => body.final && (span === null || body.to > span.from)),
    ),
  );
}

/** The span itself and, as making the windows anew shows, what else of the journal they need. */
function reachOf(
  reader: Reader,
  assets: string[],
  windows: StoredWindow[],
  span: Span | null,
): Map<string, Span> {
  const own = span ?? { from: 0, to: EVER };
  const reach = new Map(assets.map((asset) => [asset, own]));
  const note = (asset: string, from: Millis, to: Millis): void => {
    const known = reach.get(asset) ?? own;
    reach.set(asset, { from: Math.min(known.from, from), to: Math.max(known.to, to) });
  };
  const source: JournalSource = {
    inputs: (from, to): Generator<Input> => reader.inputs(from, to),
    windows: (asset, kind) =>
      windows.filter((window) => window.asset === asset && kindOf(window.body) === kind),
    intervals(asset, from, to) {
      note(asset, from, to);
      return reader.intervals(asset, from, to);
    },
    counts(asset, from, to) {
      note(asset, from, to);
      return reader.counts(asset, from, to);
    },
  };
  replayJournal(source, null, () => {});
  return reach;
}
