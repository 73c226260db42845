/**
 * The raw side of a commit: writes its blocks, and when that cannot be done works out what is lost.
 * Changes nothing that is committed.
 */
import { Fault } from "../core/fault.ts";
import type { PackedBlock } from "./pack.ts";
import type { Gap } from "./port.ts";
import { alignRaw, appendRaw, rawSize } from "./raw-log.ts";
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
    return { end: session.progress.raw, gap: null, isOpen: wasOpen };
  }
  const fault = tryRaw(session, blocks, lostFrom !== null || wasOpen);
  if (fault && !hasSnapshot) return fault;
  const end = fault ? session.progress.raw : session.raw.end;
  const isOpen = fault !== null || (wasOpen && blocks.length === 0);
  const isLoss = fault !== null || lostFrom !== null;
  return { end, gap: isLoss ? rawLoss(session.rawGap, request, fault) : null, isOpen };
}

function tryRaw(session: Session, blocks: PackedBlock[], afterGap: boolean): Fault | null {
  const { raw, progress, options } = session;
  const bytes = blocks.reduce((sum, block) => sum + block.body.length, 0);
  while (rawSize(raw) + bytes > options.rawMaxBytes) {
    if (dropRaw(session, "quota")) continue;
    return new Fault("STORE_FULL", "a day of raw is beyond its size limit", { code: "quota" });
  }
  for (;;) {
    try {
      alignRaw(raw, progress.raw);
      appendRaw(raw, blocks, progress.commit + 1, afterGap);
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
