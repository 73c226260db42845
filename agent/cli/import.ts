/** `import --take-over`: this gateway goes on where another one ended. */
import { readFileSync } from "node:fs";
import { systemClock } from "../clock.ts";
import { usage } from "../commission/target.ts";
import { Fault } from "../core/fault.ts";
import { takeOver } from "../evidence/take-over.ts";
import { loadPlant } from "../plant.ts";
import { iso } from "../record/iso.ts";
import { EXIT, type GlobalOptions, print, say } from "./output.ts";
import { keyOf } from "./verify.ts";

export interface ImportOptions extends GlobalOptions {
  config: string;
  takeOver?: string;
  key?: string[];
}

/** Throws Fault TAKE_OVER_REFUSED with the reason; nothing was changed then. */
export async function importCommand(options: ImportOptions): Promise<number> {
  const name = options.takeOver;
  if (name === undefined) throw usage("--take-over BUNDLE is missing");
  const plant = loadPlant(options.config);
  let bytes: Buffer;
  try {
    bytes = readFileSync(name);
  } catch (error) {
    throw new Fault("EVIDENCE_UNREADABLE", `cannot read ${name}`, { file: name }, error);
  }
  const keys = (options.key ?? []).map(keyOf);
  const taken = await takeOver(plant, { name, bytes, keys, now: systemClock.utc() });
  const { from, assets, records, lastKnown, oldKey, newKey } = taken;
  if (options.json) print(JSON.stringify({ ...taken, lastKnown: iso(lastKnown) }));
  else {
    print(`${assets.join(", ")}: taken over from ${from}, ${records} records`);
    print(`known up to ${iso(lastKnown)}; the time from there is unknown (agent-stopped)`);
    print(`signed by ${oldKey?.id ?? "no key"} until now, by ${newKey.id} from now on`);
  }
  say(`next: \`uptime-agent verify -c ${options.config}\`, then \`uptime-agent run\``);
  return EXIT.done;
}
