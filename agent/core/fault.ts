/**
 * The one error class and the table of everything that can go wrong. `docs/errors.md` is generated from it.
 * Reason codes of bad samples are codes of this table too.
 */
import type { UnknownCause } from "./vocabulary.ts";

export type FaultClass = "retry" | "reject" | "halt";

export interface FaultEntry {
  meaning: string;
  class: FaultClass;
  /** The `unknown` cause that a sample with this reason books, or null where it never is one. */
  cause: UnknownCause | null;
  /** What a technician does next. */
  hint: string;
}

const entry = (
  meaning: string,
  kind: FaultClass,
  cause: UnknownCause | null,
  hint: string,
): FaultEntry => ({ meaning, class: kind, cause, hint });

export const FAULTS = {
  MODBUS_TIMEOUT: entry(
    "The device did not answer within the request timeout.",
    "retry",
    "device-silent",
    "Check power and wiring, the unit id, and the timeout of the connection; then `uptime-agent test`.",
  ),
  MODBUS_CLOSED: entry(
    "The connection was closed while a request was open, or is not open.",
    "retry",
    "link-down",
    "Check the cable and whether another client holds the only connection of the device.",
  ),
  MODBUS_REFUSED: entry(
    "The endpoint refused the connection or cannot be reached.",
    "retry",
    "link-down",
    "Check host and port of the connection, then `uptime-agent test`.",
  ),
  MODBUS_ABSENT: entry(
    "The port or host does not exist.",
    "retry",
    "link-down",
    "Check the device path (`ls -l /dev/serial/by-id/`) or host name of the connection.",
  ),
  PORT_DENIED: entry(
    "The agent's user may not open the serial port.",
    "retry",
    "link-down",
    "Add the user to the group that owns it: `usermod -aG dialout uptime-agent`, then restart the agent.",
  ),
  PORT_BUSY: entry(
    "Another program, or another connection, holds the serial port.",
    "retry",
    "link-down",
    "One port has one owner: find it with `fuser -v DEVICE` and stop it.",
  ),
  MODBUS_FRAME: entry(
    "The answer was malformed or did not belong to the request.",
    "retry",
    "device-silent",
    "Check for a second master, a wrong gateway mode (RTU over TCP?) or noise on the line.",
  ),
  MODBUS_EXCEPTION_1: entry(
    "The device does not support this function code (exception 1).",
    "reject",
    "read-rejected",
    "Use the table (coil, discrete, input, holding) that the device's manual names.",
  ),
  MODBUS_EXCEPTION_2: entry(
    "The device has no such address (exception 2).",
    "reject",
    "read-rejected",
    "Check the address against the manual (wire address = 4xxxx form minus one).",
  ),
  MODBUS_EXCEPTION_3: entry(
    "The device refused the quantity or value (exception 3).",
    "reject",
    "read-rejected",
    "Lower `maxRegisters` of the connection, or check the point's length.",
  ),
  MODBUS_EXCEPTION_4: entry(
    "The device reported an internal failure (exception 4).",
    "retry",
    "read-rejected",
    "Read the device's own diagnosis; restart it if it persists.",
  ),
  MODBUS_EXCEPTION_5: entry(
    "The device accepted the request but needs more time (exception 5).",
    "retry",
    "read-rejected",
    "Poll more slowly.",
  ),
  MODBUS_EXCEPTION_6: entry(
    "The device is busy (exception 6).",
    "retry",
    "read-rejected",
    "Poll more slowly, or look for a second client.",
  ),
  MODBUS_EXCEPTION_8: entry(
    "The device reported a memory parity error (exception 8).",
    "retry",
    "read-rejected",
    "Read the device's own diagnosis.",
  ),
  MODBUS_EXCEPTION_10: entry(
    "The gateway has no path to the unit (exception 10).",
    "retry",
    "link-down",
    "Check the gateway's serial side and its unit id range.",
  ),
  MODBUS_EXCEPTION_11: entry(
    "The gateway got no answer from the unit (exception 11).",
    "retry",
    "device-silent",
    "Check power, wiring and unit id behind the gateway.",
  ),
  MODBUS_EXCEPTION: entry(
    "The device answered with an exception code that the standard does not define.",
    "retry",
    "read-rejected",
    "Look the code up in the device's manual.",
  ),
  MODBUS_READ_ONLY: entry(
    "A function code that could change the machine was refused before a byte left.",
    "halt",
    null,
    "This is a defect of the agent; please report it with the log.",
  ),
  VALUE_INVALID: entry(
    "The value is the one the device uses for `not available` (`invalid` of the point).",
    "retry",
    "read-rejected",
    "Check sensor and device; remove the sentinel from `invalid` if it is a real value.",
  ),
  VALUE_NOT_FINITE: entry(
    "The registers do not hold a finite number of the configured type.",
    "retry",
    "read-rejected",
    "Check type and word order with `uptime-agent test`.",
  ),
  VALUE_RANGE: entry(
    "The value lies outside the `range` of the point.",
    "retry",
    "read-rejected",
    "Check sensor, scale and word order with `uptime-agent read`; widen `range` if the value is real.",
  ),
  VALUE_STEP: entry(
    "The value is further from the last good one than `maxStep` of the point allows for the time between.",
    "retry",
    "read-rejected",
    "Check sensor, type and word order; raise `maxStep` if the machine really moves that fast.",
  ),
  VALUE_FROZEN: entry(
    "The value has not changed by a bit for as long as `frozen` of the point says.",
    "retry",
    "read-rejected",
    "Check the sensor and whether the device still updates its registers; raise `frozen` if the value can rest that long.",
  ),
  COUNT_JUMP: entry(
    "A counter moved further than its `maxRate` allows.",
    "retry",
    "read-rejected",
    "Check `maxRate`, type and word order of the counter.",
  ),
  GPIO_GONE: entry(
    "The GPIO watcher ended or the chip is absent.",
    "retry",
    "link-down",
    "Compare the `chip` of the connection with the labels that `gpiodetect` prints.",
  ),
  GPIO_DENIED: entry(
    "The GPIO chip may not be opened by this user.",
    "retry",
    "link-down",
    "Add the agent's user to group gpio: `usermod -aG gpio uptime-agent`, then restart the agent.",
  ),
  GPIO_BUSY: entry(
    "Another program holds the GPIO line.",
    "retry",
    "link-down",
    "`gpioinfo` names the consumer; stop it, or remove the overlay that claims the line.",
  ),
  GPIO_LINE: entry(
    "The chip has no such line, or the line is an output.",
    "retry",
    "configuration",
    "Compare the `line` of the point with the names that `gpioinfo` prints; only inputs are read.",
  ),
  GPIO_TOOLS: entry(
    "Neither gpiod's tools nor GPIO in sysfs are there.",
    "retry",
    "link-down",
    "Install the tools: `apt install gpiod`.",
  ),
  GPIO_UNSTEADY: entry(
    "The GPIO line never stands still for its debounce time.",
    "retry",
    "read-rejected",
    "Check contact, shield and pull-up of the input; lower `debounce` if the signal is that fast.",
  ),
  POLL_MISSED: entry(
    "The poll slot passed without a request, because an earlier one was still running.",
    "retry",
    "device-silent",
    "Poll more slowly or spread the points over connections.",
  ),
  IDENTITY_MISMATCH: entry(
    "The device is not the one that was commissioned.",
    "reject",
    "configuration",
    "Check which device answers at this address.",
  ),
  AGENT_HOLDS_BUS: entry(
    "A running agent holds this connection, and nobody else may use it meanwhile.",
    "retry",
    null,
    "`uptime-agent watch` and `uptime-agent read` go through the agent; for all else stop it first: `systemctl stop uptime-agent`.",
  ),
  USAGE_INVALID: entry(
    "An option is missing or cannot be used.",
    "halt",
    null,
    "`uptime-agent VERB --help` shows the options with examples.",
  ),
  FILE_UNWRITABLE: entry(
    "A file cannot be written.",
    "halt",
    null,
    "Check the path and the permissions of its folder.",
  ),
  DRIVER_MISSING: entry(
    "This version has no driver for the connection.",
    "halt",
    null,
    "Use another driver, or remove the connection; `uptime-agent check` lists what is known.",
  ),
  CONFIG_INVALID: entry(
    "The configuration has errors.",
    "halt",
    null,
    "Run `uptime-agent check -c FILE` and correct every line it prints.",
  ),
  CONFIG_UNREADABLE: entry(
    "The configuration file cannot be read.",
    "halt",
    null,
    "Check the path given with -c and the file's permissions.",
  ),
  TEMPLATE_MISSING: entry(
    "There is no machine template of that name.",
    "halt",
    null,
    "`uptime-agent template list` shows all; own ones are in `templates/` beside the configuration.",
  ),
  INPUT_INVALID: entry(
    "A line of the replay input cannot be used.",
    "halt",
    null,
    "Correct the line that is named and replay again; the output ends before it.",
  ),
  INPUT_UNREADABLE: entry(
    "The recorded input of a replay cannot be read.",
    "halt",
    null,
    "Check the path and its permissions: `--input FILE`, `--raw FOLDER`, `--journal FILE` of a store, `--data FILE` of signals.",
  ),
  TABLE_INVALID: entry(
    "A CSV file cannot be analyzed as it is.",
    "halt",
    null,
    "Correct what is named, or say how to read the file: --separator, --time, --exclude, --train of `uptime-agent signals replay`.",
  ),
  AGENT_LATE: entry(
    "An agent runs and did not answer in time.",
    "retry",
    null,
    "Try again with a longer `--timeout`; `systemctl status uptime-agent` shows whether it hangs.",
  ),
  AGENT_DENIED: entry(
    "This user may not ask the agent of the configuration.",
    "halt",
    null,
    "Run it as the agent's user: `sudo -u uptime-agent uptime-agent …`.",
  ),
  AGENT_ABSENT: entry(
    "No agent runs for this configuration, and only a running one takes acts.",
    "halt",
    null,
    "`systemctl start uptime-agent`, or name the configuration of the running one with `-c FILE`.",
  ),
  ACT_REFUSED: entry(
    "An act was refused; nothing was changed.",
    "reject",
    null,
    "The answer says why and what to do instead; `uptime-agent schema act` shows what an act may say.",
  ),
  PAGE_UNAVAILABLE: entry(
    "The local page cannot be served; everything else goes on.",
    "retry",
    null,
    "Check `page.host`, `page.port` and `page.passwordFile`: another program may hold the port (`ss -ltnp`).",
  ),
  KEY_EXPOSED: entry(
    "The gateway's signing key can be read by others than the agent's user.",
    "halt",
    null,
    "`chmod 0700` its folder and `chmod 0600` the file, owned by the agent's user; make a new key if it may have been copied: move the file away.",
  ),
  KEY_UNREADABLE: entry(
    "The gateway's signing key, or a public key, cannot be read or used.",
    "halt",
    null,
    "Check the path, its owner and that it is an Ed25519 key in PEM; a gateway that lost its key makes a new one once the file is moved away.",
  ),
  EVIDENCE_UNREADABLE: entry(
    "This is no store, no evidence bundle and no stream of records.",
    "halt",
    null,
    "Name a store (`agent.db`), a file made by `uptime-agent export`, or NDJSON with one record a line.",
  ),
  TAKE_OVER_REFUSED: entry(
    "The machines of the bundle cannot be taken over by this configuration; nothing was changed.",
    "halt",
    null,
    "Take over into a configuration with the same asset ids that has no store yet; make the bundle with `uptime-agent export --hand-over`.",
  ),
  STORE_UNWRITABLE: entry(
    "The store path cannot be written.",
    "halt",
    null,
    "Create the directory and give it to the agent's user: `install -d -o uptime-agent DIR`.",
  ),
  STORE_BUSY: entry(
    "Another agent has the store open.",
    "halt",
    null,
    "Stop the other agent first: `systemctl status uptime-agent`.",
  ),
  STORE_FULL: entry(
    "The store reached its size limit or the disk is full.",
    "retry",
    null,
    "Free space or raise `store.maxSize`; `uptime-agent status` shows what is waiting.",
  ),
  STORE_DAMAGED: entry(
    "The store file is damaged; it was set aside and a new one was begun.",
    "retry",
    null,
    "Keep the quarantined file: it is evidence.",
  ),
  STORE_UNREADABLE: entry(
    "The file is no sound store; it was left as it is.",
    "halt",
    null,
    "Keep a copy: it is evidence. `uptime-agent run` sets a damaged store aside and begins a new one; bundles and subscribers hold its records.",
  ),
  STORE_IO: entry(
    "Reading or writing the store failed.",
    "retry",
    null,
    "Check the disk: `dmesg`, `df -h`.",
  ),
  MQTT_UNREACHABLE: entry(
    "The broker cannot be reached.",
    "retry",
    null,
    "Check `mqtt.url` and the network; records wait in the outbox meanwhile.",
  ),
  MQTT_REFUSED: entry(
    "The broker refused the connection.",
    "retry",
    null,
    "Check `mqtt.username` and the file named by `mqtt.passwordFile`, or the client certificate.",
  ),
  MQTT_TLS: entry(
    "The TLS connection to the broker could not be made.",
    "retry",
    null,
    "Check `mqtt.ca`, `mqtt.cert`, `mqtt.keyFile` and the host name in the broker's certificate.",
  ),
  MQTT_SECRET: entry(
    "A password, key or certificate file of the broker connection cannot be read.",
    "retry",
    null,
    "Check the path and that the agent's user may read it: `install -m 0600 -o uptime-agent FILE`.",
  ),
  MQTT_SECRET_EXPOSED: entry(
    "A password or key file of the broker connection can be read by every user of the machine.",
    "retry",
    null,
    "`chmod 0600 FILE` and give it to the agent's user.",
  ),
  MQTT_ACK_LATE: entry(
    "The broker did not acknowledge in time; the connection is made anew.",
    "retry",
    null,
    "Check the broker's load and the network.",
  ),
  MQTT_REJECTED: entry(
    "The broker rejected a record five times; it was parked.",
    "reject",
    null,
    "Read it with `uptime-agent status`; check the broker's access rules and size limits.",
  ),
  MQTT_COMMANDS: entry(
    "The broker does not let the agent listen to its command topic; acts by message do not arrive.",
    "retry",
    null,
    "Allow the agent to read `…/_gateway/{gateway}/command` at the broker, or set `mqtt.commands.enabled: false`.",
  ),
  INTERNAL: entry(
    "A defect of the agent.",
    "halt",
    null,
    "Please report it with the log and `uptime-agent --version`.",
  ),
} as const satisfies Record<string, FaultEntry>;

