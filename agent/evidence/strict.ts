/**
 * Whether readers can take a JSON text in two ways: RFC 8785 hashes a parsed object, so a member that is there twice
 * would be hashed as one and shown as the other (RFC 7493, 2.3). Judges valid JSON only.
 */

/** Far above what any record needs, far below what a reader's stack bears. */
const DEEPEST = 64;

const TOKENS = /"([^"\\]*(?:\\.[^"\\]*)*)"(\s*:)?|[{}[\]]/g;

/** In words; null: there is one way to read it. */
export function doubtOf(json: string): string | null {
  const open: Set<string>[] = [];
  for (const [token, text = "", colon] of json.matchAll(TOKENS)) {
    if (token === "{" || token === "[") open.push(new Set());
    else if (token === "}" || token === "]") open.pop();
    if (open.length > DEEPEST) return "it is nested deeper than any record";
    if (colon === undefined) continue;
    const name = text.includes("\\") ? (JSON.parse(`"${text}"`) as string) : text;
    const names = open.at(-1);
    if (names?.has(name)) return `"${name}" is there twice, and readers may take either`;
    names?.add(name);
  }
  return null;
}
