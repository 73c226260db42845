/** What every command shares: exit codes, streams and the form of an error. Data on stdout, talk on stderr. */
import { FAULTS, Fault, type FaultCode } from "../core/fault.ts";

/** BSD sysexits, as DESIGN 5.2 lists them. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 64,
  data: 65,
  unreachable: 69,
  internal: 70,
  cannotCreate: 73,
  io: 74,
  tryAgain: 75,
  permission: 77,
  config: 78,
} as const;

const EXIT_OF: Partial<Record<FaultCode, number>> = {
  USAGE_INVALID: EXIT.usage,
  FILE_UNWRITABLE: EXIT.cannotCreate,
  AGENT_HOLDS_BUS: EXIT.tryAgain,
  AGENT_LATE: EXIT.tryAgain,
  AGENT_ABSENT: EXIT.unreachable,
  ACT_REFUSED: EXIT.data,
  CONFIG_INVALID: EXIT.config,
  CONFIG_UNREADABLE: EXIT.config,
  DRIVER_MISSING: EXIT.config,
  TEMPLATE_MISSING: EXIT.config,
  INPUT_INVALID: EXIT.data,
  INPUT_UNREADABLE: EXIT.data,
  TABLE_INVALID: EXIT.data,
  KEY_EXPOSED: EXIT.permission,
  KEY_UNREADABLE: EXIT.permission,
  EVIDENCE_UNREADABLE: EXIT.data,
  TAKE_OVER_REFUSED: EXIT.data,
  STORE_UNWRITABLE: EXIT.cannotCreate,
  STORE_BUSY: EXIT.tryAgain,
  STORE_UNREADABLE: EXIT.data,
  STORE_FULL: EXIT.io,
  STORE_IO: EXIT.io,
  MQTT_UNREACHABLE: EXIT.unreachable,
  MQTT_REFUSED: EXIT.unreachable,
  MQTT_TLS: EXIT.unreachable,
  PORT_BUSY: EXIT.tryAgain,
  PORT_DENIED: EXIT.permission,
  AGENT_DENIED: EXIT.permission,
  GPIO_DENIED: EXIT.permission,
};

/** Whatever the bus says beyond that: the device was not reached. */
const exitOf = (code: FaultCode): number =>
  EXIT_OF[code] ?? (/^(MODBUS|GPIO)_/.test(code) ? EXIT.unreachable : EXIT.internal);

export interface GlobalOptions {
  config?: string;
  json?: boolean;
  quiet?: number;
  verbose?: number;
  timeout?: string;
}

// A reader that has seen enough (`| head`) closes the pipe; that is no error of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});
// Talk that nobody hears any more changes no exit code.
process.stderr.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

export const print = (line: string): void => void process.stdout.write(`${line}\n`);
export const say = (line: string): void => void process.stderr.write(`${line}\n`);

const defect = (error: unknown): Fault =>
  new Fault("INTERNAL", error instanceof Error ? (error.stack ?? error.message) : String(error));

/** What SQLite says while it reads: trouble of the file or the disk, no defect of ours. Told by name: few commands load it. */
function storeFault(error: unknown): Fault | null {
  if (!(error instanceof Error && error.name === "SqliteError" && "code" in error)) return null;
  const code = String(error.code);
  if (/^SQLITE_(CORRUPT|NOTADB|ERROR)/.test(code))
    return new Fault("STORE_UNREADABLE", "the store cannot be read", {}, error);
  if (/^SQLITE_(BUSY|LOCKED)/.test(code))
    return new Fault("STORE_BUSY", "the store is locked", {}, error);
  return new Fault("STORE_IO", "the store cannot be read", {}, error);
}

export const faultOf = (error: unknown): Fault =>
  error instanceof Fault ? error : (storeFault(error) ?? defect(error));

/** Says what, where, the likely cause and the next command; returns the exit code. */
export function explain(error: unknown, options: GlobalOptions): number {
  const fault = faultOf(error);
  const exit = exitOf(fault.code);
  if (options.json) {
    const { code, message, hint, context } = fault;
    print(JSON.stringify({ error: { code, message, hint, context, exit } }));
  } else {
    say(fault.message);
    const cause = fault.cause instanceof Error ? ` (${fault.cause.message})` : "";
    say(`${fault.code}: ${FAULTS[fault.code].meaning}${cause}`);
    say(`next: ${fault.hint}`);
  }
  return exit;
}
