/**
 * What the agent is measured against, installed outside the project's dependencies, in a folder that may be deleted
 * at any time. An anchor that cannot be had is null, with the reason said; its rows are then skipped.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { has } from "./children.mjs";

const root = join(import.meta.dirname, "..");
export const cache = join(root, "node_modules/.cache/bench");
const source = (name) => join(import.meta.dirname, "anchor", name);

const DEBIAN = ["libmodbus-dev", "libmosquitto-dev"];
/** The dependency on a fork from a private host is replaced by the public modbus-serial. */
const NODE_RED = {
  private: true,
  dependencies: { "node-red": "4.1.15", "node-red-contrib-modbus": "5.45.2" },
  overrides: { "@openp4nr/modbus-serial": "npm:modbus-serial@8.0.25" },
};

function compile(name, output, options) {
  const target = join(cache, output);
  if (existsSync(target) && statSync(target).mtimeMs > statSync(source(name)).mtimeMs)
    return target;
  execFileSync("cc", ["-O2", "-o", target, source(name), ...options], { stdio: "pipe" });
  return target;
}

function pollInC() {
  if (!has("cc")) return [null, "no C compiler"];
  const options = ["-I/usr/include/modbus", "-lmodbus", "-lmosquitto"];
  try {
    return [compile("poll.c", "poll", options), null];
  } catch {
    if (process.getuid() !== 0 || !has("apt-get"))
      return [null, `${DEBIAN.join(" and ")} are missing`];
  }
  const install = ["install", "-y", "--no-install-recommends", ...DEBIAN];
  spawnSync("apt-get", ["update"], { stdio: "ignore" });
  spawnSync("apt-get", install, {
    stdio: "ignore",
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
  try {
    return [compile("poll.c", "poll", options), null];
  } catch {
    return [null, `${DEBIAN.join(" and ")} could not be installed`];
  }
}

function slowDisk() {
  try {
    return [compile("slow-fsync.c", "slow-fsync.so", ["-shared", "-fPIC", "-ldl"]), null];
  } catch {
    return [null, "no C compiler"];
  }
}

function nodeRed() {
  const folder = join(cache, "node-red");
  const main = join(folder, "node_modules/node-red/red.js");
  const text = JSON.stringify(NODE_RED);
  const file = join(folder, "package.json");
  if (existsSync(main) && existsSync(file) && readFileSync(file, "utf8") === text)
    return [folder, null];
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, text);
  const options = ["install", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"];
  const result = spawnSync("npm", options, { cwd: folder, stdio: "pipe", timeout: 240_000 });
  if (result.status === 0 && existsSync(main)) return [folder, null];
  writeFileSync(file, "{}");
  return [null, "npm could not install it"];
}

/** `missing`: name and reason of each that cannot be had. */
export function findAnchors() {
  mkdirSync(cache, { recursive: true });
  const found = { missing: [] };
  const look = (key, name, find) => {
    const [value, reason] = find();
    found[key] = value;
    if (reason) found.missing.push(`${name}: ${reason}`);
  };
  look("c", "libmodbus + libmosquitto in C", pollInC);
  look("nodeRed", "Node-RED with node-red-contrib-modbus", nodeRed);
  look("slowFsync", "slow disk", slowDisk);
  look("mosquitto", "mosquitto", () =>
    has("mosquitto") ? ["mosquitto", null] : [null, "not installed"],
  );
  return found;
}
