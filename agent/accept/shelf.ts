/**
 * Acceptance records beside the store: a folder with one file each, named by asset and time, written once and never
 * again. What the last one of an asset says of the configuration of today.
 */
import { accessSync, constants, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Fault } from "../core/fault.ts";
import type { Plant } from "../plant.ts";
import { storePaths } from "../storage.ts";
import type { SealedAcceptance } from "./record.ts";
import { registerMapOf } from "./register-map.ts";
import { faultsOf, readAcceptance } from "./verify.ts";

export interface Kept {
  file: string;
  /** Null: the file holds no sound record. */
  record: SealedAcceptance | null;
}

export const shelfOf = (plant: Plant): string =>
  join(dirname(storePaths(plant).database), "acceptance");

/** Throws `STORE_UNWRITABLE` where a record could not be kept: better before a run than after. */
export function mustBeWritable(folder: string): void {
  let there = folder;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  try {
    accessSync(there, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new Fault("STORE_UNWRITABLE", `cannot write to ${there}`, { folder: there }, error);
  }
}

/** The file it stands in. Throws `STORE_UNWRITABLE`. */
export function keep(folder: string, record: SealedAcceptance): string {
  const { asset, time } = record;
  const file = join(folder, `${asset}-${time.replaceAll(":", "-")}.json`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, textOf(record), { flag: "wx", flush: true });
  } catch (error) {
    throw new Fault("STORE_UNWRITABLE", `cannot write ${file}`, { file }, error);
  }
  return file;
}

export const textOf = (record: SealedAcceptance): string => `${JSON.stringify(record, null, 2)}\n`;

/** All of them, oldest first by name; nothing where there is no folder. */
export function listKept(folder: string): Kept[] {
  const names = existsSync(folder)
    ? readdirSync(folder).filter((name) => /\.json$/.test(name))
    : [];
  return names.sort().map((name) => {
    const file = join(folder, name);
    const found = readAcceptance(file);
    const isSound = found !== null && faultsOf(found).length === 0;
    return { file, record: isSound ? (found as unknown as SealedAcceptance) : null };
  });
}

export interface Standing {
  asset: string;
  /** `outdated`: the register map is another one now. */
  state: "none" | "current" | "outdated" | "failed";
  /** Of the last record. */
  time: string | null;
}

/** By asset of the configuration, as its last record says. */
export function standingsOf(plant: Plant): Standing[] {
  const records = listKept(shelfOf(plant)).flatMap(({ record }) => record ?? []);
  return plant.model.assets.map(({ id: asset }) => {
    const own = records.filter((record) => record.asset === asset);
    const last = own.sort((a, b) => (a.time < b.time ? -1 : 1)).at(-1);
    if (!last) return { asset, state: "none", time: null };
    const isSame = registerMapOf(plant, asset).fingerprint === last.registerMap.fingerprint;
    const state = !isSame ? "outdated" : last.result === "passed" ? "current" : "failed";
    return { asset, state, time: last.time };
  });
}

/** What somebody has to do about it; null where nothing is. */
export function warningOf({ asset, state, time }: Standing): string | null {
  const again = `run \`uptime-agent accept --asset ${asset}\` again`;
  if (state === "outdated")
    return `${asset}: the register map changed since the acceptance of ${time}; ${again}`;
  return state === "failed" ? `${asset}: the acceptance of ${time} failed; ${again}` : null;
}
