/** What a template says of identifying values, compared with what was read. Reads nothing. */
import type { Value } from "../agent/core/model.ts";
import type { Template, TemplateCheck } from "./types.ts";

type Plain = number | string | boolean;

/** Floats of 32 bits keep about seven digits. */
const TOLERANCE = 1e-6;

/** Equal as far as a fixture can say: floats within a millionth, 64-bit integers and text exactly. */
export function agrees(expected: Plain, value: Value): boolean {
  if (typeof expected === "number" && typeof value === "number") {
    return Math.abs(value - expected) <= TOLERANCE * Math.max(1, Math.abs(expected));
  }
  return typeof value === "bigint" ? String(value) === String(expected) : value === expected;
}

/** True when the value is one that the model has. */
export function fits(check: TemplateCheck, value: Value): boolean {
  if (check.equals !== undefined) return agrees(check.equals, value);
  if (check.in) return check.in.some((each) => agrees(each, value));
  const [low = Number.NaN, high = Number.NaN] = check.between ?? [];
  return typeof value !== "string" && Number(value) >= low && Number(value) <= high;
}

/** `80 to 280`, `one of 4, 6`, `1`. */
export function wantedText(check: TemplateCheck): string {
  if (check.equals !== undefined) return String(check.equals);
  if (check.in) return `one of ${check.in.join(", ")}`;
  return (check.between ?? []).join(" to ");
}

/** The id under which a check is read: its point, or `probe1`, `probe2`, … for registers of its own. */
export const checkId = (check: TemplateCheck, index: number): string =>
  check.point ?? `probe${index + 1}`;

/** Checks of one template with the ids of {@link checkId}. */
export const checksOf = (template: Template): { id: string; check: TemplateCheck }[] =>
  template.probe.map((check, index) => ({ id: checkId(check, index), check }));
