/** The picture of `watch` as lines of text: a table for a terminal, changes for a file. Pure. */
import { meaningOf } from "./examine.ts";
import type { AssetPicture, Picture, PointPicture } from "./picture.ts";
import { aligned } from "./read-text.ts";

/** The whole table; `width` cuts lines that a terminal would wrap. */
export function tableOf({ at, assets }: Picture, width: number): string[] {
  const lines = [at, ...assets.flatMap((asset) => ["", headOf(asset), ...rowsOf(asset)])];
  return lines.map((line) => (line.length > width ? `${line.slice(0, width - 1)}…` : line));
}

function headOf({ id, condition, cause, reason, since }: AssetPicture): string {
  const why = cause ?? reason;
  return `${id}: ${condition}${why === null ? "" : ` (${why})`} since ${since ?? "-"}`;
}

function rowsOf({ points }: AssetPicture): string[] {
  const rows = points.map((point) => [
    point.id,
    valueText(point),
    point.unit ?? "",
    ageText(point.ageMs),
    qualityText(point),
  ]);
  return aligned([["point", "value", "unit", "age", "quality"], ...rows]).map((row) => `  ${row}`);
}

/** Fractions to seven digits: what a float of 32 bits carries beyond its own is noise. */
function valueText({ value }: PointPicture): string {
  if (value === null) return "-";
  if (typeof value === "string") return JSON.stringify(value);
  return typeof value === "number" && !Number.isInteger(value)
    ? String(Number(value.toPrecision(7)))
    : String(value);
}

function qualityText({ quality, reason }: PointPicture): string {
  return quality === "bad" && reason !== null ? `bad  ${meaningOf(reason)}` : quality;
}

/** `0.3 s`, `12 s`, `5 min`. */
export function ageText(ms: number | null): string {
  if (ms === null) return "-";
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  return ms < 120_000 ? `${Math.floor(ms / 1000)} s` : `${Math.floor(ms / 60_000)} min`;
}

/** One line for each condition, value and quality that is not as in the picture before; all of them in the first. */
export function changesOf(before: Picture | null, now: Picture): string[] {
  return now.assets.flatMap((asset) => {
    const was = before?.assets.find(({ id }) => id === asset.id);
    const head = headOf(asset);
    const lines = was && headOf(was) === head ? [] : [`${now.at} ${head}`];
    for (const point of asset.points) {
      const old = was?.points.find(({ id }) => id === point.id);
      const text = `${asset.id}/${point.id} ${pointText(point)}`;
      if (!old || `${asset.id}/${old.id} ${pointText(old)}` !== text)
        lines.push(`${now.at} ${text}`);
    }
    return lines;
  });
}

const pointText = (point: PointPicture): string =>
  `${valueText(point)}${point.unit === null ? "" : ` ${point.unit}`} ${qualityText(point)}`;
