/**
 * A serial device that is no hardware: a pseudo terminal made by socat, with its far end in our hands. Ending it is
 * pulling the adapter. Knows no protocol and no speed: bytes pass at once.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

export interface Pty {
  /** Opened like any serial device. A link to the real name. */
  readonly device: string;
  write(bytes: Buffer): void;
  /** Device and link vanish. Idempotent. */
  unplug(): Promise<void>;
}

const PATIENCE_MS = 5000;

/** Makes `device`; resolves when it can be opened. Rejects when socat is missing or cannot. */
export async function openPty(device: string, onData: (chunk: Buffer) => void): Promise<Pty> {
  const child = spawn("socat", [`PTY,raw,echo=0,link=${device}`, "STDIO"], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  let failure: Error | null = null;
  const ended = new Promise<void>((resolve) => {
    child.once("error", (error) => {
      failure = error;
      resolve();
    });
    child.once("close", () => {
      failure ??= new Error(`socat ended: it cannot make ${device}`);
      resolve();
    });
  });
  child.stdin.on("error", () => {});
  child.stdout.on("data", onData);
  const deadline = performance.now() + PATIENCE_MS;
  while (!existsSync(device)) {
    if (failure) throw failure;
    if (performance.now() > deadline) {
      await end(child, ended);
      throw new Error(`no ${device} after ${PATIENCE_MS} ms`);
    }
    await sleep(5);
  }
  return {
    device,
    write: (bytes) => {
      if (child.exitCode === null) child.stdin.write(bytes);
    },
    unplug: () => end(child, ended),
  };
}

async function end(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.kill();
  await ended;
}
