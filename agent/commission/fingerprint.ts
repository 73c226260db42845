/**
 * Which templates a device may be: every template's identifying values are read and compared. A guess for a
 * technician, with the evidence beside it; nothing is configured by it.
 */
import { type CatalogEntry, catalog } from "../../config/catalog.ts";
import { checksOf, fits, wantedText } from "../../config/check-value.ts";
import { openTemplate } from "../../config/template.ts";
import type { Template, TemplateCheck } from "../../config/types.ts";
import type { PointOptions } from "../../drivers/driver.ts";
import { trialOf } from "../template/trial.ts";
import type { Line } from "./line.ts";

export interface Fingerprint {
  template: string;
  description: string;
  /** What was expected and found, in words. */
  evidence: string[];
  /** The device names the vendor of the template. */
  vendorAgrees: boolean;
  /** Only ranges fit, which many devices do by chance. */
  isWeak: boolean;
}

/** A template that can be told by its registers, and which these are. */
export interface Candidate {
  name: string;
  template: Template;
  points: PointOptions[];
  checks: { id: string; check: TemplateCheck }[];
}

/** Templates of which all identifying values fit, the likeliest first; or why the device could not be asked. */
export async function fingerprints(
  line: Pick<Line, "read">,
  unit: number,
  vendor: string | null,
  candidates: readonly Candidate[],
): Promise<{ found: Fingerprint[]; failure: string | null }> {
  const found: Fingerprint[] = [];
  for (const candidate of candidates) {
    const { samples, failure } = await line.read(unit, candidate.points);
    if (failure !== null && !failure.startsWith("MODBUS_EXCEPTION")) return { found, failure };
    const evidence = candidate.checks.map(({ id, check }) => {
      const sample = samples.get(id);
      const isFit = sample?.quality === "good" && fits(check, sample.value);
      return isFit ? `${id} is ${sample.value} (${wantedText(check)})` : null;
    });
    if (!evidence.every((each) => each !== null)) continue;
    found.push(fingerprintOf(candidate, evidence, vendor));
  }
  const rank = ({ vendorAgrees, isWeak, evidence }: Fingerprint): number =>
    (vendorAgrees ? 1000 : 0) + (isWeak ? 0 : 100) + evidence.length;
  return { found: found.sort((a, b) => rank(b) - rank(a)), failure: null };
}

function fingerprintOf(
  { name, template, checks }: Candidate,
  evidence: string[],
  vendor: string | null,
): Fingerprint {
  const maker = template.vendor?.toLowerCase().split(" ")[0] ?? "";
  return {
    template: name,
    description: template.description.trim(),
    evidence,
    vendorAgrees:
      maker !== "" && maker !== "generic" && (vendor?.toLowerCase().includes(maker) ?? false),
    isWeak: checks.every(({ check }) => check.between !== undefined),
  };
}

/** Of the templates beside a configuration and the shipped ones; slow enough to be made once for many units. */
export const candidatesIn = (directory: string): Candidate[] =>
  catalog(directory).flatMap((entry) => candidateOf(entry, directory) ?? []);

/** Null where a template has no identifying values, or leaves their registers to the asset. */
function candidateOf({ name, template }: CatalogEntry, directory: string): Candidate | null {
  const document = openTemplate(name, directory);
  if (!document || !template || template.probe.length === 0) return null;
  const { trial } = trialOf(document, template);
  if (!trial) return null;
  const checks = checksOf(template);
  const own = new Map(
    trial.sources.flatMap(({ points }) => points.map((point) => [point.id, point])),
  );
  const points = checks.flatMap(({ id, check }): PointOptions[] => {
    const point = check.read
      ? { ...check.read, id }
      : isOpen(template, id)
        ? undefined
        : own.get(id);
    return point && "table" in point ? [point] : [];
  });
  return points.length === checks.length ? { name, template, points, checks } : null;
}

function isOpen({ example }: Template, id: string): boolean {
  const { points } = example as { points?: unknown };
  return typeof points === "object" && points !== null && Object.hasOwn(points, id);
}
