/**
 * Compiles the sources to `dist/` and copies what is not TypeScript (schemas, templates, SQL, scenarios, page).
 * Tests and benches stay out. The new tree replaces the old one in one rename, so a failed build changes nothing.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const PARTS = ["agent", "drivers", "config", "simulator"];
const SETTINGS = ["tsconfig.json", "tsconfig.build.json", "packaging/build.mjs"];
const dist = join(root, "dist");
const stamp = join(dist, ".sources");

const filesOf = (part) =>
  readdirSync(join(root, part), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

/** One hash over everything that decides what `dist/` contains. */
function sourceHash() {
  const hash = createHash("sha256");
  const settings = SETTINGS.map((name) => join(root, name));
  for (const file of [...PARTS.flatMap(filesOf), ...settings]) {
    hash.update(`${file}\0`).update(readFileSync(file)).update("\0");
  }
  return hash.digest("hex");
}

export function isBuilt() {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === sourceHash();
}

/**
 * With `force` types are not checked: the generator must run while its own output is stale. Such a build
 * carries no stamp, so the next `prepare` makes a proper one.
 */
export function build({ force = false } = {}) {
  const hash = sourceHash();
  const next = join(root, `dist-${process.pid}`);
  try {
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const options = ["-p", "tsconfig.build.json", "--outDir", next];
    if (force) options.push("--noCheck");
    const run = spawnSync(process.execPath, [tsc, ...options], { cwd: root, stdio: "inherit" });
    if (run.status !== 0) throw new Error("the TypeScript compiler found errors (listed above)");
    for (const file of PARTS.flatMap(filesOf)) {
      if (extname(file) !== ".ts") cpSync(file, join(next, file.slice(root.length)));
    }
    precompile(next);
    const main = join(next, "agent/main.js");
    if (existsSync(main)) chmodSync(main, 0o755);
    if (!force) writeFileSync(join(next, ".sources"), hash);
    rmSync(dist, { recursive: true, force: true });
    renameSync(next, dist);
  } finally {
    rmSync(next, { recursive: true, force: true });
  }
}

/** Compiling the schemas is most of a start: the build brings the checks ready made. */
function precompile(tree) {
  const script = `
    import { writeFileSync } from "node:fs";
    import { checkedReferences } from "./config/point.js";
    import { precompiled } from "./config/validator.js";
    writeFileSync("config/validators.cjs", precompiled(checkedReferences()));`;
  const run = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd: tree,
    stdio: "inherit",
  });
  if (run.status !== 0) throw new Error("the schemas could not be compiled (see above)");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    build({ force: process.argv.includes("--force") });
  } catch (error) {
    console.error(`build: ${error.message}`);
    process.exitCode = 1;
  }
}
