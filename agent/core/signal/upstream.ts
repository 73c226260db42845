/**
 * Signals that have their cause upstream: held back while a point that their channel names has an open signal, and let go
 * when they outlast it. Raises nothing and clears nothing.
 */
import type { Millis } from "../time.ts";
import { added, type SignalChange } from "./change.ts";
import { causeOf, type SignalState, type Signals, tell } from "./life.ts";

/** Running time after the cause has gone: as long as what it did takes to leave the means that drift is judged by. */
const AFTERMATH_MS = 6 * 3_600_000;

/** Call it when something has changed, and with every block. `runMs`: running time of the machine. */
export function holdBack(
  signals: Signals,
  { at, runMs }: { at: Millis; runMs: Millis },
  out: readonly SignalChange[],
): readonly SignalChange[] {
  let list = out;
  for (const signal of Object.values(signals)) {
    if (signal.stage !== "raised") continue;
    const cause = causeOf(signals, signal);
    if (cause !== null) list = added(list, hold(signal, cause, at));
    else if (signal.heldBy !== undefined) list = added(list, letGo(signal, at, runMs));
  }
  return list;
}

function hold(signal: SignalState, cause: string, at: Millis): SignalChange | null {
  const wasHeard = signal.heldBy === undefined && !signal.suppressed;
  signal.heldBy = cause;
  delete signal.freedAt;
  return wasHeard ? tell(signal, "suppressed", at) : null;
}

function letGo(signal: SignalState, at: Millis, runMs: Millis): SignalChange | null {
  signal.freedAt ??= runMs;
  if (runMs - signal.freedAt < AFTERMATH_MS) return null;
  delete signal.heldBy;
  delete signal.freedAt;
  return signal.suppressed ? null : tell(signal, "resumed", at);
}
