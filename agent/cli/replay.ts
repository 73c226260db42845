/** `replay`: the accounting over recorded input, offline. */
import { createReadStream } from "node:fs";
import { dirname, resolve } from "node:path";
import { createInterface } from "node:readline";
import { Fault } from "../core/fault.ts";
import type { Millis } from "../core/time.ts";
import { loadPlant, type Plant } from "../plant.ts";
import { instantOf } from "../replay/fields.ts";
import { replayJournal } from "../replay/from-journal.ts";
import { replay } from "../replay/replay.ts";
import { type RawDamage, readRaw, segmentDays } from "../store/raw-reader.ts";
import { openReader, type Reader } from "../store/read.ts";
import { EXIT, say } from "./output.ts";
import { openSink } from "./sink.ts";

export interface ReplayArguments {
  config: string;
  input?: string | undefined;
  raw?: string | undefined;
  journal?: string | undefined;
  until?: string | undefined;
  out?: string | undefined;
}

export async function replayCommand(options: ReplayArguments): Promise<number> {
  const { input, raw, journal } = options;
  if ([input, raw, journal].filter((given) => given !== undefined).length !== 1) {
    say("replay needs exactly one of --input, --raw, --journal");
    say("next: `uptime-agent replay --help`");
    return EXIT.usage;
  }
  const until = options.until === undefined ? null : instantOf(untilValue(options.until));
  if (options.until !== undefined && until === null)
    throw new Fault("USAGE_INVALID", `--until ${options.until} is not an RFC 3339 time`);
  const sink = openSink(options.out);
  try {
    if (input !== undefined) await replayLines(options.config, input, until, sink.print);
    else if (raw !== undefined) replayRaw(raw, until, sink.print);
    else if (journal !== undefined) readJournal(journal, until, sink.print);
  } finally {
    sink.close();
  }
  return EXIT.done;
}

type Print = (line: string) => void;

async function replayLines(
  config: string,
  input: string,
  until: Millis | null,
  print: Print,
): Promise<void> {
  const load = (file: string): Plant => loadPlant(resolve(dirname(config), file));
  const run = replay({ plant: loadPlant(config), load, print });
  await eachLine(input, (line) => run.line(line));
  run.end(until);
}

/** The log holds configurations and calendars too; damaged blocks are named and skipped. */
function replayRaw(folder: string, until: Millis | null, print: Print): void {
  if (rawDaysOf(folder).length === 0)
    throw new Fault("INPUT_UNREADABLE", `there are no raw segments in ${folder}`, { folder });
  const run = replay({ plant: null, load: loadPlant, print });
  const onDamage = ({ segment, offset, what, bytes }: RawDamage): void =>
    say(`${segment} at ${offset}: ${what}, ${bytes} bytes skipped`);
  for (const known of readRaw(folder, { onDamage })) run.input(known);
  run.end(until);
}

const untilValue = (text: string): string | number => (/^\d+$/.test(text) ? Number(text) : text);

function rawDaysOf(folder: string): number[] {
  try {
    return segmentDays(folder);
  } catch (error) {
    throw new Fault("INPUT_UNREADABLE", `cannot read ${folder}`, { folder }, error);
  }
}

function journalOf(file: string): Reader {
  try {
    return openReader(file);
  } catch (error) {
    throw new Fault("INPUT_UNREADABLE", `${file} is not the journal of a store`, { file }, error);
  }
}

function readJournal(file: string, until: Millis | null, print: Print): void {
  const reader = journalOf(file);
  try {
    replayJournal(reader, until, print);
  } finally {
    reader.close();
  }
}

async function eachLine(file: string, take: (line: string) => void): Promise<void> {
  const stream = file === "-" ? process.stdin : createReadStream(file);
  try {
    const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
    for await (const line of lines) take(line);
  } catch (error) {
    if (error instanceof Error && "syscall" in error)
      throw new Fault("INPUT_UNREADABLE", `cannot read ${file}`, { file }, error);
    throw error;
  }
}
