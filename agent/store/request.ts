/** What the main thread asks of a commit, and what becomes of its raw side. Decides nothing. */
import type { Input } from "../core/input.ts";
import type { Millis } from "../core/time.ts";
import type { PackedBlock } from "./pack.ts";
import type { Commit, Gap, RawPosition } from "./port.ts";

/** A commit with what the main thread gathered for it since the last one that succeeded. */
export interface CommitRequest {
  commit: Commit;
  /** Inputs for the journal. */
  inputs: Input[];
  blocks: PackedBlock[];
  /** Inputs from this instant on were dropped before they could be written. */
  lostFrom: Millis | null;
}

/** Where raw ends with a commit, and what of it was lost. */
export interface RawOutcome {
  end: RawPosition;
  gap: Gap | null;
  /** The loss goes on. */
  isOpen: boolean;
}

/** What `request` brings beyond `stored`, an earlier attempt whose facts and records it begins with. */
export function without(request: CommitRequest, stored: CommitRequest): CommitRequest {
  const { commit, inputs, blocks, lostFrom } = request;
  const lastSeq = stored.commit.records.at(-1)?.seq ?? 0;
  const lastBlock = stored.blocks.at(-1)?.serial ?? 0;
  return {
    commit: {
      ...commit,
      facts: commit.facts.slice(stored.commit.facts.length),
      records: commit.records.filter(({ seq }) => seq > lastSeq),
    },
    inputs: inputs.slice(stored.inputs.length),
    blocks: blocks.filter(({ serial }) => serial > lastBlock),
    lostFrom: lostFrom === stored.lostFrom ? null : lostFrom,
  };
}
