/** Whether an acceptance record is what a gateway once signed. Offline; trusts nothing that it says of itself. */
import { readFileSync, statSync } from "node:fs";
import { readSchema } from "../../config/schemas.ts";
import { checkerOf } from "../../config/validator.ts";
import { Fault } from "../core/fault.ts";
import { type Finding, finding, type Report } from "../evidence/report.ts";
import { isSigned, type PublicKey, publicKeyOf } from "../evidence/signature.ts";
import { doubtOf } from "../evidence/strict.ts";
import { contentHash } from "../store/head.ts";
import { ACCEPTANCE, resultOf, type SealedAcceptance } from "./record.ts";
import { fingerprintOf } from "./register-map.ts";

type Fields = Record<string, unknown>;

/** What a file of ours is far below. */
const LARGEST_BYTES = 4 * 1024 * 1024;

/** The record in a file, changed or not; null where the file holds something else. */
export function readAcceptance(file: string): Fields | null {
  const facts = statSync(file);
  // What comes out of a pipe can be read only once.
  if (!facts.isFile() || facts.size > LARGEST_BYTES) return null;
  try {
    const text = readFileSync(file, "utf8");
    const value: unknown = JSON.parse(text);
    if (!isFields(value) || !String(value["schema"]).startsWith("uptime.acceptance/")) return null;
    const doubt = doubtOf(text);
    if (doubt !== null) throw new Fault("EVIDENCE_UNREADABLE", `${file}: ${doubt}`, { file });
    return value;
  } catch (error) {
    if (error instanceof Fault) throw error;
    return null;
  }
}

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Everything that is wrong with it, apart from its signature. Empty: it is sound. */
export function faultsOf(record: Fields): Finding[] {
  const at = { chain: String(record["asset"]), id: String(record["id"]), line: 1 };
  const violation = check()(record);
  if (violation !== null) return [finding("schema", violation, at)];
  const acceptance = record as unknown as SealedAcceptance;
  const { hash, registerMap, steps, result } = acceptance;
  const findings: Finding[] = [];
  if (contentHash(record) !== hash)
    findings.push(finding("hash", "its hash is not that of its content", at));
  if (fingerprintOf(registerMap.points) !== registerMap.fingerprint)
    findings.push(finding("recount", "the fingerprint is not that of its register map", at));
  if (resultOf(steps) !== result)
    findings.push(finding("recount", "its result is not that of its steps", at));
  return findings;
}

let checker: ((data: unknown) => string | null) | null = null;

function check(): (data: unknown) => string | null {
  const schema = readSchema("records/acceptance");
  if (!schema) throw new Error(`the package has no schema of ${ACCEPTANCE}`);
  checker ??= checkerOf(schema);
  return checker;
}

/** `keys`: those the caller trusts; empty: the one that the record names. */
export function verifyAcceptance(target: string, record: Fields, keys: PublicKey[]): Report {
  const announced = isFields(record["key"])
    ? publicKeyOf(String(record["key"]["publicKey"]))
    : null;
  const used = keys.length > 0 ? keys : announced ? [announced] : [];
  const [hash, signature] = [String(record["hash"]), String(record["signature"])];
  const isOurs = used.some((key) => isSigned(key, hash, signature));
  const findings = faultsOf(record);
  const at = { chain: String(record["asset"]), id: String(record["id"]), line: 1 };
  if (!isOurs) findings.push(finding("signature", "no key at hand made its signature", at));
  return {
    ...{ target, kind: "acceptance", ok: findings.length === 0, records: 1, chains: [] },
    ...{ first: findings[0] ?? null, findings, breaks: [], takeOvers: [] },
    ...{ quarantined: 0, gaps: [], recounted: null, anchors: null, until: null },
    signatures: {
      trust: keys.length > 0 ? "given" : announced ? "announced" : "none",
      keys: used.map(({ id, publicKey }) => ({ id, publicKey })),
      checked: isOurs ? 1 : 0,
    },
  };
}
