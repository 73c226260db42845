/**
 * Identities learned at commissioning: `identity.json` beside the configuration, written by `identify --save` and by
 * nothing else. A running agent only reads it, at its start.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { DeviceIdentity, SavedIdentities } from "../../config/guard.ts";
import { Fault } from "../core/fault.ts";

export const savedFile = (configFile: string): string => join(dirname(configFile), "identity.json");

const KEYS = ["vendor", "product", "version"];

/** Nothing where there is no file. Throws `CONFIG_INVALID` for one that is not ours. */
export function readSaved(configFile: string): SavedIdentities {
  const file = savedFile(configFile);
  if (!existsSync(file)) return {};
  const data = parsed(file);
  const isSound =
    isRecord(data) &&
    Object.values(data).every(
      (identity) =>
        isRecord(identity) &&
        Object.entries(identity).every(
          ([key, text]) => KEYS.includes(key) && typeof text === "string",
        ),
    );
  if (isSound) return data as SavedIdentities;
  throw new Fault(
    "CONFIG_INVALID",
    `${file}: must hold vendor, product and version by connection/unit`,
    { file },
  );
}

/** Adds or replaces one entry; the file is replaced as a whole. */
export function saveIdentity(configFile: string, key: string, identity: DeviceIdentity): string {
  const file = savedFile(configFile);
  const all = Object.entries({ ...readSaved(configFile), [key]: identity });
  const sorted = Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
  try {
    writeFileSync(`${file}.new`, `${JSON.stringify(sorted, null, 2)}\n`);
    renameSync(`${file}.new`, file);
  } catch (error) {
    throw new Fault("FILE_UNWRITABLE", `cannot write ${file}`, { file }, error);
  }
  return file;
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Fault("CONFIG_INVALID", `${file}: cannot be read as JSON`, { file }, error);
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