export type FaultCode = keyof typeof FAULTS;

export class Fault extends Error {
  readonly code: FaultCode;
  readonly context: Record<string, unknown>;

  /** `message` says what and where; the table adds likely cause and next step. */
  constructor(
    code: FaultCode,
    message: string,
    context: Record<string, unknown> = {},
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "Fault";
    this.code = code;
    this.context = context;
  }

  get hint(): string {
    return FAULTS[this.code].hint;
  }
}

/**
 * The `unknown` cause a bad sample books (accounting rule 3). Recorded input may carry codes of other
 * tools, so unlisted ones are classed by what they say; anything else was an answer we could not use.
 */
export function causeOf(reason: string): UnknownCause {
  const listed = (FAULTS as Record<string, FaultEntry>)[reason]?.cause;
  if (listed) return listed;
  const exception = /EXCEPTION_?0*(\d+)/i.exec(reason)?.[1];
  if (exception === "10") return "link-down";
  if (exception === "11") return "device-silent";
  if (exception !== undefined) return "read-rejected";
  if (/TIMEOUT|TIMEDOUT|SILENT/i.test(reason)) return "device-silent";
  if (/CLOSED|REFUSED|ABSENT|RESET|UNREACH|LINK|DOWN|GONE|ENOENT|EPIPE/i.test(reason))
    return "link-down";
  if (/IDENTITY|CANARY|CONFIG/i.test(reason)) return "configuration";
  return "read-rejected";
}
