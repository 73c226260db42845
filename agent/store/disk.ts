/** The few file operations the store needs beside SQLite, as a record, so that a test can fail the Nth of them. */
import {
  closeSync,
  constants,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  renameSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";

export interface Disk {
  /** Opens for reading and writing; creates the file and makes its name durable. */
  open(path: string): number;
  write(file: number, bytes: Uint8Array, offset: number): void;
  /**
   * Extends a file with zeros, page by page: what is written at once the kernel may cache as one piece, which then
   * counts as written with any part of it. Returns the new size, a multiple of the page.
   */
  extend(file: number, from: number, pages: number): number;
  /** Durable data; the size only if it changed. */
  sync(file: number): void;
  truncate(file: number, size: number): void;
  close(file: number): void;
  /** Atomic and durable. */
  rename(from: string, to: string): void;
  remove(path: string): void;
  /** Marks the steps of a transaction, where a crash is worth a test: `begin`, `commit`, `committed`. */
  step(name: string): void;
}

const PAGE = 4096;
const ZEROS = new Uint8Array(PAGE);

export const systemDisk: Disk = {
  open(path) {
    const file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o640);
    syncFolder(dirname(path));
    return file;
  },
  write(file, bytes, offset) {
    let done = 0;
    while (done < bytes.length) {
      done += writeSync(file, bytes, done, bytes.length - done, offset + done);
    }
  },
  extend(file, from, pages) {
    let size = from;
    for (let page = 0; page < pages; page += 1) {
      size += writeSync(file, ZEROS, 0, PAGE - (size % PAGE), size);
    }
    return size;
  },
  sync: (file) => fdatasyncSync(file),
  truncate: (file, size) => ftruncateSync(file, size),
  close: (file) => closeSync(file),
  rename(from, to) {
    renameSync(from, to);
    syncFolder(dirname(to));
  },
  remove: (path) => unlinkSync(path),
  step() {},
};

export const makeFolder = (path: string): void => {
  mkdirSync(path, { recursive: true, mode: 0o750 });
};

function syncFolder(path: string): void {
  const folder = openSync(path, constants.O_RDONLY);
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
