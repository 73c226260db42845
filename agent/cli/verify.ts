/** `verify`: is the evidence of a store, a bundle or a stream what a gateway once signed? Offline. */
import { readFileSync } from "node:fs";
import { Fault } from "../core/fault.ts";
import { readAnchors } from "../evidence/anchors.ts";
import { verifyTarget } from "../evidence/open.ts";
import type { Finding, Report } from "../evidence/report.ts";
import { type PublicKey, readPublicKey } from "../evidence/signature.ts";
import { loadPlant } from "../plant.ts";
import { iso } from "../record/iso.ts";
import { storePaths } from "../storage.ts";
import { EXIT, type GlobalOptions, print } from "./output.ts";

export interface VerifyOptions extends GlobalOptions {
  config: string;
  key?: string[];
  against?: string;
  allowDeclaredBreaks?: boolean;
}

/** 0: nothing is wrong in any target. Throws Fault EVIDENCE_UNREADABLE and those of the configuration. */
export async function verifyCommand(targets: string[], options: VerifyOptions): Promise<number> {
  const demands = {
    keys: (options.key ?? []).map(keyOf),
    anchors: options.against === undefined ? null : readAnchors(options.against),
    allowDeclaredBreaks: options.allowDeclaredBreaks === true,
  };
  const files = targets.length > 0 ? targets : [storePaths(loadPlant(options.config)).database];
  const reports: Report[] = [];
  for (const file of files) reports.push(await verifyTarget(file, demands));
  const ok = reports.every((report) => report.ok);
  if (options.json) print(JSON.stringify({ ok, reports }));
  else for (const report of reports) for (const line of reportText(report)) print(line);
  return ok ? EXIT.done : EXIT.failed;
}

export function keyOf(file: string): PublicKey {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new Fault("KEY_UNREADABLE", `cannot read ${file}`, { file }, error);
  }
  return readPublicKey(text, file);
}

function reportText(report: Report): string[] {
  const { target, kind, records, chains, until, first, findings, ok } = report;
  const end = until === null ? "" : `, up to ${iso(until)}`;
  const what =
    kind === "acceptance" ? "" : `, ${records} chained records in ${chains.length} chains${end}`;
  return [
    `${target}: ${kind}${what}: ${ok ? "ok" : "NOT OK"}`,
    ...chains.map(
      ({ chain, agent, records: n, firstSeq, seq, head, begins }) =>
        `  ${chain} of ${agent}: ${n} records, seq ${firstSeq} to ${seq}, head ${head}${begins === null ? "" : `, begins behind ${begins}`}`,
    ),
    ...proofText(report),
    ...report.breaks.map(
      ({ chain, prev, why }) =>
        `  declared break of ${chain}: ${why}; it goes on behind ${prev ?? "nothing"}`,
    ),
    ...report.takeOvers.map(({ from, to }) => `  declared take-over: ${to} took over from ${from}`),
    ...report.gaps.map(({ agent, from, to }) => `  not here: seq ${from} to ${to} of ${agent}`),
    ...(first === null ? [] : [`  first bad row: ${rowText(first)}`, `  ${countText(findings)}`]),
  ];
}

function proofText({ signatures, recounted, anchors, quarantined, records }: Report): string[] {
  const { trust, keys, checked } = signatures;
  const by = keys.map(({ id }) => id).join(", ");
  const lines = [
    {
      given: `  signatures: ${checked} of ${records} by the keys given: ${by}`,
      announced: `  signatures: ${checked} of ${records} by ${by}, which only this file names; compare with --key`,
      none: "  signatures: not checked, no key is known; name one with --key",
    }[trust],
  ];
  if (recounted !== null)
    lines.push(
      `  windows made anew from the journal: ${recounted.windows} equal${recounted.beyondJournal > 0 ? `, ${recounted.beyondJournal} beyond what is kept` : ""}`,
    );
  if (anchors !== null)
    lines.push(
      `  anchors: ${anchors.proved} in the chain, ${anchors.earlier} before it begins, ${anchors.later} after it ends`,
    );
  if (quarantined > 0) lines.push(`  set aside as damaged: ${quarantined}`);
  return lines;
}

const rowText = ({ chain, id, seq, line, what, detail }: Finding): string => {
  const where = [
    ...(chain === null ? [] : [chain]),
    ...(id === null || id === "" ? [] : [id]),
    ...(seq === null ? [] : [`seq ${seq}`]),
    ...(line === null ? [] : [`line ${line}`]),
  ];
  return `${where.join(" ")}: ${what}: ${detail}`;
};

function countText(findings: Finding[]): string {
  const counts = new Map<string, number>();
  for (const { what } of findings) counts.set(what, (counts.get(what) ?? 0) + 1);
  const kinds = [...counts].map(([what, n]) => `${n} ${what}`).join(", ");
  return `${findings.length} in all: ${kinds}`;
}
