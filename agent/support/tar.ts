/** Files as a tar archive (POSIX 1003.1-1988 ustar), compressed. Regular files with short names only. Pure. */
import { gzipSync } from "node:zlib";
import type { Millis } from "../core/time.ts";

export interface Packed {
  /** At most 100 bytes, slashes between folders. */
  name: string;
  data: Uint8Array;
}

const BLOCK = 512;

/** The bytes of a `.tar.gz`. `at`: modification time of all. The same files give the same bytes. Throws RangeError for a longer name. */
export function tarGz(files: readonly Packed[], at: Millis): Buffer {
  const parts = files.flatMap(({ name, data }) => [
    header(name, data.length, Math.floor(at / 1000)),
    data,
    Buffer.alloc((BLOCK - (data.length % BLOCK)) % BLOCK),
  ]);
  return gzipSync(Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]));
}

function header(name: string, size: number, mtime: number): Buffer {
  if (Buffer.byteLength(name) > 100) throw new RangeError(`${name} is too long for an archive`);
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, width: number): void => {
    block.write(value.toString(8).padStart(width - 1, "0"), at, "ascii");
  };
  block.write(name, 0, "utf8");
  octal(0o600, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(mtime, 136, 12);
  // The sum is made as if its own field held spaces.
  block.fill(" ", 148, 156);
  block.write("0", 156, "ascii");
  block.write("ustar\0", 257, "ascii");
  block.write("00", 263, "ascii");
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "ascii");
  return block;
}
