/**
 * Reads the files that open the door to the broker, at every connect, so that a renewed one is used.
 * Contents leave this file only towards the TLS socket and the CONNECT packet; faults carry paths alone.
 */
import { open } from "node:fs/promises";
import { Fault } from "../core/fault.ts";

/** Paths; null where not configured. */
export interface SecretFiles {
  passwordFile: string | null;
  ca: string | null;
  cert: string | null;
  keyFile: string | null;
}

export interface Secrets {
  password?: string;
  ca?: Buffer;
  cert?: Buffer;
  key?: Buffer;
  /** Private files that every user of the machine may read. */
  exposed: Fault[];
}

const READABLE_BY_ALL = 0o004;

/** @throws Fault MQTT_SECRET when a configured file cannot be read, or the password is empty */
export async function readSecrets(files: SecretFiles): Promise<Secrets> {
  const exposed: Fault[] = [];
  const [password, ca, cert, key] = await Promise.all([
    read(files.passwordFile, exposed),
    read(files.ca, null),
    read(files.cert, null),
    read(files.keyFile, exposed),
  ]);
  const secrets: Secrets = { exposed };
  if (password) secrets.password = passwordOf(password, files.passwordFile ?? "");
  if (ca) secrets.ca = ca;
  if (cert) secrets.cert = cert;
  if (key) secrets.key = key;
  return secrets;
}

/** `exposed` is null for files that are public anyway. */
async function read(path: string | null, exposed: Fault[] | null): Promise<Buffer | null> {
  if (path === null) return null;
  try {
    const file = await open(path, "r");
    try {
      const { mode } = await file.stat();
      if (exposed && (mode & READABLE_BY_ALL) !== 0) {
        exposed.push(
          new Fault("MQTT_SECRET_EXPOSED", `${path} can be read by every user`, { path }),
        );
      }
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    throw new Fault("MQTT_SECRET", `${path} cannot be read (${code})`, { path }, error);
  }
}

/** Editors and `echo` end a file with one newline that is not part of the password. */
function passwordOf(bytes: Buffer, path: string): string {
  const password = bytes.toString("utf8").replace(/\r?\n$/, "");
  if (password === "") throw new Fault("MQTT_SECRET", `${path} is empty`, { path });
  return password;
}
