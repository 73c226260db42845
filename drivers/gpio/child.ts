/** Child processes of the GPIO tools: one that answers and ends, one that prints lines until it is stopped. */
import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import type { DriverClock } from "../driver.ts";

export interface Answer {
  /** Null when it was killed, or could not be started. */
  code: number | null;
  out: string;
  err: string;
  /** There is no such program. */
  isMissing: boolean;
}

const TIMEOUT_MS = 2000;
/** A tool that prints more than this is none of ours. */
const MOST_OUTPUT = 1 << 20;
const MOST_COMPLAINT = 4096;
const STOP_MS = 500;
/** Has the kernel end a child when its parent dies, however that dies: an orphan would hold the lines. */
const SETPRIV = "/usr/bin/setpriv";

const PIPES: SpawnOptions = { stdio: ["ignore", "pipe", "pipe"] };

/** Runs a tool to its end, at most two seconds, less when `signal` aborts. Never rejects. */
export function ask(
  file: string,
  args: string[],
  clock: DriverClock,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve) => {
    const child = spawn(file, args, PIPES);
    const timer = new AbortController();
    const answer: Answer = { code: null, out: "", err: "", isMissing: false };
    const kill = (): void => void child.kill("SIGKILL");
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      answer.out += text;
      if (answer.out.length > MOST_OUTPUT) kill();
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      answer.err = (answer.err + text).slice(-MOST_COMPLAINT);
    });
    whenOver(child, (code, error) => {
      timer.abort();
      signal.removeEventListener("abort", kill);
      resolve({ ...answer, code, isMissing: error?.code === "ENOENT" });
    });
    signal.addEventListener("abort", kill);
    if (signal.aborted) kill();
    void clock.sleep(TIMEOUT_MS, timer.signal).then(() => {
      if (!timer.signal.aborted) kill();
    });
  });
}

/** The command line of a child that ends when its parent does, where the system has the means. */
export function guarded(file: string, args: string[]): [command: string, args: string[]] {
  const hasGuard = existsSync(SETPRIV);
  return hasGuard ? [SETPRIV, ["--pdeathsig", "TERM", "--", file, ...args]] : [file, args];
}

export interface Stream {
  /** Ends it and waits until its last line has been delivered; by force after half a second. */
  stop(): Promise<void>;
}

/** Starts a tool that prints lines. `ended` comes once, after the last line, unless it was stopped. */
export function listen(
  file: string,
  args: string[],
  clock: DriverClock,
  line: (text: string) => void,
  ended: (err: string) => void,
): Stream {
  const [command, words] = guarded(file, args);
  const child = spawn(command, words, PIPES);
  let rest = "";
  let err = "";
  let isStopped = false;
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = (lines.pop() ?? "").slice(-MOST_COMPLAINT);
    for (const each of lines) line(each);
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    err = (err + text).slice(-MOST_COMPLAINT);
  });
  const over = new Promise<void>((resolve) => {
    whenOver(child, () => {
      resolve();
      if (!isStopped) ended(err);
    });
  });
  return {
    stop: () => {
      isStopped = true;
      return end(child, over, clock);
    },
  };
}

type Over = (code: number | null, error: NodeJS.ErrnoException | null) => void;

/** Once, after the last output: ended, killed, or never begun. */
function whenOver(child: ChildProcess, over: Over): void {
  let isOver = false;
  const once: Over = (code, error) => {
    if (!isOver) over(code, error);
    isOver = true;
  };
  child.on("error", (error) => {
    // A child that began is closed as well, with its output; one that did not may never be.
    if (child.pid === undefined) once(null, error);
  });
  child.on("close", (code) => once(code, null));
}

async function end(child: ChildProcess, over: Promise<void>, clock: DriverClock): Promise<void> {
  child.kill("SIGTERM");
  const timer = new AbortController();
  const force = clock.sleep(STOP_MS, timer.signal).then(() => {
    if (!timer.signal.aborted) child.kill("SIGKILL");
  });
  await over;
  timer.abort();
  await force;
}
