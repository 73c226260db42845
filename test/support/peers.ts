/**
 * Real peers from Debian for tests at the far end. Where one is missing its suite is skipped with a printed note;
 * with `UPTIME_PEERS=required` (as in CI) a missing peer is a failure instead.
 */
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { describe } from "vitest";

export type Peer =
  | "mosquitto"
  | "mosquitto_sub"
  | "mosquitto_pub"
  | "mbpoll"
  | "socat"
  | "openssl"
  | "strace"
  | "pymodbus"
  | "python3"
  | "systemd-analyze"
  | "systemd-notify";

const DEBIAN_PYTHON = "/usr/bin/python3";
/** Debian keeps daemons where an ordinary user's PATH does not look. */
const FOLDERS = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/usr/bin"];

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const find = (program: string): string | undefined =>
  FOLDERS.map((folder) => join(folder, program)).find(isExecutable);

const hasPymodbus = (): boolean =>
  spawnSync(DEBIAN_PYTHON, ["-c", "import pymodbus"], { timeout: 20_000 }).status === 0;

const known = new Map<Peer, string | null>();

function locate(peer: Peer): string | null {
  let path = known.get(peer);
  if (path === undefined) {
    if (peer === "pymodbus") path = hasPymodbus() ? DEBIAN_PYTHON : null;
    else path = find(peer) ?? null;
    known.set(peer, path);
  }
  return path;
}

/** Absolute path of the program (for `pymodbus`: of the Python that has it). Throws when it is missing. */
export function pathOf(peer: Peer): string {
  const path = locate(peer);
  if (path === null) throw new Error(`${peer} is not installed`);
  return path;
}

/** `describe` where all peers are there, else `describe.skip` with a note; throws when peers are required. */
export function peer(...peers: Peer[]): typeof describe | typeof describe.skip {
  const missing = peers.filter((name) => locate(name) === null);
  if (missing.length === 0) return describe;
  if (process.env["UPTIME_PEERS"] === "required") {
    throw new Error(`peers are required, but missing: ${missing.join(", ")}`);
  }
  console.warn(
    `skipped, not installed: ${missing.join(", ")} (UPTIME_PEERS=required fails instead)`,
  );
  return describe.skip;
}
