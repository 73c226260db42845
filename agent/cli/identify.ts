/** `identify`: who a device is. With `--save` that becomes what a running agent insists on (`guard`). */
import { dirname } from "node:path";
import { identityKey } from "../../config/guard.ts";
import { type Examined, examine, examinedText } from "../commission/examine.ts";
import { candidatesIn } from "../commission/fingerprint.ts";
import { openLine } from "../commission/line.ts";
import { within } from "../commission/patience.ts";
import { plantBeside, type TargetOptions, targetOf, usage, whole } from "../commission/target.ts";
import { Fault, type FaultCode } from "../core/fault.ts";
import { readSaved, saveIdentity } from "../guard/saved.ts";
import { EXIT, type GlobalOptions, print, say } from "./output.ts";

export interface IdentifyOptions extends TargetOptions {
  save?: boolean;
  replace?: boolean;
}

const PATIENCE_MS = 60_000;

/** 0 when the device answered, 1 when there is nothing to save or another identity is. Throws the Fault of the bus. */
export async function identifyCommand(options: GlobalOptions & IdentifyOptions): Promise<number> {
  const target = targetOf(options);
  const unit = whole("--unit", options.unit ?? "1", 0, 255);
  if (options.save && target.connection === null)
    throw usage("--save needs a --connection of the configuration: that is what is guarded");
  const line = await openLine(plantBeside(options.config), target);
  try {
    const found = await within(
      options.timeout,
      PATIENCE_MS,
      examine(line, unit, candidatesIn(dirname(options.config))),
    );
    const isSilent = found.failure !== null && found.silence !== null;
    if (isSilent) throw unanswered(found.failure as FaultCode, unit, target.label);
    if (options.json) {
      const { label, connection } = target;
      print(JSON.stringify({ label, connection, ...found }));
    } else {
      print(`unit ${unit} at ${target.label}${line.via === null ? "" : " through the agent"}`);
      for (const text of examinedText(found)) print(text);
    }
    return options.save
      ? save(options, identityKey(target.connection ?? "", unit), found)
      : EXIT.done;
  } finally {
    await line.close();
  }
}

const unanswered = (code: FaultCode, unit: number, label: string): Fault =>
  new Fault(code, `unit ${unit} at ${label} did not answer`, { unit });

function save(options: IdentifyOptions, key: string, { identity }: Examined): number {
  if (Object.keys(identity).length === 0) {
    say("nothing was saved: the device says nothing of itself");
    say("next: put a register that never changes into `guard.canary` of the source");
    return EXIT.failed;
  }
  const known = readSaved(options.config)[key];
  if (known && JSON.stringify(known) !== JSON.stringify(identity) && !options.replace) {
    say(`nothing was saved: ${key} is known as ${JSON.stringify(known)}`);
    say("next: if the device was exchanged on purpose, repeat with --replace");
    return EXIT.failed;
  }
  say(`saved as ${key} in ${saveIdentity(options.config, key, identity)}`);
  say("next: restart the agent; it then insists on this identity");
  return EXIT.done;
}
