/**
 * Opens the store and is its face in the main thread: packs inputs as they come, hands commits to the thread that
 * waits for the disk, and keeps what a refused commit must bring again. Touches no file.
 */
import { Fault } from "../core/fault.ts";
import type { Input } from "../core/input.ts";
import type { Millis } from "../core/time.ts";
import { systemDisk } from "./disk.ts";
import type { Engine } from "./engine.ts";
import { readHeartbeat } from "./heartbeat.ts";
import { directLink, type Link, workerLink } from "./link.ts";
import {
  createPacker,
  discard,
  type PackedBlock,
  type Packer,
  pack,
  restart,
  seal,
} from "./pack.ts";
import { pathsOf } from "./paths.ts";
import type { Commit, CommitResult, Recovered, Store, StoreOptions } from "./port.ts";
import { compare, readRaw } from "./raw-reader.ts";
import type { Opened } from "./session.ts";

/** What commits that failed leave behind in memory, at most. Beyond it raw gets a gap. */
const PENDING_LIMIT = 32 * 1024 * 1024;

/**
 * Rejects with Fault STORE_UNWRITABLE, STORE_BUSY or STORE_IO. Compiled, the engine runs in a thread of its own;
 * `engine` makes it run in this one, as it does from sources that were not compiled.
 */
export async function openStore(
  options: StoreOptions,
  engine?: Engine,
): Promise<{ store: Store; recovered: Recovered }> {
  const link = await linkTo(engine);
  try {
    const opened = await link.call("open", options);
    const pending = nothingPending();
    const recovered = recoveredOf(options.path, opened, pending);
    return { store: storeOf(link, pending), recovered };
  } catch (error) {
    await link.end();
    throw error;
  }
}

async function linkTo(engine: Engine | undefined): Promise<Link> {
  if (engine) return directLink(engine);
  if (!import.meta.url.endsWith(".ts")) return workerLink(new URL("./worker.js", import.meta.url));
  // Node 20 runs no TypeScript, and a worker does not inherit the loader of a test runner. Loaded only here, as
  // the main thread has no use for SQLite.
  const { createEngine } = await import("./engine.ts");
  return directLink(createEngine(systemDisk));
}

function recoveredOf(path: string, opened: Opened, pending: Pending): Recovered {
  const { raw, heartbeat } = pathsOf(path);
  const { snapshot, progress, rawEnd } = opened;
  return {
    firstStart: opened.firstStart,
    snapshot: snapshot.text,
    inputs: readRaw(raw, { from: snapshot.raw, to: progress.raw }),
    uncommitted:
      compare(progress.raw, rawEnd) < 0
        ? adopt(readRaw(raw, { from: snapshot.raw, after: progress.raw, to: rawEnd }), pending)
        : [],
    nextSeq: progress.nextSeq,
    heads: opened.heads,
    tails: opened.tails,
    beyond: opened.beyond,
    lastCommitAt: progress.commit > 0 ? progress.at : null,
    marker: readHeartbeat(heartbeat),
    quarantined: opened.quarantined,
    lost: opened.lost,
  };
}

/** Raw has these inputs already, the journal not yet. */
function* adopt(inputs: Iterable<Input>, pending: Pending): Generator<Input> {
  for (const input of inputs) {
    if (isJournaled(input)) pending.inputs.push(input);
    yield input;
  }
}

const isJournaled = ({ kind }: Input): boolean => kind !== "cycle" && kind !== "tick";

/** What the next commit brings beside its facts. */
interface Pending {
  inputs: Input[];
  blocks: PackedBlock[];
  /** So many of the blocks were written ahead. */
  ahead: number;
  bytes: number;
  lostFrom: Millis | null;
}

const nothingPending = (): Pending => ({
  inputs: [],
  blocks: [],
  ahead: 0,
  bytes: 0,
  lostFrom: null,
});

function storeOf(link: Link, pending: Pending): Store {
  const packer = createPacker();
  let isCommitting = false;
  let isWriting = false;

  async function commit(wanted: Commit): Promise<CommitResult> {
    if (isCommitting) throw new Fault("INTERNAL", "a commit is under way");
    isCommitting = true;
    const sent = take(packer, pending);
    // What follows a snapshot is where a start begins to read.
    if (wanted.snapshot !== undefined) restart(packer);
    try {
      const { inputs, blocks, lostFrom } = pending;
      const request = { commit: wanted, inputs: inputs.slice(0, sent), blocks, lostFrom };
      const result = await link.call("commit", request);
      if (result.ok) forget(packer, pending, sent, result.snapshotNeeded);
      else limit(packer, pending);
      return result;
    } finally {
      isCommitting = false;
    }
  }

  async function writeAhead(): Promise<boolean> {
    if (isCommitting || isWriting || pending.lostFrom !== null) return false;
    take(packer, pending);
    const blocks = pending.blocks.slice(pending.ahead);
    if (blocks.length === 0) return true;
    isWriting = true;
    try {
      const isWritten = await link.call("writeAhead", blocks);
      if (isWritten) pending.ahead += blocks.length;
      return isWritten;
    } finally {
      isWriting = false;
    }
  }

  return {
    append(input) {
      pack(packer, input);
      if (isJournaled(input)) pending.inputs.push(input);
    },
    writeAhead,
    commit,
    take: (afterSeq, limit) => link.call("take", afterSeq, limit),
    settle: (seqs) => link.call("settle", seqs),
    park: (seq, why) => link.call("park", seq, why),
    quarantine: (seqs, why) => link.call("quarantine", seqs, why),
    history: (asset, span) => link.call("history", asset, span),
    outbox: () => link.call("outbox"),
    sizes: () => link.call("sizes"),
    async close() {
      await link.call("close");
      await link.end();
    },
  };
}

/** Moves what was packed into the pending commit; returns how many journal inputs belong to it. */
function take(packer: Packer, pending: Pending): number {
  for (const block of seal(packer)) {
    pending.blocks.push(block);
    pending.bytes += block.body.length;
  }
  return pending.inputs.length;
}

/** The commit is durable. Where raw was not, what was packed since hangs on what is lost, and is lost too. */
function forget(packer: Packer, pending: Pending, sent: number, isRawLost: boolean): void {
  pending.inputs.splice(0, sent);
  pending.blocks = [];
  pending.ahead = 0;
  pending.bytes = 0;
  pending.lostFrom = isRawLost ? discard(packer) : null;
}

/** The commit was refused and will come again, with more. Memory is bounded, raw is not complete at any price. */
function limit(packer: Packer, pending: Pending): void {
  if (pending.bytes <= PENDING_LIMIT) return;
  const from = pending.blocks[0]?.from ?? null;
  const open = discard(packer);
  pending.lostFrom ??= from ?? open;
  pending.blocks = [];
  pending.ahead = 0;
  pending.bytes = 0;
}
