/**
 * One YAML (or JSON) file as plain data, with the line and column of everything in it.
 * The only importer of `yaml`. Knows no schema; text in, data and positions out.
 */
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from "yaml";
import type { Path, Problem } from "./problem.ts";

export interface SourceDocument {
  file: string;
  /** Undefined when there are problems. */
  data: unknown;
  /** Syntax errors and duplicate keys. */
  problems: Problem[];
  /** Line and column (from 1) of the value or key at a path, or null when the file has no such path. */
  locate(path: Path, at: "value" | "key"): { line: number; col: number } | null;
}

const SYNTAX: Record<string, [message: string, hint: string]> = {
  BAD_INDENT: [
    "the indentation does not fit",
    "indent with spaces, the same number for every key of a map",
  ],
  TAB_AS_INDENT: ["a tab is used for indentation", "indent with spaces"],
  DUPLICATE_KEY: ["this key is defined twice", "keep one of the two"],
  MULTIPLE_DOCS: [
    "a second document begins here",
    "keep one document per file: remove the line `---`",
  ],
  MISSING_CHAR: ["a closing quote, bracket or colon is missing", "compare with the line before"],
  BAD_ALIAS: ["this alias has no anchor", "write the value out"],
};

/** Parses a file's text. Never throws. */
export function parseSource(file: string, text: string): SourceDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: "error",
  });
  const place = (offset: number): { line: number; col: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), col: Math.max(1, col) };
  };
  const problem = (offset: number, message: string, hint: string | null): Problem => {
    return { file, ...place(offset), path: "", message, hint };
  };
  const problems = document.errors.map((error) => {
    const [message, hint] = SYNTAX[error.code] ?? [
      `this is not valid YAML: ${error.message}`,
      null,
    ];
    return problem(error.pos[0], message, hint);
  });
  visit(document, {
    Pair(_, pair) {
      const key = pair.key as Node | null;
      if (isScalar(key) && key.value !== null) return;
      problems.push(
        problem(key?.range?.[0] ?? 0, "a key must be a word", "quote keys with special characters"),
      );
    },
    Alias(_, alias) {
      const [message, hint] = SYNTAX["BAD_ALIAS"]!;
      if (!alias.resolve(document)) problems.push(problem(alias.range?.[0] ?? 0, message, hint));
    },
    Scalar(_, node) {
      const digits = lostDigits(node.value, node.source);
      if (digits !== null) node.value = digits;
    },
  });
  let data: unknown;
  if (problems.length === 0) {
    try {
      data = document.toJS();
    } catch (error) {
      problems.push(
        problem(0, `this is not valid YAML: ${(error as Error).message}`, "write aliases out"),
      );
    }
  }

  return { file, data, problems, locate: locator(document, place) };
}

/** A JavaScript number would lose digits of 64-bit literals; as text they stay exact. Null: nothing is lost. */
function lostDigits(value: unknown, source: string | undefined): string | null {
  if (!Number.isInteger(value) || Number.isSafeInteger(value) || source === undefined) return null;
  return /^([-+]?\d+|0x[\da-fA-F]+|0o[0-7]+)$/.test(source)
    ? BigInt(source.replace("+", "")).toString()
    : null;
}

type Place = { line: number; col: number };

/** A value and the key it stands under; in a list and at the top there is no key. */
interface Entry {
  key: unknown;
  value: unknown;
}

/** Finds the node at a path; aliases are followed to their anchor. */
function locator(document: Document, place: (offset: number) => Place): SourceDocument["locate"] {
  return (path, at) => {
    let entry: Entry | null = { key: null, value: document.contents };
    for (const name of path) {
      const { value }: Entry = entry;
      entry = step(isAlias(value) ? value.resolve(document) : value, name);
      if (!entry) return null;
    }
    // An empty value has no place of its own.
    const spots = at === "key" ? [entry.key, entry.value] : [filled(entry.value), entry.key];
    return place(spots.find(isNode)?.range?.[0] ?? 0);
  };
}

const filled = (value: unknown): unknown => (isScalar(value) && value.source === "" ? null : value);

function step(node: unknown, name: string | number): Entry | null {
  if (isSeq(node)) {
    const value = node.items[Number(name)];
    return value === undefined ? null : { key: null, value };
  }
  if (!isMap(node)) return null;
  const named = (key: unknown): boolean => isScalar(key) && String(key.value) === String(name);
  const pair = node.items.find(({ key }) => named(key));
  return pair ? { key: pair.key, value: pair.value } : null;
}
