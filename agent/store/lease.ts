/**
 * The lease of `seq` numbers: a small file beside the store that says up to which number any may have been used.
 * It is written before the numbers are, and survives the loss of the database, so that `seq` never goes back.
 */
import { readFileSync } from "node:fs";
import type { Disk } from "./disk.ts";

const RANGE = 1000;

export interface Lease {
  path: string;
  /** Numbers up to this one may have been used; 0 when there never was a lease. */
  upTo: number;
  /** The file was there and could not be read as a lease. */
  damaged: boolean;
}

/** A missing file is an empty lease; a damaged one is told, as its number cannot be known. */
export function readLease(path: string): Lease {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      return { path, upTo: 0, damaged: false };
    throw error;
  }
  const [, number, check] = /^(\d{1,16}) (\d{1,16})\n$/.exec(text) ?? [];
  const upTo = Number(number);
  const isValid = number !== undefined && Number(check) === checkOf(upTo);
  return { path, upTo: isValid ? upTo : 0, damaged: !isValid };
}

/** Makes sure that `seq` is leased. Two syncs per thousand numbers. */
export function extendLease(disk: Disk, lease: Lease, seq: number): void {
  if (seq <= lease.upTo) return;
  const upTo = Math.ceil(seq / RANGE) * RANGE;
  const next = `${lease.path}.next`;
  const file = disk.open(next);
  try {
    disk.truncate(file, 0);
    disk.write(file, Buffer.from(`${upTo} ${checkOf(upTo)}\n`), 0);
    disk.sync(file);
  } finally {
    disk.close(file);
  }
  disk.rename(next, lease.path);
  lease.upTo = upTo;
  lease.damaged = false;
}

/** Guards against a torn or hand-edited number, nothing more. */
const checkOf = (upTo: number): number => (upTo * 7 + 13) % 999_983;
