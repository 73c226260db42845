/**
 * The heartbeat file: when the agent was last known to be alive, and whether it ended on purpose.
 * Two slots are written in turn, so that a torn write leaves the other. Reads no clock: boot id and time are passed in.
 */

import { readFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { crc32 } from "node:zlib";
import type { AgentStartedInput } from "../core/input.ts";
import type { Millis } from "../core/time.ts";

export interface Marker {
  /** Identity of the boot of the operating system. */
  boot: string;
  /** Monotonic milliseconds of that boot. */
  mono: number;
  utc: Millis;
  /** The agent stopped on purpose. */
  clean: boolean;
}

export interface Heartbeat {
  /** Writes the marker in the background; dropped while the write before is still under way. Never throws. */
  beat(marker: Marker): void;
  /** Writes the last marker and makes it durable. Never rejects. */
  close(marker: Marker): Promise<void>;
  /** Code of the last failed write, null while all is well. */
  failure(): string | null;
}

const SLOT = 256;
const SYNC_EVERY_MS = 10_000;

/** Creates the file when it is missing. Rejects when it cannot be written. */
export async function openHeartbeat(path: string): Promise<Heartbeat> {
  const file = await openFile(path);
  let turn = newest(path).turn + 1;
  let syncedAt = Number.NEGATIVE_INFINITY;
  let busy: Promise<void> | null = null;
  let failure: string | null = null;

  const write = async (marker: Marker, sync: boolean): Promise<void> => {
    try {
      const slot = encodeSlot(turn, marker);
      await file.write(slot, 0, SLOT, (turn % 2) * SLOT);
      turn += 1;
      if (sync) await file.datasync();
      failure = null;
    } catch (error) {
      failure = (error as NodeJS.ErrnoException).code ?? String(error);
    }
  };

  return {
    beat(marker) {
      if (busy !== null) return;
      const sync = marker.mono - syncedAt >= SYNC_EVERY_MS || marker.mono < syncedAt;
      if (sync) syncedAt = marker.mono;
      busy = write(marker, sync).finally(() => {
        busy = null;
      });
    },
    async close(marker) {
      await busy;
      await write(marker, true);
      await file.close().catch(() => undefined);
    },
    failure: () => failure,
  };
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, "r+");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return await open(path, "w+", 0o640);
  }
}

/** The newest valid slot, or null when there is none. */
export const readHeartbeat = (path: string): Marker | null => newest(path).marker;

function newest(path: string): { turn: number; marker: Marker | null } {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    return { turn: 0, marker: null };
  }
  const slots = [0, 1].map((slot) => decodeSlot(bytes.subarray(slot * SLOT, (slot + 1) * SLOT)));
  const [first, second] = slots;
  const best = (second?.turn ?? 0) > (first?.turn ?? 0) ? second : first;
  return best ?? { turn: 0, marker: null };
}

/** crc32, length, then JSON; padded with spaces, so that a slot has one length. */
function encodeSlot(turn: number, marker: Marker): Buffer {
  const slot = Buffer.alloc(SLOT, 0x20);
  const size = slot.write(JSON.stringify({ turn, marker }), 8);
  slot.writeUInt32LE(size, 4);
  slot.writeUInt32LE(crc32(slot.subarray(4)), 0);
  return slot;
}

function decodeSlot(slot: Buffer): { turn: number; marker: Marker } | null {
  if (slot.length < SLOT || slot.readUInt32LE(0) !== crc32(slot.subarray(4))) return null;
  return JSON.parse(slot.toString("utf8", 8, 8 + slot.readUInt32LE(4)));
}

/**
 * From when on nothing was observed, and why (accounting rule 4). The same boot means that only the agent was gone;
 * another boot without a clean end means that the power was. null without a marker: nothing was observed before.
 * `known`: time of the recovered core, 0 when it was lost. What the core knows was observed; after a power cut, which
 * may keep a heartbeat and lose the inputs before it, nothing else was.
 */
export function lastAlive(
  marker: Marker | null,
  boot: string,
  known: Millis,
): Pick<AgentStartedInput, "lastAlive" | "cause"> | null {
  if (!marker) return null;
  const { utc } = marker;
  if (marker.clean) return { lastAlive: utc, cause: "agent-stopped" };
  if (marker.boot === boot) return { lastAlive: Math.max(utc, known), cause: "agent-stopped" };
  return { lastAlive: known > 0 ? known : utc, cause: "power-lost" };
}
