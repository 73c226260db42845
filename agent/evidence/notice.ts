/** What a gateway declares of its key and its chains: inputs that become events. Decides nothing. */
import type { NoticeInput } from "../core/input.ts";
import type { Millis } from "../core/time.ts";
import type { PublishedKey } from "../store/port.ts";

const notice = (
  at: Millis,
  type: NoticeInput["type"] & string,
  detail: NoticeInput["detail"],
): NoticeInput => ({ kind: "notice", type, at, start: at, end: at, detail });

/** A chain whose head is not what it should be, and what the next record links to instead. */
export interface ChainBreak {
  chain: string;
  why: string;
  /** The head as it was kept; null where none was. */
  head: string | null;
  headSeq: number | null;
  /** The last record that is sound; null: the chain begins anew. */
  prev: string | null;
}

export const breakNotice = (at: Millis, { chain, ...rest }: ChainBreak): NoticeInput =>
  notice(at, "data", { what: "chain", chainBreak: chain, ...rest });

/** This key signs from now on, and not the one before. */
export const keyNotice = (at: Millis, { id, publicKey }: PublishedKey): NoticeInput =>
  notice(at, "config", { what: "key", key: id, publicKey });

/** The machines of another gateway are this one's from now on. */
export const takeOverNotice = (
  at: Millis,
  {
    from,
    by,
    oldKey,
    newKey,
  }: { from: string; by: string; oldKey: PublishedKey | null; newKey: PublishedKey },
): NoticeInput =>
  notice(at, "config", {
    ...{ takeover: from, by, oldKey: oldKey?.id ?? null, oldPublicKey: oldKey?.publicKey ?? null },
    ...{ key: newKey.id, publicKey: newKey.publicKey },
  });
