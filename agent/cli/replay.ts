/** `replay`: the accounting over recorded input, offline. */
import { closeSync, createReadStream, openSync, writeSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { createInterface } from "node:readline";
import { Fault } from "../core/fault.ts";
import { loadPlant } from "../plant.ts";
import { instantOf } from "../replay/line.ts";
import { replay } from "../replay/replay.ts";
import { EXIT } from "./output.ts";

export interface ReplayArguments {
  config: string;
  input?: string | undefined;
  raw?: string | undefined;
  journal?: string | undefined;
  until?: string | undefined;
  out?: string | undefined;
}

const CHUNK = 1 << 16;

export async function replayCommand(options: ReplayArguments): Promise<number> {
  const plant = loadPlant(options.config);
  const until = options.until === undefined ? null : instantOf(untilValue(options.until));
  if (options.until !== undefined && until === null)
    throw new Fault("INPUT_INVALID", `--until ${options.until} is not an RFC 3339 time`);
  const sink = openSink(options.out);
  try {
    const run = replay({
      plant,
      load: (file) => loadPlant(resolve(dirname(options.config), file)),
      print: sink.print,
    });
    await eachLine(options.input, (line) => run.line(line));
    run.end(until);
  } finally {
    sink.close();
  }
  return EXIT.done;
}

const untilValue = (text: string): string | number => (/^\d+$/.test(text) ? Number(text) : text);

async function eachLine(file: string, take: (line: string) => void): Promise<void> {
  const stream = file === "-" ? process.stdin : createReadStream(file);
  try {
    const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
    for await (const line of lines) take(line);
  } catch (error) {
    if (error instanceof Error && "syscall" in error)
      throw new Fault("INPUT_INVALID", `cannot read ${file}`, { file }, error);
    throw error;
  }
}

/** Buffered and synchronous: a pipe that closes ends the command, nothing is lost in between. */
function openSink(file: string | undefined): { print: (line: string) => void; close: () => void } {
  let fd = 1;
  try {
    if (file !== undefined && file !== "-") fd = openSync(file, "w");
  } catch (cause) {
    throw new Fault("STORE_UNWRITABLE", `cannot write ${file}`, { file }, cause);
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
