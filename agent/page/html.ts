/** HTML as values: whatever is put into a template is text, unless it was made by one. Nothing else makes markup. */

/** Markup. Only {@link html} makes it. */
export interface Html {
  readonly markup: string;
}

type Part = string | number | Html | Html[] | null;

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const textOf = (value: string | number): string =>
  String(value).replace(/[&<>"']/g, (char) => ENTITIES[char] ?? "");

/** Numbers and texts are escaped, null is nothing. Attribute values must stand in quotes. */
export function html(literals: TemplateStringsArray, ...parts: Part[]): Html {
  return { markup: String.raw({ raw: literals }, ...parts.map(markupOf)) };
}

function markupOf(part: Part): string {
  if (part === null) return "";
  if (typeof part === "string" || typeof part === "number") return textOf(part);
  return Array.isArray(part) ? part.map(({ markup }) => markup).join("") : part.markup;
}
