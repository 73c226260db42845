/** What stopped the machine, longest first, with the share that the first ones make up together. */
import { share } from "../../core/projection/share.ts";
import type { ReasonRow } from "../stops.ts";
import { clockTime, percent, reasonText } from "../words.ts";
import { at, type Markup, picture, tag, text } from "./markup.ts";

const WIDTH = 480;
const ROW = 34;
const MOST = 8;

interface Bar {
  name: string;
  count: number;
  ms: number;
  class: string;
}

/** Empty where nothing stopped it. */
export function pareto(id: string, reasons: readonly ReasonRow[]): Markup {
  const bars = barsOf(reasons);
  const all = bars.reduce((sum, { ms }) => sum + ms, 0);
  if (all === 0) return tag("p", {}, text("No stop beyond micro-stops."));
  const longest = Math.max(...bars.map(({ ms }) => ms));
  let sum = 0;
  const rows = bars.map((bar, i) => {
    sum += bar.ms;
    const y = i * ROW;
    const said = `${clockTime(bar.ms)}, ${bar.count} ×, together ${percent(share([sum], [all]), 0)}`;
    return [
      tag("text", { x: 0, y: y + 11 }, text(bar.name)),
      tag("text", { x: WIDTH, y: y + 11, class: "end soft" }, text(said)),
      tag("rect", { x: 0, y: y + 16, width: WIDTH, height: 10, class: "base", rx: 2 }),
      tag("rect", {
        ...{ x: 0, y: y + 16, width: at(Math.max((WIDTH * bar.ms) / longest, 1)), height: 10 },
        ...{ class: bar.class, rx: 2 },
      }),
    ].join("");
  });
  const description = bars.map(
    ({ name, ms, count }) => `${name}: ${clockTime(ms)}, ${count} times`,
  );
  return picture(
    {
      ...{ id, title: "Pareto of reasons", description: `${description.join("; ")}.` },
      ...{ width: WIDTH, height: bars.length * ROW },
    },
    ...rows,
  );
}

function barsOf(reasons: readonly ReasonRow[]): Bar[] {
  const shown = reasons.length > MOST ? reasons.slice(0, MOST - 1) : reasons;
  const rest = reasons.slice(shown.length);
  const bars = shown.map(({ condition, reason, count, ms }) => ({
    ...{ name: `${condition}: ${reasonText(reason)}`, count, ms, class: `c-${condition}` },
  }));
  if (rest.length === 0) return bars;
  const sum = (pick: (row: ReasonRow) => number): number =>
    rest.reduce((total, row) => total + pick(row), 0);
  const name = `${rest.length} other reasons`;
  return [
    ...bars,
    { name, count: sum(({ count }) => count), ms: sum(({ ms }) => ms), class: "c-idle" },
  ];
}
