/**
 * Installs the packed tarball as a gateway would (`npm install -g`, into a temporary prefix) and runs the command
 * from there. Compiles SQLite, so it takes minutes: part of CI, not of `npm test`.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./build.mjs";
import { compileEnvironment } from "./compile.mjs";

const MINUTE = 60_000;
const work = mkdtempSync(join(tmpdir(), "uptime-pack-"));
const prefix = join(work, "prefix");

function run(program, args, bound, cwd = work) {
  const done = spawnSync(program, args, {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    timeout: bound,
    env: compileEnvironment(),
  });
  if (done.status === 0) return done.stdout;
  const how = done.error?.message ?? `exit ${done.status ?? done.signal}`;
  throw new Error(`${program} ${args.join(" ")}: ${how}`);
}

function check() {
  const pkg = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const { name, version, allowScripts } = pkg;
  const scripts = Object.keys(allowScripts).filter((script) => allowScripts[script]);
  run("npm", ["pack", root, "--pack-destination", work, "--silent"], 5 * MINUTE);
  const tarball = readdirSync(work).find((file) => file.endsWith(".tgz"));
  const options = ["--prefix", prefix, "--no-audit", "--no-fund", `--allow-scripts=${scripts}`];
  run("npm", ["install", "-g", ...options, join(work, tarball)], 20 * MINUTE);
  const said = run(join(prefix, "bin", name), ["--version"], MINUTE).trim();
  if (said !== version) throw new Error(`--version says ${said}, the package is ${version}`);
  const home = join(prefix, "lib/node_modules", name);
  const open = "globalThis.held = new (require('better-sqlite3'))(':memory:')";
  run(process.execPath, ["-e", open], MINUTE, home);
}

try {
  check();
  console.error("passed  the packed tarball installs and runs");
} catch (error) {
  console.error(`FAILED  the packed tarball: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
