/** One finding about a configuration, with the place where it can be corrected. Formats; judges nothing. */

/** Keys and list indexes from the top of the configuration. */
export type Path = readonly (string | number)[];

export interface Problem {
  /** As it was given on the command line; a template's own file for what comes from a template. */
  file: string;
  /** From 1. */
  line: number;
  /** From 1. */
  col: number;
  /** Such as `assets.press-01.condition[2].when.point`; empty for the whole file. */
  path: string;
  message: string;
  hint: string | null;
}

/** What a check found, before it is known where in which file that stands. */
export interface Finding {
  path: Path;
  message: string;
  hint?: string | null;
  /** Where to point: at the value (default) or at its key. */
  at?: "value" | "key";
}

export function pathText(path: Path): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else text += text === "" ? step : `.${step}`;
  }
  return text;
}

/** `file:line:column path message (hint)`, on one line. */
export function formatProblem(problem: Problem): string {
  const place = `${problem.file}:${problem.line}:${problem.col}`;
  const hint = problem.hint === null ? "" : `(${problem.hint})`;
  return [place, problem.path, problem.message, hint]
    .filter((part) => part !== "")
    .join(" ")
    .replace(/\s*[\r\n]+\s*/g, " ");
}
