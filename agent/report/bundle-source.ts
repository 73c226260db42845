/**
 * An evidence bundle as what a report is made from, so that the other party prints the same report without the store.
 * Refuses a bundle that is not what its manifest tells; who signed it is for `verify` to say.
 */
import type { Config } from "../../config/types.ts";
import { Fault } from "../core/fault.ts";
import type { Millis } from "../core/time.ts";
import { excerptOf, type Lines } from "../evidence/excerpt.ts";
import { unpack } from "../evidence/read-bundle.ts";
import type { StoredRecord } from "../store/read.ts";
import type { Source } from "./report.ts";

export interface BundleSource {
  source: Source;
  /** The newest instant that it holds. */
  end: Millis | null;
  config: Config;
}

/** Throws Fault EVIDENCE_UNREADABLE. */
export function bundleSource(target: string, bytes: Uint8Array): BundleSource {
  const { manifest, lines, findings } = unpack(target, bytes);
  const [first] = findings;
  if (first) throw unreadable(target, `${first.detail}; \`uptime-agent verify\` says more`);
  const [config] = lines("config");
  if (config === undefined) throw unreadable(target, "it holds no configuration");
  const records = recordsOf(lines);
  return {
    source: { ...excerptOf(lines), records, evidence: records },
    end: manifest.until === null ? null : Date.parse(manifest.until),
    config: (JSON.parse(config) as { config: Config }).config,
  };
}

const unreadable = (target: string, why: string): Fault =>
  new Fault("EVIDENCE_UNREADABLE", `${target}: ${why}`, { target });

/** Records with `seq` above `afterSeq`, ascending, as a store reads them. */
function recordsOf(lines: Lines): (afterSeq: number, limit: number) => StoredRecord[] {
  let all: StoredRecord[] | null = null;
  return (afterSeq, limit) => {
    all ??= lines("record")
      .map(recordOf)
      .sort((a, b) => a.seq - b.seq);
    const first = all.findIndex(({ seq }) => seq > afterSeq);
    return first < 0 ? [] : all.slice(first, first + limit);
  };
}

function recordOf(line: string): StoredRecord {
  const { topic, payload } = JSON.parse(line) as { topic: string; payload: Payload };
  return {
    ...{ seq: payload.seq, at: Date.parse(payload.time), topic, payload: JSON.stringify(payload) },
    class: /^uptime\.([a-z]+)\//.exec(payload.schema)?.[1] ?? "",
    ...{ asset: payload.asset, state: "delivered", note: null },
  };
}

interface Payload {
  seq: number;
  time: string;
  schema: string;
  asset: string | null;
}
