/**
 * Ed25519 public keys (RFC 8032) and what they say of a signature: over the UTF-8 bytes of a hash text.
 * Holds no private key.
 */
import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";
import { Fault } from "../core/fault.ts";
import type { PublishedKey } from "../store/port.ts";

/** A published key, ready to check signatures with. */
export interface PublicKey extends PublishedKey {
  key: KeyObject;
}

/** DER of an Ed25519 SubjectPublicKeyInfo before its 32 bytes (RFC 8410). */
const SPKI = Buffer.from("302a300506032b6570032100", "hex");

/** From the 32 bytes in base64; null when they are none. */
export function publicKeyOf(text: string): PublicKey | null {
  const bytes = Buffer.from(text, "base64");
  if (bytes.length !== 32 || bytes.toString("base64") !== text) return null;
  const key = createPublicKey({ key: Buffer.concat([SPKI, bytes]), format: "der", type: "spki" });
  return { ...publishedOf(key), key };
}

/** From PEM or from the 32 bytes in base64. Throws Fault KEY_UNREADABLE, which never holds the text. */
export function readPublicKey(text: string, name: string): PublicKey {
  const bare = publicKeyOf(text.trim());
  if (bare) return bare;
  try {
    const key = createPublicKey(text);
    if (key.asymmetricKeyType === "ed25519") return { ...publishedOf(key), key };
  } catch {
    // What OpenSSL says of a text that is no key may quote it.
  }
  throw new Fault("KEY_UNREADABLE", `${name} holds no Ed25519 key`, { file: name });
}

export function publishedOf(key: KeyObject): PublishedKey {
  const der = key.export({ format: "der", type: "spki" });
  const id = `ed25519:${createHash("sha256").update(der).digest("hex").slice(0, 32)}`;
  return { id, publicKey: der.subarray(SPKI.length).toString("base64") };
}

/** Whether `signature` is the one that the key makes over `hash`; base64 of another spelling is none. */
export function isSigned({ key }: PublicKey, hash: string, signature: string): boolean {
  const bytes = Buffer.from(signature, "base64");
  return bytes.toString("base64") === signature && verify(null, Buffer.from(hash), key, bytes);
}
