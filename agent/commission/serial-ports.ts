/** Serial ports of this machine by the names that stay: /dev/serial/by-id, then what has no such name. Opens none. */
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { join } from "node:path";

export interface SerialPortFound {
  /** The name to configure. */
  path: string;
  /** What it is today. */
  device: string;
  /** The name stays with the adapter when it is plugged in elsewhere. */
  isStable: boolean;
}

const BARE = /^tty(USB|ACM|AMA|SC|XRUSB|RS485)\d+$/;

/** `root` is `/dev`; tests pass a folder of their own. */
export function serialPorts(root = "/dev"): SerialPortFound[] {
  const named = join(root, "serial", "by-id");
  const stable = listed(named).map((name) => {
    const path = join(named, name);
    return { path, device: real(path), isStable: true };
  });
  const known = new Set(stable.map(({ device }) => device));
  const bare = listed(root)
    .filter((name) => BARE.test(name))
    .map((name) => join(root, name))
    .filter((path) => !known.has(real(path)))
    .map((path) => ({ path, device: path, isStable: false }));
  return [...stable, ...bare];
}

const listed = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder).sort() : []);

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
