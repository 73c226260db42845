/**
 * Notices that a device file went away or became another: serialport does not always, and then reads a dead one in
 * a loop. Watches the folder (inotify), opens nothing; where watching is impossible, failed polls must do.
 */
import { type FSWatcher, statSync, watch } from "node:fs";
import { dirname } from "node:path";

/** Calls `gone` once `path` no longer leads to the device it leads to now. Returns what ends the watch. */
export function watchDevice(path: string, gone: () => void): () => void {
  const device = numberOf(path);
  const check = (): void => {
    if (numberOf(path) !== device) gone();
  };
  let watcher: FSWatcher;
  try {
    watcher = watch(dirname(path), { persistent: false }, check);
  } catch {
    return () => {};
  }
  watcher.on("error", check);
  return () => watcher.close();
}

/** Major and minor number of the device behind all links; null where there is none. */
function numberOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.rdev ?? null;
}
