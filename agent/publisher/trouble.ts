/** Says each trouble once: when it begins or changes, and when it is over. Logs nothing itself. */
import { Fault } from "../core/fault.ts";

export interface TroublePorts {
  /** A trouble began or became another one; or a warning, once per run. */
  onTrouble(fault: Fault): void;
  /** The broker acknowledges again. */
  onRecovered?(): void;
}

export interface Trouble {
  /** The trouble that lasts, null when there is none. */
  current(): Fault | null;
  begins(fault: Fault): void;
  ends(): void;
  /** Beside the trouble that lasts; once per `about` and run. */
  warn(about: string, fault: Fault): void;
}

export function createTrouble(ports: TroublePorts): Trouble {
  let current: Fault | null = null;
  const warned = new Set<string>();
  const kindOf = ({ code, context }: Fault): string =>
    [code, context["reason"] ?? "", context["code"] ?? ""].join(" ");
  return {
    current: () => current,
    begins: (fault) => {
      const isSame = current !== null && kindOf(current) === kindOf(fault);
      current = fault;
      if (!isSame) ports.onTrouble(fault);
    },
    ends: () => {
      if (current === null) return;
      current = null;
      ports.onRecovered?.();
    },
    warn: (about, fault) => {
      if (warned.has(about)) return;
      warned.add(about);
      ports.onTrouble(fault);
    },
  };
}

export function asFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new Fault("INTERNAL", `publisher: ${message}`, {}, error);
}
