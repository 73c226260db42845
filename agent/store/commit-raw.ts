/**
 * The raw side of a commit: writes and syncs its blocks, and when that cannot be done works out what is lost. Between
 * commits it writes blocks ahead, unsynced, so that a killed process loses nothing the system has taken.
 * Changes nothing that is committed.
 */
import { Fault } from "../core/fault.ts";
import type { PackedBlock } from "./pack.ts";
import type { Gap, RawPosition } from "./port.ts";
import { alignRaw, appendRaw, rawSize, syncRaw } from "./raw-log.ts";
import type { CommitRequest, RawOutcome } from "./request.ts";
import { dropRaw } from "./room.ts";
import type { Session } from "./session.ts";

/** A fault: raw is missing and only a snapshot can stand in for it. Changes nothing that is committed. */
export function writeRaw(session: Session, request: CommitRequest): RawOutcome | Fault {
  const { commit, blocks, lostFrom } = request;
  const hasSnapshot = commit.snapshot !== undefined;
  const wasOpen = session.rawGap !== null;
  if (lostFrom !== null && !hasSnapshot) {
    return new Fault("STORE_IO", "inputs were dropped before they could be written to raw");
  }
  if (blocks.length === 0 && lostFrom === null) {
    return { end: baseOf(session), gap: null, isOpen: wasOpen };
  }
  // What was written ahead of a loss is counted with it.
  if (lostFrom !== null) session.raw.isDirty = true;
  const fault = tryRaw(session, blocks, lostFrom !== null || wasOpen);
  if (fault) session.raw.isDirty = true;
  if (fault && !hasSnapshot) return fault;
  const end = fault ? baseOf(session) : session.raw.end;
  const isOpen = fault !== null || (wasOpen && blocks.length === 0);
  const isLoss = fault !== null || lostFrom !== null;
  return { end, gap: isLoss ? rawLoss(session.rawGap, request, fault) : null, isOpen };
}

/** Raw before this is committed, or was fed to the core at the start; it is never written anew. */
const baseOf = ({ recovered, progress }: Session): RawPosition => recovered ?? progress.raw;

/**
 * Writes blocks ahead of their commit, which brings them again. False: not written, it is left to the commit. Never
 * while it is open which commit comes next, because a start believes blocks by the number of their commit.
 */
export function writeAhead(session: Session, blocks: PackedBlock[]): boolean {
  const { raw, progress, options } = session;
  if (session.rawGap !== null || session.uncertain !== null || session.stateLost) return false;
  if (rawSize(raw) + sizeOf(blocks) > options.rawMaxBytes) return false;
  try {
    alignRaw(raw, baseOf(session));
    if ((blocks[0]?.serial ?? 0) > raw.serial + 1) return false;
    appendRaw(raw, blocks, progress.commit + 1, false);
    return true;
  } catch (error) {
    diskFault(error);
    return false;
  }
}

const sizeOf = (blocks: PackedBlock[]): number =>
  blocks.reduce((sum, block) => sum + block.body.length, 0);

function tryRaw(session: Session, blocks: PackedBlock[], afterGap: boolean): Fault | null {
  const { raw, progress, options } = session;
  const bytes = sizeOf(blocks);
  while (rawSize(raw) + bytes > options.rawMaxBytes) {
    if (dropRaw(session, "quota")) continue;
    return new Fault("STORE_FULL", "a day of raw is beyond its size limit", { code: "quota" });
  }
  for (;;) {
    try {
      alignRaw(raw, baseOf(session));
      appendRaw(raw, blocks, progress.commit + 1, afterGap);
      syncRaw(raw);
      return null;
    } catch (error) {
      const fault = diskFault(error);
      if (fault.code !== "STORE_FULL" || !dropRaw(session, "disk-full")) return fault;
    }
  }
}

/** The loss of this commit, joined to the one that goes on. */
function rawLoss(
  open: Gap | null,
  { commit, blocks, lostFrom }: CommitRequest,
  fault: Fault | null,
): Gap {
  const first = blocks[0];
  const rows = fault ? blocks.reduce((sum, block) => sum + block.inputs, 0) : 0;
  const from = lostFrom ?? first?.from ?? commit.at;
  const to = (fault ? blocks.at(-1)?.to : first?.from) ?? commit.at;
  const why =
    fault?.context["code"] === "quota"
      ? "quota"
      : fault?.code === "STORE_FULL"
        ? "disk-full"
        : "io";
  const gap: Gap = open ?? { n: 0, what: "raw", from, to, rows: 0, why };
  return {
    ...gap,
    from: Math.min(gap.from, from),
    to: Math.max(gap.to, to),
    rows: gap.rows + rows,
  };
}

/** Errors of the file system as faults; anything else is not ours to catch. */
export function diskFault(error: unknown): Fault {
  const { syscall, code, message } = error as NodeJS.ErrnoException;
  if (syscall === undefined) throw error;
  return new Fault(code === "ENOSPC" ? "STORE_FULL" : "STORE_IO", message, { code }, error);
}
