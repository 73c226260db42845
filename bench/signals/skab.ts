/**
 * SKAB by protocol: one frozen setting at its sensitivities, beside blind rules that look at nothing, with events,
 * delays, a cross-validated limit and a cut test. Refuses to tune anything.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { quietVerdict } from "../../agent/core/signal/row.ts";
import { SENSITIVITIES } from "../../agent/core/signal/settings-stream.ts";
import { type StreamProfile, streamProfile } from "../../agent/signals/profile.ts";
import { newWatch } from "../../agent/signals/run.ts";
import { scoreAlarms, spans } from "../../agent/signals/score.ts";
import { dataFolder, type Labelled, rowsOf, skabGroup } from "./data.ts";
import { type SkabScores, skabScores, TRAIN } from "./skab-score.ts";

const GROUPS = ["valve1", "valve2", "other"];
const FACTORS = [0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.35, 1.5];

export function alarmsOf(rows: Labelled["rows"], profile: StreamProfile): Uint8Array {
  const watch = newWatch(rows.channels.length, profile);
  const verdict = quietVerdict();
  return Uint8Array.from(rows.values, (x) => {
    watch.step(x, verdict);
    return verdict.alarm ? 1 : 0;
  });
}

export function skab(_args: readonly string[], say: (line: string) => void): number {
  const files = GROUPS.flatMap(skabGroup);
  if (files.length === 0) {
    say("SKAB: skipped, its data is not there (SIGNALS_DATA names the folder).\n");
    return 0;
  }
  const groups = GROUPS.filter((group) => files.some((file) => file.name.startsWith(group)));
  say(`### SKAB ${groups.join(", ")}: ${files.length} files\n`);
  say(
    "| detector | F1 | FAR % | MAR % | NAB std / lowFP / lowFN | changepoints missed / false | faults found | false episodes | delay median / p90 |",
  );
  say("|---|---|---|---|---|---|---|---|---|");
  for (const [name, rule] of BLIND) {
    const flags = files.map((file) => Uint8Array.from(file.anomaly, (_, i) => rule(i)));
    say(line(`*blind: ${name}*`, files, flags));
  }
  for (const sensitivity of Object.keys(SENSITIVITIES)) {
    const profile = streamProfile({ sensitivity, train: TRAIN });
    say(
      line(
        `**MSPC, ${sensitivity}**`,
        files,
        files.map(({ rows }) => alarmsOf(rows, profile)),
      ),
    );
  }
  say(line("MSPC, limit chosen on the other files (leave one out)", files, leaveOneOut(files)));
  say("");
  cutTest(files, say);
  healthy(say);
  return 0;
}

const BLIND: [string, (i: number) => number][] = [
  ["never", () => 0],
  ["always", () => 1],
  ["rows 570 to 970", (i) => (i >= 570 && i <= 970 ? 1 : 0)],
  ["turns every 60 rows", (i) => (i >= TRAIN && Math.floor((i - TRAIN) / 60) % 2 === 0 ? 1 : 0)],
];

function line(name: string, files: readonly Labelled[], alarms: readonly Uint8Array[]): string {
  const scores = skabScores(files, alarms);
  const each = files.map((file, k) => scoreAlarms(alarms[k]!, file.anomaly, TRAIN));
  const delays = each.flatMap(({ delays }) => delays).sort((a, b) => a - b);
  const total = (of: (s: (typeof each)[number]) => number): number =>
    each.reduce((sum, s) => sum + of(s), 0);
  const at = (q: number): string => `${delays[Math.floor(q * (delays.length - 1))] ?? "–"}`;
  const { nab } = scores;
  return `| ${[
    name,
    scores.f1.toFixed(3),
    scores.far.toFixed(1),
    scores.mar.toFixed(1),
    `${nab.standard.toFixed(1)} / ${nab.lowFP.toFixed(1)} / ${nab.lowFN.toFixed(1)}`,
    `${scores.missed} of ${scores.changepoints} / ${scores.falsePoints}`,
    `${total((s) => s.found)} of ${total((s) => s.faults)}`,
    total((s) => s.falseEpisodes),
    `${at(0.5)} / ${at(0.9)} s`,
  ].join(" | ")} |`;
}

/** Every file with the limit that is best (F1 at FAR up to 20 %) on all the others. */
function leaveOneOut(files: readonly Labelled[]): Uint8Array[] {
  const base = streamProfile({ train: TRAIN });
  const byFactor = FACTORS.map((factor) => {
    const profile = { ...base, mspc: { ...base.mspc, on: base.mspc.on * factor } };
    return files.map(({ rows }) => alarmsOf(rows, profile));
  });
  return files.map((_, held) => {
    const others = files.filter((_, k) => k !== held);
    const worth = byFactor.map((alarms) => {
      const scores = skabScores(
        others,
        alarms.filter((_, k) => k !== held),
      );
      return scores.far <= 20 ? scores.f1 : 0;
    });
    return byFactor[worth.indexOf(Math.max(...worth))]![held]!;
  });
}

/** A detector that knew positions would suffer when healthy rows before the fault are gone. */
function cutTest(files: readonly Labelled[], say: (line: string) => void): void {
  const profile = streamProfile({ train: TRAIN });
  const found: SkabScores[] = [];
  for (let draw = 1; draw <= 5; draw++) {
    const cut = files.map((file, k) => {
      const gone = (draw * 7919 + k * 104_729) % 141;
      const keep = (i: number): boolean => i < 410 || i >= 410 + gone;
      return {
        ...file,
        rows: {
          ...file.rows,
          values: file.rows.values.filter((_, i) => keep(i)),
          at: file.rows.at.filter((_, i) => keep(i)),
        },
        anomaly: file.anomaly.filter((_, i) => keep(i)),
        changepoint: file.changepoint.filter((_, i) => keep(i)),
      };
    });
    found.push(
      skabScores(
        cut,
        cut.map(({ rows }) => alarmsOf(rows, profile)),
      ),
    );
  }
  const f1 = found.map((scores) => scores.f1.toFixed(3));
  say(`Cut test, up to 140 healthy rows removed after row 410, five draws: F1 ${f1.join(", ")}.\n`);
}

/** A rig that warms up for hours, healthy all the time: what a baseline of its first minutes is worth. */
function healthy(say: (line: string) => void): void {
  const file = join(dataFolder(), "SKAB", "anomaly-free", "anomaly-free.csv");
  if (!existsSync(file)) return;
  const rows = rowsOf(file, {});
  const told = [TRAIN, 2000, 4000].map((train) => {
    const alarms = alarmsOf(rows, streamProfile({ train }));
    const share = alarms.reduce((sum, alarm) => sum + alarm, 0) / (alarms.length - train);
    return `${(100 * share).toFixed(0)} % in ${spans(alarms, train).length} episodes after ${train} training rows`;
  });
  say(
    `Anomaly-free file, ${rows.values.length} rows, share of rows in alarm: ${told.join("; ")}.\n`,
  );
}
