/** What a store, a bundle and a stream have in common when they are verified. Types, and reading declarations. */
import type { Millis } from "../core/time.ts";
import type { JournalSource } from "../replay/from-journal.ts";
import type { Heads } from "../store/head.ts";
import type { PublishedKey } from "../store/port.ts";
import type { Judged } from "./judge.ts";
import type { DeclaredBreak, Finding, Report } from "./report.ts";

/** A judged record and where it stands. */
export interface Row extends Judged {
  /** Line of the file, from 1; null in a store. */
  line: number | null;
}

/** A chain as its exporter cut it. */
export interface Cut {
  chain: string;
  agent: string;
  /** What its first record links to. */
  begins: string | null;
}

export interface Evidence {
  target: string;
  kind: Report["kind"];
  rows: Row[];
  declared: Declared;
  /** Heads as kept beside the records, null where nobody did. */
  heads: Heads | null;
  /** Where its chains begin; null: anywhere. */
  cuts: Cut[] | null;
  journal: JournalSource | null;
  /** The span that was exported; null: everything. Windows outside of it need no journal. */
  span: { from: string; to: string } | null;
  /** What signs for the whole of it. */
  seal: { hash: string; signature: string | null } | null;
  /** Records that were set aside as damaged. */
  quarantined: number;
  /** What reading it found. */
  findings: Finding[];
  /** Up to when it is complete. */
  until: Millis | null;
}

/** What gateways said of their chains and keys. */
export interface Declared {
  breaks: DeclaredBreak[];
  takeOvers: { from: string; to: string }[];
  keys: PublishedKey[];
}

export const nothingDeclared = (): Declared => ({ breaks: [], takeOvers: [], keys: [] });

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** Takes up what the details of an `event/data` or `event/config` declare; nothing for any other. */
export function declare(declared: Declared, detail: Record<string, unknown>): void {
  const { chainBreak, prev, takeover, by, key, publicKey, oldKey, oldPublicKey } = detail;
  if (typeof chainBreak === "string")
    declared.breaks.push({
      chain: chainBreak,
      prev: typeof prev === "string" ? prev : null,
      why: text(detail["why"]),
    });
  if (typeof takeover === "string") declared.takeOvers.push({ from: takeover, to: text(by) });
  if (typeof key === "string") addKey(declared, { id: key, publicKey: text(publicKey) });
  if (typeof oldKey === "string") addKey(declared, { id: oldKey, publicKey: text(oldPublicKey) });
}

export function addKey({ keys }: Declared, key: PublishedKey): void {
  if (!keys.some(({ publicKey }) => publicKey === key.publicKey)) keys.push(key);
}
