/** Where a stream of lines goes: stdout or a file, buffered. Loses nothing; a reader that left ends it quietly. */
import { closeSync, openSync, writeSync } from "node:fs";
import { Fault } from "../core/fault.ts";

const CHUNK = 1 << 16;

export interface Sink {
  print: (line: string) => void;
  close: () => void;
}

/** Buffered and synchronous: a pipe that closes ends the command, nothing is lost in between. */
export function openSink(file: string | undefined): Sink {
  let fd = 1;
  try {
    if (file !== undefined && file !== "-") fd = openSync(file, "w");
  } catch (cause) {
    throw new Fault("FILE_UNWRITABLE", `cannot write ${file}`, { file }, cause);
  }
  let buffer = "";
  const flush = (): void => {
    let bytes = Buffer.from(buffer);
    buffer = "";
    while (bytes.length > 0) bytes = bytes.subarray(writeAll(fd, bytes));
  };
  return {
    print(line) {
      buffer += `${line}\n`;
      if (buffer.length > CHUNK) flush();
    },
    close() {
      flush();
      if (fd !== 1) closeSync(fd);
    },
  };
}

/** A pipe may be full for the moment (EAGAIN); a reader that left (EPIPE) ends the output quietly. */
function writeAll(fd: number, bytes: Buffer): number {
  try {
    return writeSync(fd, bytes);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EAGAIN") return 0;
    if (code === "EPIPE") return bytes.length;
    throw error;
  }
}
