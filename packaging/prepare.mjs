/**
 * Makes a fresh checkout runnable: packages as locked, then a build. Plain JavaScript without packages, because
 * it runs before any is there. What is needed is looked at, not remembered: no stamp can go stale.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, isBuilt, root } from "./build.mjs";
import { compileEnvironment, missingTools } from "./compile.mjs";

const NODE_FLOOR = [20, 19];

function stop(message, ...next) {
  console.error([`prepare: ${message}`, ...next.map((line) => `  ${line}`)].join("\n"));
  process.exit(1);
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > NODE_FLOOR[0] || (major === NODE_FLOOR[0] && minor >= NODE_FLOOR[1])) return;
  stop(
    `Node ${NODE_FLOOR.join(".")} or newer is needed, this is ${process.versions.node}.`,
    "Debian 13 brings it: apt-get install nodejs npm",
  );
}

const packagesOf = (file) => JSON.parse(readFileSync(join(root, file), "utf8")).packages;

/** Whether every package is the locked one. Optional ones (other platforms, GPIO) may be absent. */
function isAsLocked() {
  if (!existsSync(join(root, "node_modules/.package-lock.json"))) return false;
  const installed = packagesOf("node_modules/.package-lock.json");
  return Object.entries(packagesOf("package-lock.json")).every(([path, locked]) => {
    if (path === "" || (locked.optional && !installed[path])) return true;
    return installed[path]?.integrity === locked.integrity;
  });
}

/** Whether SQLite was compiled for this Node. In a process of its own: see docs/decisions/0006-held-statements.md. */
function isCompiled() {
  const open = "globalThis.held = new (require('better-sqlite3'))(':memory:')";
  return spawnSync(process.execPath, ["-e", open], { cwd: root, stdio: "ignore" }).status === 0;
}

function install() {
  console.error("prepare: npm ci (compiling better-sqlite3 takes minutes, once) …");
  const run = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: compileEnvironment(),
  });
  if (run.status === 0 && isCompiled()) return;
  const missing = missingTools();
  if (missing.length === 0) stop("npm ci failed (see above).");
  stop(
    `npm ci failed, and to compile SQLite ${missing.join(", ")} must be there.`,
    "On Debian: apt-get install g++ make python3; then run this again.",
  );
}

export function prepare() {
  checkNode();
  if (!isAsLocked() || !isCompiled()) install();
  if (isBuilt()) return;
  try {
    build();
  } catch (error) {
    stop(`the build failed: ${error.message}.`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) prepare();
