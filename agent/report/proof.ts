/** Which published records a report stands on: ids and hashes of the windows behind its numbers. Verifies nothing. */
import type { Millis } from "../core/time.ts";
import { windowId } from "../record/window.ts";
import type { Reader, StoredWindow } from "../store/read.ts";

export interface Proof {
  id: string;
  /** null: the record is no longer in the store, or was never chained. */
  hash: string | null;
}

const PAGE = 200;

export const windowIdOf = (agent: string, { asset, body }: StoredWindow): string =>
  windowId(agent, asset, body, body.revision);

/** In the order of `windows`. Records are found by the instant they were made, as a store may hold very many. */
export function proofsOf(
  reader: Pick<Reader, "records">,
  agent: string,
  windows: readonly StoredWindow[],
): Proof[] {
  const hashes = new Map<string, string>();
  for (const time of new Set(windows.map((window) => window.time)))
    for (const payload of recordsAt(reader, time)) {
      const { id, hash } = JSON.parse(payload) as { id: string; hash?: string | null };
      if (hash) hashes.set(id, hash);
    }
  return windows.map((window) => {
    const id = windowIdOf(agent, window);
    return { id, hash: hashes.get(id) ?? null };
  });
}

/** Payloads of the windows made at `time`. `at` of records never goes backward with `seq` by more than a clock step. */
function* recordsAt(reader: Pick<Reader, "records">, time: Millis): Generator<string> {
  const atOf = (seq: number): Millis => reader.records(seq, 1)[0]?.at ?? Number.MAX_SAFE_INTEGER;
  let low = 0;
  let high = 1;
  while (atOf(high) < time) high *= 2;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (atOf(middle) < time) low = middle + 1;
    else high = middle;
  }
  for (let after = Math.max(0, low - 1); ; ) {
    const page = reader.records(after, PAGE);
    for (const record of page)
      if (record.at === time && record.class === "window") yield record.payload;
    const last = page.at(-1);
    if (!last || last.at > time) return;
    after = last.seq;
  }
}
