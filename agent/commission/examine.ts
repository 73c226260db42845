/** Who a device is: what it says of itself, and which templates its registers fit. Reads only. */
import type { DeviceIdentity } from "../../config/guard.ts";
import { FAULTS, type FaultEntry } from "../core/fault.ts";
import { identityOf } from "../guard/judge.ts";
import { type Candidate, type Fingerprint, fingerprints } from "./fingerprint.ts";
import type { Line } from "./line.ts";

export interface Examined {
  unit: number;
  /** Texts of the identification objects by id. */
  objects: Record<number, string>;
  identity: DeviceIdentity;
  /** Why the device said nothing of itself, or null. */
  silence: string | null;
  templates: Fingerprint[];
  /** Why the registers could not be read, or null. */
  failure: string | null;
}

export async function examine(
  line: Line,
  unit: number,
  candidates: readonly Candidate[],
): Promise<Examined> {
  const said = await line.identify(unit);
  const identity = identityOf(said);
  const { found, failure } = await fingerprints(line, unit, identity.vendor ?? null, candidates);
  const { objects, failure: silence } = said;
  return { unit, objects, identity, silence, templates: found, failure };
}

/** Names of the regular objects (Modbus application protocol 6.21). */
const OBJECTS = [
  "vendor",
  "product code",
  "revision",
  "vendor URL",
  "product name",
  "model name",
  "application name",
];

export function examinedText({ objects, silence, templates, failure }: Examined): string[] {
  const lines = Object.entries(objects).map(
    ([id, text]) => `  ${(OBJECTS[Number(id)] ?? `object ${id}`).padEnd(16)}  ${text}`,
  );
  if (silence !== null) lines.push(`  says nothing of itself: ${meaningOf(silence)}`);
  for (const { template, isWeak, vendorAgrees, evidence } of templates) {
    const doubt = isWeak ? "; only ranges, which may fit by chance" : "";
    const maker = vendorAgrees ? "; the vendor agrees" : "";
    lines.push(`  fits template ${template}: ${evidence.join(", ")}${doubt}${maker}`);
  }
  if (failure !== null) lines.push(`  templates not all tried: ${meaningOf(failure)}`);
  else if (templates.length === 0)
    lines.push("  fits no template that can be told by its registers");
  return lines;
}

export function meaningOf(reason: string): string {
  const entry = (FAULTS as Record<string, FaultEntry>)[reason];
  return entry ? `${reason}: ${entry.meaning}` : reason;
}
