/**
 * The gateway's own key: made at the first start beside the store, readable by the agent's user alone. It signs and
 * never leaves: no log, no error and no record holds it. Refuses a key that others can read.
 */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from "node:crypto";
import {
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Fault } from "../core/fault.ts";
import type { PublishedKey } from "../store/port.ts";
import { publishedOf } from "./signature.ts";

export interface GatewayKey extends PublishedKey {
  /** Base64 of the Ed25519 signature over the UTF-8 bytes of `hash`. */
  sign(hash: string): string;
}

const FILE = "gateway.pem";
const OTHERS = 0o077;

/** Reads the key in `folder`; makes both where they are missing. Throws Fault KEY_EXPOSED or KEY_UNREADABLE. */
export function openGatewayKey(folder: string): GatewayKey {
  return readGatewayKey(folder) ?? makeKey(folder);
}

/** The key in `folder`, null when there is none. Throws as {@link openGatewayKey}. */
export function readGatewayKey(folder: string): GatewayKey | null {
  const path = join(folder, FILE);
  try {
    refuseExposed(folder, statSync(folder), "0700");
    const file = statSync(path);
    if (!file.isFile()) throw new Fault("KEY_UNREADABLE", `${path} is no file`, { path });
    refuseExposed(path, file, "0600");
    return keyOf(createPrivateKey(readFileSync(path)), path);
  } catch (error) {
    if (error instanceof Fault) throw error;
    const { code, syscall } = error as NodeJS.ErrnoException;
    // Below a file there is no key either; whoever makes one then says that the path cannot be written.
    if ((code === "ENOENT" || code === "ENOTDIR") && !isThere(path)) return null;
    const why = syscall === undefined ? "is no private key in PEM" : `cannot be read (${code})`;
    throw new Fault("KEY_UNREADABLE", `${path} ${why}`, { path });
  }
}

/** Also as a link that leads nowhere: the key may be on a disk that is not mounted, and is not to be replaced. */
function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

function refuseExposed(path: string, facts: Stats, wanted: string): void {
  const mode = facts.mode & 0o777;
  if ((mode & OTHERS) === 0) return;
  const found = `0${mode.toString(8)}`;
  throw new Fault("KEY_EXPOSED", `${path} has mode ${found} instead of ${wanted}`, { path, found });
}

function keyOf(key: KeyObject, path: string): GatewayKey {
  if (key.asymmetricKeyType !== "ed25519")
    throw new Fault("KEY_UNREADABLE", `${path} is no Ed25519 key`, { path });
  const published = publishedOf(createPublicKey(key));
  return { ...published, sign: (hash) => sign(null, Buffer.from(hash), key).toString("base64") };
}

function makeKey(folder: string): GatewayKey {
  const path = join(folder, FILE);
  const { privateKey } = generateKeyPairSync("ed25519");
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // What a start that was interrupted left may have another mode.
    rmSync(`${path}.new`, { force: true });
    const text = privateKey.export({ format: "pem", type: "pkcs8" });
    writeFileSync(`${path}.new`, text, { mode: 0o600, flag: "wx", flush: true });
    renameSync(`${path}.new`, path);
    sync(folder);
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new Fault("STORE_UNWRITABLE", `${path} cannot be written (${code})`, { path });
  }
  return keyOf(privateKey, path);
}

function sync(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
