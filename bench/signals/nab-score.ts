/**
 * The NAB score: windows, probation, scaled sigmoid, three profiles, one threshold for all files. Refuses to know a
 * detector.
 */
import type { NabFile } from "./data.ts";

const PROFILES = { standard: [1, 0.11, 1], lowFP: [1, 0.22, 1], lowFN: [1, 0.11, 2] } as const;
export type Profile = keyof typeof PROFILES;

const sigmoid = (p: number): number => 2 / (1 + Math.exp(5 * p)) - 1;

/** What a detection on row `i` is worth, and in which window it lies. */
export function worthOf(
  i: number,
  windows: readonly (readonly [number, number])[],
  [tp, fp]: readonly [number, number, number],
): { window: number; worth: number } {
  let before = -1;
  for (let k = 0; k < windows.length; k++) {
    const [first, last] = windows[k]!;
    if (i >= first && i <= last) {
      const p = -(last - i + 1) / (last - first + 1);
      return { window: k, worth: (sigmoid(p) / 0.98661) * tp };
    }
    if (last < i) before = k;
  }
  if (before < 0) return { window: -1, worth: -fp };
  const [first, last] = windows[before]!;
  const p = (i - last) / (last - first);
  return { window: -1, worth: p > 3 ? -fp : fp * sigmoid(p) };
}

export interface NabScores {
  score: number;
  missed: number;
  windows: number;
  falsePositives: number;
}

/** `scores`: one array per file, in [0, 1] per row; detected is at or above `threshold`. */
export function nabScore(
  files: readonly NabFile[],
  scores: readonly ArrayLike<number>[],
  threshold: number,
  profile: Profile,
): NabScores {
  const weights = PROFILES[profile];
  const [tp, , fn] = weights;
  const out = { score: 0, missed: 0, windows: 0, falsePositives: 0 };
  let raw = 0;
  files.forEach(({ rows, windows }, k) => {
    const n = rows.values.length;
    const best = windows.map(() => -fn);
    for (let i = Math.min(Math.floor(0.15 * n), 750); i < n; i++) {
      if (!(scores[k]![i]! >= threshold)) continue;
      const { window, worth } = worthOf(i, windows, weights);
      if (window >= 0) best[window] = Math.max(best[window]!, worth);
      else {
        raw += worth;
        out.falsePositives++;
      }
    }
    raw += best.reduce((sum, value) => sum + value, 0);
    out.missed += best.filter((value) => value === -fn).length;
    out.windows += windows.length;
  });
  out.score = (100 * (raw + out.windows * fn)) / (out.windows * (tp + fn));
  return out;
}
