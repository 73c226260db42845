/** The store compiled as it ships, because its thread runs JavaScript only. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const root = join(import.meta.dirname, "../../..");

export interface Compiled {
  /** URL of `open.js`. */
  open: string;
  remove(): void;
}

/** Below `node_modules`, so that packages are found from it. Types are checked elsewhere. */
export function compileStore(): Compiled {
  const cache = join(root, "node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "store-"));
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const options = ["-p", "tsconfig.json", "--noCheck", "--noEmit", "false", "--outDir", folder];
  execFileSync(process.execPath, [tsc, ...options], { cwd: root, stdio: "inherit" });
  return {
    open: pathToFileURL(join(folder, "agent/store/open.js")).href,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
