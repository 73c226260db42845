/** The gateway's key: made once, for the agent's user alone, and never told. */

import { generateKeyPairSync } from "node:crypto";
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openGatewayKey, readGatewayKey } from "../../agent/evidence/key.ts";
import { isSigned, publicKeyOf, readPublicKey } from "../../agent/evidence/signature.ts";
import { temporary } from "../agent/store/plant.ts";

let place: ReturnType<typeof temporary>;
let folder: string;
beforeEach(() => {
  place = temporary();
  folder = join(place.folder, "keys");
});
afterEach(() => place.remove());

const HASH = `sha256:${"0f".repeat(32)}`;
const mode = (path: string): number => statSync(path).mode & 0o777;

describe("at the first start", () => {
  test("is made with 0600 in a folder of 0700, whatever the umask; the next start reads the same", () => {
    const umask = process.umask(0);
    try {
      expect(readGatewayKey(folder)).toBeNull();
      const key = openGatewayKey(folder);
      expect([mode(folder), mode(join(folder, "gateway.pem"))]).toEqual([0o700, 0o600]);
      expect(openGatewayKey(folder)).toMatchObject({ id: key.id, publicKey: key.publicKey });
      expect(openGatewayKey(folder).sign(HASH)).toBe(key.sign(HASH));
    } finally {
      process.umask(umask);
    }
  });

  test("an interrupted one leaves nothing that is used", () => {
    mkdirSync(folder, { mode: 0o700 });
    writeFileSync(join(folder, "gateway.pem.new"), "torn", { mode: 0o666 });
    const key = openGatewayKey(folder);
    expect(mode(join(folder, "gateway.pem"))).toBe(0o600);
    expect(readGatewayKey(folder)?.id).toBe(key.id);
  });
});

describe("is refused", () => {
  test.each([
    ["a file others can read", "gateway.pem", 0o640],
    ["a file the group can write", "gateway.pem", 0o620],
    ["a folder others can enter", ".", 0o711],
  ])("%s", (_, file, wider) => {
    openGatewayKey(folder);
    chmodSync(join(folder, file), wider);
    expect(() => openGatewayKey(folder)).toThrow(
      expect.objectContaining({ code: "KEY_EXPOSED", hint: expect.stringContaining("chmod") }),
    );
  });

  test("when it is no file, or a link that leads nowhere: it may be on a disk that is not mounted", () => {
    openGatewayKey(folder);
    const file = join(folder, "gateway.pem");
    rmSync(file);
    symlinkSync(join(place.folder, "elsewhere.pem"), file);
    expect(() => openGatewayKey(folder)).toThrow(
      expect.objectContaining({ code: "KEY_UNREADABLE", message: expect.stringContaining(file) }),
    );
    rmSync(file);
    mkdirSync(file);
    expect(() => openGatewayKey(folder)).toThrow(
      expect.objectContaining({ code: "KEY_UNREADABLE", message: `${file} is no file` }),
    );
  });

  test("when it is no Ed25519 key, and the error says nothing of what the file holds", () => {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const texts = [
      "secret nonsense",
      privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
    ];
    openGatewayKey(folder);
    for (const text of texts) {
      writeFileSync(join(folder, "gateway.pem"), text);
      const error = (() => {
        try {
          return openGatewayKey(folder);
        } catch (caught) {
          return caught as Error;
        }
      })();
      expect(error).toMatchObject({ code: "KEY_UNREADABLE" });
      expect(JSON.stringify([error, String(error), (error as Error).cause ?? null])).not.toContain(
        text.slice(0, 12),
      );
    }
  });
});

describe("signatures", () => {
  test("are Ed25519 over the text of the hash; any other text, key or spelling is refused", () => {
    const key = openGatewayKey(folder);
    const own = publicKeyOf(key.publicKey);
    const other = publicKeyOf(openGatewayKey(join(place.folder, "other")).publicKey);
    const signature = key.sign(HASH);
    expect(signature).toMatch(/^[A-Za-z0-9+/]{86}==$/);
    if (!own || !other) throw new Error("no keys");
    expect(isSigned(own, HASH, signature)).toBe(true);
    expect(isSigned(own, HASH.replace("0f", "0e"), signature)).toBe(false);
    expect(isSigned(other, HASH, signature)).toBe(false);
    // The last letter before the padding holds four bits that no decoder looks at.
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const last = letters.indexOf(signature[85] ?? "");
    const twin = `${signature.slice(0, 85)}${letters[last ^ 1]}==`;
    expect(Buffer.from(twin, "base64")).toEqual(Buffer.from(signature, "base64"));
    expect(isSigned(own, HASH, twin)).toBe(false);
  });

  test("the public key is read from PEM and from base64, and from nothing else", () => {
    const key = openGatewayKey(folder);
    const read = readPublicKey(`${key.publicKey}\n`, "k");
    const pem = read.key.export({ format: "pem", type: "spki" }).toString();
    expect(readPublicKey(pem, "k").id).toBe(key.id);
    expect(key.id).toMatch(/^ed25519:[0-9a-f]{32}$/);
    for (const text of ["", "AAAA", "-----BEGIN PUBLIC KEY-----\nnone\n-----END PUBLIC KEY-----"])
      expect(() => readPublicKey(text, "k")).toThrow(
        expect.objectContaining({ code: "KEY_UNREADABLE" }),
      );
  });

  test("the file is PKCS8 in PEM, and nothing published holds any of it", () => {
    const key = openGatewayKey(folder);
    const body = readFileSync(join(folder, "gateway.pem"), "utf8").split("\n")[1] ?? "";
    expect(body.length).toBeGreaterThan(60);
    expect(JSON.stringify(key)).toBe(JSON.stringify({ id: key.id, publicKey: key.publicKey }));
    expect(JSON.stringify(key)).not.toContain(body.slice(20, 60));
  });
});
