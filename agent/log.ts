/**
 * The agent's log: one JSON line per event, written synchronously, so that a kill loses none.
 * Silent when normal; numbers belong to the status, not here. The only file that knows pino.
 */
import { type Logger, pino } from "pino";
import type { Clock } from "./clock.ts";
import { redact } from "./redact.ts";
import { admit, type Repeats } from "./repeat.ts";

export const LOG_LEVELS = ["error", "warn", "info", "debug", "trace"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Fields of a line. An error goes under `error`; secrets are removed by field name. */
export type LogFields = Record<string, unknown>;

export interface Log extends Record<LogLevel, (message: string, fields?: LogFields) => void> {
  /** A log that adds `fields` to each line. */
  child(fields: LogFields): Log;
}

export interface LogOptions {
  level: LogLevel;
  /** `stderr` wherever stdout carries data; a stream in tests. */
  to: "stdout" | "stderr" | { write(line: string): void };
  clock: Pick<Clock, "utc" | "mono">;
}

/** `-v` and `-q`, as often as given: `info` without either. */
export function levelOf(verbose: number, quiet: number): LogLevel {
  const level = LOG_LEVELS.indexOf("info") + verbose - quiet;
  return LOG_LEVELS[Math.min(Math.max(level, 0), LOG_LEVELS.length - 1)] ?? "info";
}

/** Identical warnings and errors pass once a minute, counting those left out in `repeated`. */
export function openLog({ level, to, clock }: LogOptions): Log {
  const stream =
    typeof to === "string" ? pino.destination({ dest: to === "stdout" ? 1 : 2, sync: true }) : to;
  const logger = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date(clock.utc()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    stream,
  );
  return wrap(logger, "", new Map(), () => clock.mono());
}

function wrap(logger: Logger, context: string, repeats: Repeats, mono: () => number): Log {
  const write =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}): void => {
      if (!logger.isLevelEnabled(level)) return;
      const shown = redact(fields) as LogFields;
      if (level === "warn" || level === "error") {
        const leftOut = admit(repeats, `${context} ${level} ${message} ${codeOf(fields)}`, mono());
        if (leftOut === null) return;
        if (leftOut > 0) shown["repeated"] = leftOut;
      }
      logger[level](shown, redact(message) as string);
    };
  return {
    error: write("error"),
    warn: write("warn"),
    info: write("info"),
    debug: write("debug"),
    trace: write("trace"),
    child: (fields) => {
      const shown = redact(fields) as LogFields;
      return wrap(logger.child(shown), context + JSON.stringify(shown), repeats, mono);
    },
  };
}

/** Two errors of one message differ when their codes do; the other fields are details of the same trouble. */
function codeOf({ error, code }: LogFields): string {
  const own = error instanceof Error && "code" in error ? error.code : code;
  return typeof own === "string" ? own : "";
}
