/**
 * A file that only takes up space. On a disk that is really full not even a DELETE or a checkpoint works;
 * giving this back lets both run. Made again when there is room.
 */
import { existsSync } from "node:fs";
import type { Disk } from "./disk.ts";

const SIZE = 1024 * 1024;

/** Makes the ballast if it is missing. A disk without room for it is no error. */
export function keepBallast(disk: Disk, path: string): void {
  if (existsSync(path)) return;
  try {
    const file = disk.open(path);
    try {
      disk.write(file, Buffer.alloc(SIZE, 0x55), 0);
    } finally {
      disk.close(file);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    dropBallast(disk, path);
  }
}

/** Whether there was something to give back. */
export function dropBallast(disk: Disk, path: string): boolean {
  if (!existsSync(path)) return false;
  disk.remove(path);
  return true;
}
