/** `bundle`: everything that helps somebody far away to help, in one file, without secrets. Touches no machine. */
import { existsSync, writeFileSync } from "node:fs";
import { systemClock } from "../clock.ts";
import { duration } from "../commission/target.ts";
import { Fault } from "../core/fault.ts";
import { iso } from "../record/iso.ts";
import { collect } from "../support/collect.ts";
import { tarGz } from "../support/tar.ts";
import { EXIT, type GlobalOptions, print, say } from "./output.ts";
import { agentVersion } from "./run.ts";

export interface BundleOptions extends GlobalOptions {
  config: string;
  out?: string;
  raw?: boolean;
  log?: string;
}

const PATIENCE_MS = 3000;

/** 0 when it was written, whatever is missing in it. Throws `FILE_UNWRITABLE`: nothing is replaced. */
export async function bundleCommand(options: BundleOptions): Promise<number> {
  const at = systemClock.utc();
  const file = options.out ?? `uptime-agent-${iso(at).slice(0, 19).replaceAll(":", "-")}.tar.gz`;
  if (existsSync(file)) throw new Fault("FILE_UNWRITABLE", `${file} is there already`, { file });
  const { timeout, raw = false, log = null, config } = options;
  const timeoutMs = timeout === undefined ? PATIENCE_MS : duration("--timeout", timeout);
  const version = agentVersion();
  const { files, missing } = await collect({ config, version, timeoutMs, raw, log });
  const manifest = { at: iso(at), version, files: files.map(({ name }) => name), missing };
  const first = {
    name: "manifest.json",
    data: Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`),
  };
  const bytes = tarGz([first, ...files], at);
  try {
    writeFileSync(file, bytes, { flag: "wx", mode: 0o600 });
  } catch (error) {
    throw new Fault("FILE_UNWRITABLE", `cannot write ${file}`, { file }, error);
  }
  if (options.json) print(JSON.stringify({ file, bytes: bytes.length, ...manifest }));
  else print(`wrote ${file}: ${manifest.files.join(", ")}`);
  for (const { name, why } of missing) say(`without ${name}: ${why}`);
  return EXIT.done;
}
