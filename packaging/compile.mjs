/** Surroundings for compiling native packages: for this very Node, against the headers that came with it. */
import { existsSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

/** Where the headers of this Node lie beside it, and only if they are of its version. */
function headers() {
  const prefix = dirname(dirname(process.execPath));
  const file = join(prefix, "include/node/node_version.h");
  if (!existsSync(file)) return {};
  const text = readFileSync(file, "utf8");
  const number = (part) => new RegExp(`define NODE_${part}_VERSION (\\d+)`).exec(text)?.[1];
  const version = ["MAJOR", "MINOR", "PATCH"].map(number).join(".");
  return version === process.versions.node ? { npm_config_nodedir: prefix } : {};
}

/** The environment with this Node first on the path, and its own headers where it brought them. */
export function compileEnvironment() {
  const path = [dirname(process.execPath), process.env.PATH].join(delimiter);
  return { ...process.env, ...headers(), PATH: path };
}

/** What a compilation needs and this machine lacks, in words. */
export function missingTools() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const has = (tool) => folders.some((folder) => existsSync(join(folder, tool)));
  const missing = [];
  if (!["c++", "g++", "clang++"].some(has)) missing.push("a C++ compiler");
  if (!has("make")) missing.push("make");
  if (!has("python3")) missing.push("python3");
  return missing;
}
