/** One strip of a picture: a series as an SVG path, thinned to the least and largest value per pixel. Draws no axes. */

export const WIDTH = 1000;

export interface Scale {
  low: number;
  high: number;
  height: number;
}

/** The scale that shows every finite value, with a little air. */
export function scaleOf(series: ArrayLike<number>, height: number, extra: number[] = []): Scale {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  const widen = (value: number): void => {
    if (!Number.isFinite(value)) return;
    if (value < low) low = value;
    if (value > high) high = value;
  };
  for (let i = 0; i < series.length; i++) widen(series[i]!);
  for (const value of extra) widen(value);
  if (low > high) return { low: 0, high: 1, height };
  const air = high > low ? (high - low) * 0.05 : Math.abs(high) * 0.05 || 1;
  return { low: low - air, high: high + air, height };
}

const short = (value: number): string => String(Math.round(value * 10) / 10);

export const yOf = ({ low, high, height }: Scale, value: number): string =>
  short(height - ((value - low) / (high - low)) * height);

export const xOf = (i: number, n: number): string => short((i / Math.max(1, n)) * WIDTH);

/** A path of vertical strokes from least to largest per pixel, or of points where there are fewer rows than pixels. */
export function pathOf(series: ArrayLike<number>, scale: Scale): string {
  const n = series.length;
  const step = Math.max(1, n / WIDTH);
  const parts: string[] = [];
  let pen = "M";
  for (let from = 0; from < n; from += step) {
    const first = Math.floor(from);
    const last = Math.min(n, Math.floor(from + step));
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let i = first; i < last; i++) {
      const value = series[i]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (low > high) {
      pen = "M";
      continue;
    }
    const x = xOf(first, n);
    parts.push(`${pen}${x} ${yOf(scale, low)}`);
    if (high > low) parts.push(`L${x} ${yOf(scale, high)}`);
    pen = "L";
  }
  return parts.join("");
}
