/**
 * Tells systemd how the service does: ready, status, stopping, and the watchdog fed by progress.
 * Does nothing without NOTIFY_SOCKET. Node has no datagram socket of that family, so `systemd-notify` sends.
 */
import { execFile } from "node:child_process";
import type { Clock } from "./clock.ts";
import type { Millis } from "./core/time.ts";
import { mayPing, noProgress, type Part } from "./watchdog.ts";

/** The part of the environment that systemd sets; see sd_notify(3) and sd_watchdog_enabled(3). */
export interface NotifyEnvironment {
  NOTIFY_SOCKET?: string | undefined;
  WATCHDOG_USEC?: string | undefined;
  WATCHDOG_PID?: string | undefined;
}

export interface NotifyOptions {
  env: NotifyEnvironment;
  pid: number;
  clock: Clock;
  /** Sends assignments like `READY=1`; normally {@link systemdNotify}. */
  send(assignments: string[]): Promise<void>;
  /** The parts that should move now; an agent that has no broker configured has no `publish`. */
  due(): readonly Part[];
  /** A message that could not be sent. */
  failed(error: unknown): void;
}

export interface Notifier {
  ready(): void;
  /** Free text for `systemctl status`. */
  status(text: string): void;
  /** Also ends the watchdog's pings. */
  stopping(): Promise<void>;
  /** A part did a piece of work: a poll slot, a commit, a turn of the publisher. Cheap. */
  progress(part: Part): void;
}

/** For an agent that no service manager watches: a simulated one, and tests. */
export const silentNotifier: Notifier = {
  ready: () => {},
  status: () => {},
  stopping: () => Promise.resolve(),
  progress: () => {},
};

/** Looks at progress so often per watchdog time, so that one slow part delays a ping and does not lose it. */
const LOOKS_PER_TIMEOUT = 4;

export function startNotifier(options: NotifyOptions): Notifier {
  const { env, clock } = options;
  const moved = noProgress();
  const ending = new AbortController();
  const tell = async (...assignments: string[]): Promise<void> => {
    if (!env.NOTIFY_SOCKET) return;
    try {
      await options.send(assignments);
    } catch (error) {
      options.failed(error);
    }
  };
  const watch = async (timeoutMs: Millis): Promise<void> => {
    let pinged = { ...moved };
    for (;;) {
      await clock.sleep(clock.mono() + timeoutMs / LOOKS_PER_TIMEOUT, ending.signal);
      if (ending.signal.aborted) return;
      if (!mayPing(moved, pinged, options.due())) continue;
      pinged = { ...moved };
      await tell("WATCHDOG=1");
    }
  };

  const timeoutMs = watchdogMs(env, options.pid);
  if (timeoutMs !== null) void watch(timeoutMs);
  return {
    ready: () => void tell("READY=1"),
    status: (text) => void tell(`STATUS=${text.replaceAll(/\s+/g, " ")}`),
    stopping: () => {
      ending.abort();
      return tell("STOPPING=1");
    },
    progress: (part) => {
      moved[part] += 1;
    },
  };
}

/** The watchdog's timeout in milliseconds, or null when this process is not the one that is watched. */
export function watchdogMs(env: NotifyEnvironment, pid: number): Millis | null {
  if (!env.NOTIFY_SOCKET || !/^[1-9]\d*$/.test(env.WATCHDOG_USEC ?? "")) return null;
  if (env.WATCHDOG_PID !== undefined && env.WATCHDOG_PID !== String(pid)) return null;
  return Number(env.WATCHDOG_USEC) / 1000;
}

/** A sender that hangs must not pile up. */
const SEND_TIMEOUT_MS = 10_000;

/**
 * Sends through Debian's `systemd-notify`; the unit needs `NotifyAccess=all`. Without `--no-block`: the child
 * waits until the message was read, because systemd ignores senders that are already gone (systemd-notify(1)).
 * Rejects when the command is absent or fails.
 */
export const systemdNotify = (assignments: string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    execFile("systemd-notify", assignments, { timeout: SEND_TIMEOUT_MS }, (error) =>
      error ? reject(error) : resolve(),
    );
  });
