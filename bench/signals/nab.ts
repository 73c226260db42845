/**
 * NAB files by protocol: the frozen threshold 0.5, beside the best threshold in hindsight, a random detector and a
 * blind periodic one. Refuses to fit a threshold on these files.
 */
import { quietVerdict } from "../../agent/core/signal/row.ts";
import { streamProfile } from "../../agent/signals/profile.ts";
import { newWatch } from "../../agent/signals/run.ts";
import { type NabFile, nabFiles } from "./data.ts";
import { nabScore, type Profile } from "./nab-score.ts";

const PROFILES: Profile[] = ["standard", "lowFP", "lowFN"];
const SEEDS = 200;

export function nab(_args: readonly string[], say: (line: string) => void): number {
  const files = nabFiles();
  if (files.length === 0) {
    say("NAB: skipped, its data is not there (SIGNALS_DATA names the folder).\n");
    return 0;
  }
  say(`### NAB, ${files.map((file) => file.name.split("/").at(-1)).join(", ")}\n`);
  say("| detector | standard / lowFP / lowFN | windows missed | false positives |");
  say("|---|---|---|---|");
  say(
    row(
      "*blind: never*",
      files,
      files.map(({ rows }) => flags(rows.values.length, () => false)),
    ),
  );
  say(
    row(
      "*blind: every 600 rows*",
      files,
      files.map(({ rows }) => flags(rows.values.length, (i) => i % 600 === 0)),
    ),
  );
  say(randomRow(files));
  const profile = streamProfile({});
  const scores = files.map(({ rows }) => scoresOf(rows.values, profile));
  for (const sensitivity of ["quiet", "keen"]) {
    const other = streamProfile({ sensitivity });
    say(
      row(
        `novelty, ${sensitivity}`,
        files,
        files.map(({ rows }) => scoresOf(rows.values, other)),
      ),
    );
  }
  say(row("**novelty, normal**", files, scores));
  say(
    `| the same, threshold in hindsight | ${PROFILES.map((p) => hindsight(files, scores, p)).join(" / ")} | | |`,
  );
  say("");
  return 0;
}

function scoresOf(
  values: NabFile["rows"]["values"],
  profile: ReturnType<typeof streamProfile>,
): Float64Array {
  const watch = newWatch(1, profile);
  const verdict = quietVerdict();
  return Float64Array.from(values, (x) => {
    watch.step(x, verdict);
    return verdict.score;
  });
}

const flags = (n: number, on: (i: number) => boolean): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => (on(i) ? 1 : 0));

function row(name: string, files: readonly NabFile[], scores: readonly Float64Array[]): string {
  const all = PROFILES.map((profile) => nabScore(files, scores, 0.5, profile));
  const figures = all.map(({ score }) => score.toFixed(1)).join(" / ");
  const { missed, windows, falsePositives } = all[0]!;
  return `| ${name} | ${figures} | ${missed} of ${windows} | ${falsePositives} |`;
}

function hindsight(
  files: readonly NabFile[],
  scores: readonly Float64Array[],
  profile: Profile,
): string {
  const thresholds = [1.1, ...new Set(scores.flatMap((each) => [...each].filter((s) => s > 0.35)))];
  return Math.max(...thresholds.map((t) => nabScore(files, scores, t, profile).score)).toFixed(1);
}

/** As NAB's own random detector: uniform scores, the best threshold in hindsight, mean and 90 % of the seeds. */
function randomRow(files: readonly NabFile[]): string {
  const found = Array.from({ length: SEEDS }, (_, seed) => {
    let state = seed * 2_654_435_761 + 1;
    const next = (): number => {
      state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x6d2b79f5) | 0;
      return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
    };
    const scores = files.map(({ rows }) => Float64Array.from(rows.values, () => next()));
    const thresholds = [1.1, 0.9999, 0.9997, 0.9995, 0.9993, 0.999, 0.9985, 0.998];
    return Math.max(...thresholds.map((t) => nabScore(files, scores, t, "standard").score));
  }).sort((a, b) => a - b);
  const mean = found.reduce((sum, s) => sum + s, 0) / SEEDS;
  const at = (q: number): string => found[Math.floor(q * (SEEDS - 1))]!.toFixed(1);
  return `| *blind: random, ${SEEDS} seeds, threshold in hindsight* | ${mean.toFixed(1)} (${at(0.05)} to ${at(0.95)}) | | |`;
}
