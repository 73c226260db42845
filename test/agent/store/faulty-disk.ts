/** A disk that fails or dies at a chosen operation, and forgets what was not synced. */
import { cpSync, writeSync } from "node:fs";
import { type Disk, systemDisk } from "../../../agent/store/disk.ts";

/** The end of the process, as far as the store can tell. */
export class Crash extends Error {}

export interface Trap {
  /** Operations so far. */
  count: number;
  /** Called before each operation with its number; may throw. */
  spring(count: number, operation: string): void;
  /** Makes files look as after a power cut: what was written and not synced is torn. */
  cutPower(): void;
}

type Write = { file: number; offset: number; bytes: Uint8Array };

export function faultyDisk(): { disk: Disk; trap: Trap } {
  let unsynced: Write[] = [];
  const trap: Trap = {
    count: 0,
    spring() {},
    cutPower() {
      for (const { file, offset, bytes } of unsynced) {
        const half = bytes.length >> 1;
        writeSync(
          file,
          Buffer.alloc(bytes.length - half, 0xa5),
          0,
          bytes.length - half,
          offset + half,
        );
      }
    },
  };
  const at = (operation: string): void => {
    trap.count += 1;
    trap.spring(trap.count, operation);
  };
  /** Runs an operation of the system's disk, unless the trap springs. */
  const counted =
    <A extends unknown[], R>(operation: string, work: (...args: A) => R) =>
    (...args: A): R => {
      at(operation);
      return work(...args);
    };
  const disk: Disk = {
    open: counted("open", systemDisk.open),
    write(file, bytes, offset) {
      unsynced.push({ file, offset, bytes });
      at("write");
      systemDisk.write(file, bytes, offset);
    },
    extend: counted("extend", systemDisk.extend),
    sync(file) {
      at("sync");
      systemDisk.sync(file);
      unsynced = unsynced.filter((write) => write.file !== file);
    },
    truncate: counted("truncate", systemDisk.truncate),
    close(file) {
      unsynced = unsynced.filter((write) => write.file !== file);
      systemDisk.close(file);
    },
    rename: counted("rename", systemDisk.rename),
    remove: counted("remove", systemDisk.remove),
    step: at,
  };
  return { disk, trap };
}

/** The files as a process that dies now leaves them. The index of the write-ahead log is made anew. */
export const image = (from: string, to: string): void =>
  cpSync(from, to, { recursive: true, filter: (path) => !/-shm$|\.lock$/.test(path) });

export const diskError = (code: string): NodeJS.ErrnoException =>
  Object.assign(new Error(`${code}: injected`), { code, syscall: "fdatasync", errno: -5 });
