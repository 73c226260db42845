/**
 * Writes a bundle from one state of a store: what was recorded, never anything recomputed. Takes no time from a clock,
 * so that the same question gives the same bytes.
 */
import { bundledSchema, schemaNames } from "../../config/schemas.ts";
import type { Input } from "../core/input.ts";
import type { Sign } from "../record/chain.ts";
import { iso } from "../record/iso.ts";
import { CALC_VERSION } from "../record/message.ts";
import type { Reader } from "../store/read.ts";
import { type BundleWriter, FORMAT, lineOf, type Manifest, openBundle } from "./bundle.ts";
import { evidenceOf, type Selected, type Selection, select } from "./select.ts";

export interface ExportOptions extends Selection {
  /** Of the exporting agent. */
  version: string;
  /** Id of the gateway. */
  agent: string;
  /** The configuration as it is now, resolved. */
  config: { hash: string; config: unknown } | null;
  /** Signs for the whole; null: nobody does. */
  sign: Sign | null;
  /** State of the core and undelivered records, for another gateway. */
  handOver: { snapshot: string; nextSeq: number } | null;
}

const EVER = Number.MAX_SAFE_INTEGER;
const PAGE = 500;

/** The bundle and its manifest. Reads one state of the store, whatever is committed meanwhile. */
export function exportBundle(
  reader: Reader,
  options: ExportOptions,
): { bytes: Buffer; manifest: Manifest } {
  return reader.frozen(() => {
    const selected = select(reader, options);
    const writer = openBundle();
    putSchemas(writer);
    if (options.config !== null)
      writer.line("config", JSON.stringify({ type: "config", ...options.config }));
    putJournal(writer, reader, options, selected);
    for (const { record, chain } of evidenceOf(reader))
      if (selected.takes(record, chain))
        writer.line("record", lineOf.record(record.topic, record.payload));
    if (options.handOver !== null) putHandOver(writer, reader, options.handOver.snapshot);
    const manifest = manifestOf(reader, options, selected);
    return { bytes: writer.end(manifest, options.sign), manifest };
  });
}

function manifestOf(
  reader: Reader,
  { span, assets, version, agent, handOver }: ExportOptions,
  { chains }: Selected,
): Manifest {
  const until = reader.lastCommitAt();
  return {
    ...{ format: FORMAT, agent, version, calcVersion: CALC_VERSION },
    from: span === null ? null : iso(span.from),
    to: span === null ? null : iso(span.to),
    assets,
    until: until === null ? null : iso(until),
    handOver: handOver !== null,
    nextSeq: handOver?.nextSeq ?? Math.max(0, ...chains.map(({ seq }) => seq)) + 1,
    chains,
    keys: reader.keys(),
  };
}

function putSchemas(writer: BundleWriter): void {
  for (const name of schemaNames()) {
    const record = /^records\/([a-z]+)$/.exec(name)?.[1];
    if (record === undefined) continue;
    const schema = bundledSchema(name);
    writer.line("schema", JSON.stringify({ type: "schema", name: record, schema }));
  }
}

function putJournal(
  writer: BundleWriter,
  reader: Reader,
  { assets }: ExportOptions,
  { windows, reach }: Selected,
): void {
  const isOther = (input: Input): boolean =>
    assets !== null && "asset" in input && !assets.includes(input.asset ?? "");
  for (const input of reader.inputs(0, EVER))
    if (!isOther(input)) writer.line("input", lineOf.input(input));
  for (const window of windows) writer.line("window", lineOf.window(window));
  for (const [asset, { from, to }] of reach)
    for (const fact of reader.intervals(asset, from, to))
      writer.line("interval", lineOf.interval(fact));
  for (const [asset, { from, to }] of reach)
    for (const fact of reader.counts(asset, from, to)) writer.line("count", lineOf.count(fact));
  for (const gap of reader.gaps()) writer.line("gap", lineOf.gap(gap));
}

/** Undelivered records go along whole, to be delivered by the other gateway. */
function putHandOver(writer: BundleWriter, reader: Reader, snapshot: string): void {
  for (let page = reader.records(0, PAGE); page.length > 0; ) {
    for (const { state, note, ...record } of page)
      if (state === "waiting")
        writer.line("waiting", JSON.stringify({ type: "waiting", ...record }));
    page = reader.records(page.at(-1)?.seq ?? EVER, PAGE);
  }
  writer.line("snapshot", JSON.stringify({ type: "snapshot", state: snapshot }));
}
