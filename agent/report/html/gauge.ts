/** An outcome against its two levels: what was seen as a tick, what is possible as a band around it. */
import type { LevelRow } from "../level.ts";
import { bounds, percent } from "../words.ts";
import { at, type Markup, picture, tag, text } from "./markup.ts";

const WIDTH = 1000;
const LEFT = 4;
const RIGHT = 996;

/** The scale begins where the difference can be seen: well below the lowest number shown, never above it. */
export function scaleStart({ min, minimum, target, value }: LevelRow): number {
  const lowest = Math.min(...[min, minimum, target, value].map((n) => n ?? 1));
  return Math.max(0, Math.floor((lowest - 0.08) * 10) / 10);
}

/** A level as it was agreed: with the decimals that it needs. */
export const levelText = (share: number): string => `${Math.round(share * 1e6) / 1e4} %`;

export function gauge(id: string, row: LevelRow): Markup {
  const start = scaleStart(row);
  const x = (share: number): number =>
    at(LEFT + ((RIGHT - LEFT) * (Math.min(Math.max(share, start), 1) - start)) / (1 - start));
  const y = 16;
  const { value, min, max, target, minimum } = row;
  const band =
    min === null || max === null
      ? ""
      : tag("rect", {
          x: x(min),
          y,
          width: at(Math.max(x(max) - x(min), 1)),
          height: 18,
          class: "band",
        });
  const filled =
    value === null
      ? ""
      : tag("rect", {
          x: LEFT,
          y: y + 6,
          width: at(x(value) - LEFT),
          height: 6,
          class: "l-total",
        }) + tag("rect", { x: x(value) - 1.5, y: y - 1, width: 3, height: 20, class: "tick" });
  // Labels lean away from each other, and from the edge.
  const label = (name: string, share: number, leansLeft: boolean): Markup => {
    const near = x(share) > WIDTH - 80;
    const place = near && !leansLeft ? { x: RIGHT, class: "small end" } : null;
    const own = { x: x(share) + (leansLeft ? 2 : -2), class: leansLeft ? "small end" : "small" };
    return tag("text", { ...(place ?? own), y: 9 }, text(`${name} ${levelText(share)}`));
  };
  const level = (name: "minimum" | "target", share: number | null): Markup =>
    share === null
      ? ""
      : tag("rect", { x: x(share) - 1, y: y - 4, width: 2, height: 26, class: name }) +
        label(name, share, name === "minimum");
  const steps = Array.from({ length: Math.round((1 - start) * 10) + 1 }, (_, i) => start + i / 10);
  const axis = steps.map((share) =>
    tag(
      "text",
      {
        x: x(share),
        y: 47,
        class: `soft small ${share > 0.99 ? "end" : share > start ? "mid" : ""}`,
      },
      text(percent(Math.round(share * 100) / 100, 0)),
    ),
  );
  const title = `${row.metric} of ${row.contract}`;
  const description = `${percent(value)}, possible ${bounds(row)}; target ${percent(target)}, minimum ${percent(minimum)}.`;
  return picture(
    { id, title, description, width: WIDTH, height: 50 },
    tag("rect", { x: LEFT, y, width: RIGHT - LEFT, height: 18, class: "base", rx: 3 }),
    ...[band, filled],
    level("minimum", minimum),
    level("target", target),
    ...axis,
  );
}

/** The band of a number alone, for a tile. */
export function strip(
  id: string,
  name: string,
  share: { value: number | null; min: number | null; max: number | null },
): Markup {
  const { value, min, max } = share;
  if (value === null || min === null || max === null) return "";
  const x = (n: number): number => at(Math.min(Math.max(n, 0), 1) * 100);
  return picture(
    {
      id,
      title: name,
      description: `${percent(value)}, possible ${bounds(share)}.`,
      width: 100,
      height: 7,
    },
    tag("rect", { x: 0, y: 2, width: 100, height: 3, class: "base" }),
    tag("rect", { x: 0, y: 2.5, width: x(value), height: 2, class: "l-total" }),
    tag("rect", {
      x: x(min),
      y: 1,
      width: at(Math.max(x(max) - x(min), 0.6)),
      height: 5,
      class: "band",
    }),
    tag("rect", { x: x(value) - 0.5, y: 0, width: 1, height: 7, class: "tick" }),
  );
}
