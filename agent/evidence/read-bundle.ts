/**
 * A bundle as evidence: unpacked, every section compared with its digest, the manifest with its own hash. Trusts
 * nothing that it says of itself; a file that is no bundle is refused.
 */
import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import type { JsonSchema } from "../../config/schemas.ts";
import { canonicalJson } from "../core/canonical.ts";
import { Fault } from "../core/fault.ts";
import type { JournalSource } from "../replay/from-journal.ts";
import { contentHash } from "../store/head.ts";
import { FORMAT, SECTIONS, type SealedManifest } from "./bundle.ts";
import { type Evidence, nothingDeclared, type Row } from "./evidence.ts";
import { excerptOf, type Lines } from "./excerpt.ts";
import { createJudge, type Judge, shippedSchema } from "./judge.ts";
import { journalOf } from "./read-store.ts";
import { type Finding, finding } from "./report.ts";
import { doubtOf } from "./strict.ts";

export interface Bundle {
  manifest: SealedManifest;
  lines: Lines;
  /** Sections whose lines are not those of the manifest. */
  damaged: string[];
  findings: Finding[];
}

type Judging = (schemaOf: (name: string) => JsonSchema | undefined) => Pick<Judge, "line">;

/** Throws Fault EVIDENCE_UNREADABLE. */
export function unpack(target: string, bytes: Uint8Array): Bundle {
  let text: string;
  try {
    text = gunzipSync(bytes).toString("utf8");
  } catch (error) {
    throw new Fault("EVIDENCE_UNREADABLE", `${target} cannot be unpacked`, { target }, error);
  }
  return parseBundle(target, text);
}

/** The unpacked text of a bundle. Throws Fault EVIDENCE_UNREADABLE where it does not begin with a manifest. */
export function parseBundle(target: string, text: string): Bundle {
  const [first = "", ...rest] = text.split("\n");
  const manifest = manifestOf(target, first);
  const findings: Finding[] = [];
  const doubt = doubtOf(first);
  if (doubt !== null) findings.push(finding("manifest", doubt, { line: 1 }));
  if (contentHash({ ...manifest }) !== manifest.hash)
    findings.push(finding("manifest", "the manifest was changed", { line: 1 }));
  if (rest.pop() !== "") findings.push(finding("section", "the last line is not whole"));
  const { sections, misplaced } = sectionsOf(rest);
  if (misplaced !== null)
    findings.push(finding("section", "is no line of a bundle here", { line: misplaced }));
  const lines: Lines = (section) => sections.get(section) ?? [];
  const told = new Map(manifest.sections.map(({ type, sha256 }) => [type, sha256]));
  const damaged = [...new Set([...told.keys(), ...sections.keys()])].filter(
    (type) => digestOf(lines(type)) !== told.get(type),
  );
  for (const type of damaged)
    findings.push(finding("section", `section ${type} is not what the manifest tells`));
  return { manifest, lines, damaged, findings };
}

function manifestOf(target: string, line: string): SealedManifest {
  try {
    const manifest = JSON.parse(line) as SealedManifest;
    const { format, sections, chains, keys } = manifest;
    if (format === FORMAT && [sections, chains, keys].every(Array.isArray)) return manifest;
  } catch {
    // Said below.
  }
  throw new Fault("EVIDENCE_UNREADABLE", `${target} does not begin with a manifest`, { target });
}

/** Lines by section, and the number of the first one that stands where it should not. */
function sectionsOf(rest: string[]): { sections: Map<string, string[]>; misplaced: number | null } {
  const sections = new Map<string, string[]>();
  let misplaced: number | null = null;
  let reached = 0;
  for (const [i, line] of rest.entries()) {
    const type = /^\{"type":"([a-z]+)"/.exec(line)?.[1] ?? "";
    const place = (SECTIONS as readonly string[]).indexOf(type);
    if (place < reached) misplaced ??= i + 2;
    reached = Math.max(reached, place);
    const known = sections.get(type);
    if (known) known.push(line);
    else sections.set(type, [line]);
  }
  return { sections, misplaced };
}

function digestOf(lines: string[]): string {
  const digest = createHash("sha256");
  for (const line of lines) digest.update(`${line}\n`);
  return `sha256:${digest.digest("hex")}`;
}

const JOURNAL = ["input", "window", "interval", "count"];

/** Without its journal where that is not the one that was exported: what follows from it would mean nothing. */
export function bundleEvidence(
  target: string,
  { manifest, lines, damaged, findings }: Bundle,
  judging: Judging = createJudge,
): Evidence {
  const { journal, declared, unreadable } = excerptIn(lines, damaged);
  const judge = judging(schemasOf(lines));
  const before = SECTIONS.slice(0, SECTIONS.indexOf("record")).reduce(
    (sum, section) => sum + lines(section).length,
    1,
  );
  const { from, to, until, chains, hash, signature } = manifest;
  return {
    ...{ target, kind: "bundle", journal, cuts: chains, quarantined: 0 },
    rows: lines("record").map((line, i): Row => ({ ...judge.line(line), line: before + i + 1 })),
    declared: { ...declared, keys: manifest.keys },
    heads: Object.fromEntries(chains.map(({ chain, head, seq }) => [chain, { hash: head, seq }])),
    span: from === null || to === null ? null : { from, to },
    seal: { hash, signature },
    findings: [...findings, ...unreadable, ...configFindings(lines("config"))],
    until: until === null ? null : Date.parse(until),
  };
}

function excerptIn(lines: Lines, damaged: string[]): ReturnType<typeof journalOf<JournalSource>> {
  if (damaged.some((type) => JOURNAL.includes(type)))
    return { journal: null, declared: nothingDeclared(), unreadable: [] };
  return journalOf(excerptOf(lines));
}

/** Schemas travel along, as those of a later version know more fields. */
function schemasOf(lines: Lines): (name: string) => JsonSchema | undefined {
  return (name) => {
    const begin = `{"type":"schema","name":"${name}",`;
    const line = lines("schema").find((each) => each.startsWith(begin));
    const carried = line === undefined ? null : parsed(line)["schema"];
    return (carried as JsonSchema | null | undefined) ?? shippedSchema(name);
  };
}

/** A configuration must be the one its hash names. */
function configFindings(lines: string[]): Finding[] {
  return lines.map(parsed).flatMap(({ hash, config }) => {
    const text = canonicalJson(config ?? null);
    const found = `sha256:${createHash("sha256").update(text).digest("hex")}`;
    return found === hash ? [] : [finding("section", "the configuration has another hash")];
  });
}

/** A line that cannot be read is named by the digest of its section. */
function parsed(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return {};
  }
}
