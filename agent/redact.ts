/**
 * Makes anything fit for a log line: errors become records, secrets disappear, depth and cycles are bounded.
 * Goes by the names of fields, so a secret must never be part of a message text.
 */
import { Fault } from "./core/fault.ts";

const SECRET =
  /pass(word|phrase|wd)$|^pass$|secret|token|credential|authorization|^(private)?_?key$/i;
/** `user:password@` of a URL. */
const USER_INFO = /(\b[a-z][a-z0-9+.-]*:\/\/)[^/\s@]*@/gi;
const REDACTED = "[redacted]";
const MAX_DEPTH = 6;

/** A copy of `value` that may be written to a log. Never throws. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return value.replace(USER_INFO, `$1${REDACTED}@`);
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return value;
  if (depth >= MAX_DEPTH) return "[…]";
  if (value instanceof Error) return redactError(value, depth);
  if (value instanceof Date || ArrayBuffer.isView(value)) return String(value);
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  const pairs = value instanceof Map ? [...value] : Object.entries(value);
  return Object.fromEntries(
    pairs.map(([key, item]) => [key, redactField(String(key), item, depth)]),
  );
}

function redactField(key: string, value: unknown, depth: number): unknown {
  return SECRET.test(key) && value !== null && value !== undefined
    ? REDACTED
    : redact(value, depth + 1);
}

/** A fault says what to do next; anything else is a defect, and its stack says where. */
function redactError(error: Error, depth: number): unknown {
  const cause = error.cause === undefined ? {} : { cause: redact(error.cause, depth + 1) };
  const message = redact(error.message, depth);
  if (error instanceof Fault) {
    const context = redact(error.context, depth + 1);
    return { code: error.code, message, context, hint: error.hint, ...cause };
  }
  const code = "code" in error ? { code: error.code } : {};
  return { name: error.name, message, ...code, stack: redact(error.stack, depth), ...cause };
}
