/** Pieces of markup that are XML as well as HTML. Escapes every text it is given; knows no report. */

/** Markup that is already escaped. */
export type Markup = string;

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Control characters, which no markup may hold, are left out. */
export const text = (value: string | number): Markup =>
  String(value).replace(/[&<>"]|(?![\t\n\r])\p{Cc}/gu, (c) => ENTITIES[c] ?? "");

export type Attributes = Record<string, string | number | null>;

/** Elements that HTML, too, takes as closed at once; any other without content needs an end. */
const SINGLE = ["meta", "rect", "line"];

/** An element; attributes that are null are left out. */
export function tag(name: string, attributes: Attributes, ...content: Markup[]): Markup {
  const listed = Object.entries(attributes)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => ` ${key}="${text(value ?? "")}"`)
    .join("");
  const inner = content.join("");
  return SINGLE.includes(name) && inner === ""
    ? `<${name}${listed} />`
    : `<${name}${listed}>${inner}</${name}>`;
}

/** A coordinate with two decimals at most. */
export const at = (n: number): number => Math.round(n * 100) / 100;

/** A picture with its name and a description for those who cannot see it. */
export function picture(
  { id, title, description, width, height }: PictureOptions,
  ...content: Markup[]
): Markup {
  const names = { role: "img", "aria-labelledby": `${id}-t ${id}-d` };
  return tag(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${at(width)} ${at(height)}`, ...names },
    tag("title", { id: `${id}-t` }, text(title)),
    tag("desc", { id: `${id}-d` }, text(description)),
    ...content,
  );
}

export interface PictureOptions {
  id: string;
  title: string;
  description: string;
  width: number;
  height: number;
}

/** A table: heads, rows of markup; the first cell of a row names it. `numeric`: columns from the second on are numbers. */
export function table(
  caption: string,
  heads: readonly string[],
  rows: readonly Markup[][],
  numeric = true,
): Markup {
  const side = (i: number): string | null => (numeric && i > 0 ? "n" : null);
  return tag(
    "table",
    {},
    tag("caption", {}, text(caption)),
    tag(
      "thead",
      {},
      tag(
        "tr",
        {},
        ...heads.map((head, i) => tag("th", { scope: "col", class: side(i) }, text(head))),
      ),
    ),
    tag(
      "tbody",
      {},
      ...rows.map((row) =>
        tag(
          "tr",
          {},
          ...row.map((cell, i) =>
            i === 0 ? tag("th", { scope: "row" }, cell) : tag("td", { class: side(i) }, cell),
          ),
        ),
      ),
    ),
  );
}
