/** Where cross checks put what they find. Errors stop the agent, warnings do not. */
import type { Finding, Path } from "../problem.ts";

export interface Report {
  errors: Finding[];
  warnings: Finding[];
}

export const emptyReport = (): Report => ({ errors: [], warnings: [] });

export function error(
  report: Report,
  path: Path,
  message: string,
  hint: string | null = null,
): void {
  report.errors.push({ path, message, hint });
}

/** As {@link error}, pointing at the key instead of its value. */
export function errorAtKey(
  report: Report,
  path: Path,
  message: string,
  hint: string | null = null,
): void {
  report.errors.push({ path, message, hint, at: "key" });
}

export function warn(
  report: Report,
  path: Path,
  message: string,
  hint: string | null = null,
): void {
  report.warnings.push({ path, message, hint, at: "key" });
}
