/** Where the checks of a template put what they find, with the place in its file. Errors fail a lint, warnings too. */
import type { SourceDocument } from "../../config/document.ts";
import { type Path, type Problem, pathText } from "../../config/problem.ts";

export interface Lint {
  errors: Problem[];
  warnings: Problem[];
}

export interface LintReport {
  error(path: Path, message: string, hint?: string): void;
  warning(path: Path, message: string, hint?: string): void;
}

export function reportOf(document: SourceDocument, lint: Lint): LintReport {
  const problem = (path: Path, message: string, hint: string | undefined): Problem => {
    const place = placeOf(document, path);
    return { file: document.file, ...place, path: pathText(path), message, hint: hint ?? null };
  };
  return {
    error: (path, message, hint) => void lint.errors.push(problem(path, message, hint)),
    warning: (path, message, hint) => void lint.warnings.push(problem(path, message, hint)),
  };
}

/** The key at a path, or the nearest one around it; points stand in `asset` or in `example`. */
function placeOf(document: SourceDocument, path: Path): { line: number; col: number } {
  for (let length = path.length; length > 0; length--) {
    const part = path.slice(0, length);
    const twin = part[0] === "asset" && length > 1 ? ["example", ...part.slice(1)] : part;
    const place = document.locate(part, "key") ?? document.locate(twin, "key");
    if (place) return place;
  }
  return { line: 1, col: 1 };
}
