/**
 * `npm run bench:signals -- plant [healthy|lead|sensors|estimate|scatter|blind|counted] [--months N] [--runs N] [--estimates N]
 * [--tuning] [--seed N]`: the tables of the simulated plant as Markdown on stdout, false alarms one by one on stderr. Seeds
 * from 1000 on, or those below with --tuning. Keeps nothing.
 */
import type { TraceChannelId } from "../../simulator/wear/channels.ts";
import { type Degradation, LIFE_DAYS } from "../../simulator/wear/decay.ts";
import { countedTable } from "./plant-counted.ts";
import { cellModel } from "./plant-model.ts";
import { type Failing, type Judged, runEstimate, runFailure, runHealthy } from "./plant-run.ts";
import { poissonBound, quantile, wilson } from "./plant-statistics.ts";
import { cpu, fixed, head, leadOf, type PlantOptions, row, STINT } from "./plant-table.ts";
import { bankWatch, type ChartRule, chartWatch, dailyWatch, type Watch } from "./plant-watch.ts";

const MINUTE = 60_000;

/** False alarms of healthy machines. */
function healthyTable({ months, firstSeed, say }: PlantOptions): void {
  const model = cellModel();
  const begin = cpu();
  const counts = new Map<string, number>();
  let [rows, alarms] = [0, 0];
  for (let done = 0; done < months; done += STINT) {
    const seed = firstSeed + done / STINT;
    const run = runHealthy(seed, Math.min(STINT, months - done), model, bankWatch(model));
    rows += run.rows;
    alarms += run.alarms.length;
    for (const { kind, channel, reason, plantAt } of run.alarms) {
      const what = `${kind} ${channel ?? "together"} ${reason}`;
      counts.set(what, (counts.get(what) ?? 0) + 1);
      console.error(`seed ${seed} ${new Date(plantAt).toISOString()} ${what}`);
    }
  }
  const took = cpu() - begin;
  say(head("machine-months", "false alarms", "per month", "95 % bound", "CPU s", "samples/s"));
  const samples = rows * model.channels.length;
  const bound = poissonBound(alarms) / months;
  const rate = `${fixed(samples / took / 1e6, 2)} M`;
  say(row(months, alarms, fixed(alarms / months, 3), fixed(bound, 3), fixed(took, 0), rate));
  for (const [what, n] of [...counts].sort((a, b) => b[1] - a[1])) say(`\n- ${n} × ${what}`);
}

const KINDS = ["bearing", "filter", "tool", "belt"] as const;

/** How long before the failure wear is told, in running days of 16 h. */
function leadTable({ runs, firstSeed, say }: PlantOptions): void {
  const model = cellModel();
  const begin = cpu();
  say(
    head("fault", "runs", "life d", "lead 5 %", "median", "least", "missed", "false before", "by"),
  );
  for (const kind of KINDS) {
    const results = Array.from({ length: runs }, (_, i) =>
      runFailure(kind, firstSeed + i, model, bankWatch(model)),
    );
    const leads = results.map((one) => leadOf(one) ?? 0);
    const missed = results.filter(({ found }) => found === null).length;
    const before = results.reduce((sum, one) => sum + one.before.length, 0);
    const by = tally(results.map(({ found }) => found && `${found.kind} ${found.channel ?? ""}`));
    const low = fixed(quantile(leads, 0.05), 2);
    const middle = fixed(quantile(leads, 0.5), 2);
    const least = fixed(Math.min(...leads), 2);
    say(row(kind, runs, LIFE_DAYS[kind], low, middle, least, missed, before, by));
  }
  say(`\n${fixed(cpu() - begin, 0)} s of CPU.`);
}

/** Running time until cavitation is told and until a failing sensor is named. */
function sensorTable({ runs, firstSeed, say }: PlantOptions): void {
  const model = cellModel();
  const begin = cpu();
  say(head("fault", "runs", "median min", "95 %", "most", "missed", "false before", "by"));
  for (const kind of ["cavitation", "sensor-stuck", "sensor-lost", "sensor-drift"] as const) {
    const results = Array.from({ length: runs }, (_, i) =>
      runFailure(kind, firstSeed + i, model, bankWatch(model)),
    );
    const alarms = results.map((one) => alarmOf(kind, one));
    const minutes = results.flatMap((one, i) => {
      const alarm = alarms[i];
      return alarm ? [(alarm.runMs - one.onsetRunMs) / MINUTE] : [];
    });
    const missed = runs - minutes.length;
    const before = results.reduce((sum, one) => sum + one.before.length, 0);
    const by = tally(alarms.map((one) => one && `${one.kind} ${one.reason}`));
    const [middle, late] = [quantile(minutes, 0.5), quantile(minutes, 0.95)];
    const most = fixed(minutes.length > 0 ? Math.max(...minutes) : null);
    say(row(kind, runs, fixed(middle), fixed(late), most, missed, before, by));
  }
  say(`\n${fixed(cpu() - begin, 0)} s of CPU.`);
}

/** A drifting sensor cannot be told from wear; any alarm in its channel counts. */
function alarmOf(kind: Degradation, one: Failing) {
  if (kind === "cavitation") return one.found;
  if (kind !== "sensor-drift") return one.named;
  return one.after.find(({ channel }) => channel === one.channel) ?? null;
}

const WORN: Record<"bearing" | "filter" | "tool", TraceChannelId> = {
  bearing: "vibration",
  filter: "filterDp",
  tool: "current",
};

interface Coverage {
  runs: number;
  none: number;
  hits: number;
  early: number;
  late: number;
}

/** Does p10 to p90 hold the true failure in 75 to 85 of 100 runs? */
function estimateTable({ estimates, firstSeed, say }: PlantOptions): void {
  const begin = cpu();
  say(
    head(
      "fault",
      "runs",
      "no estimate",
      "judged",
      "p10-p90 holds",
      "95 % interval",
      "early",
      "late",
    ),
  );
  const all: Coverage = { runs: 0, none: 0, hits: 0, early: 0, late: 0 };
  for (const [k, kind] of (["bearing", "filter", "tool"] as const).entries()) {
    const model = cellModel(["load", "ambient", WORN[kind]]);
    const count: Coverage = { runs: 0, none: 0, hits: 0, early: 0, late: 0 };
    for (let i = 0; i < Math.ceil(estimates / 3); i++) {
      const seed = firstSeed + 10_000 * (k + 1) + i;
      count.runs++;
      count[outcomeOf(runEstimate(seed, kind, model, bankWatch(model)))]++;
    }
    sayEstimates(kind, count, say);
    for (const key of Object.keys(all) as (keyof Coverage)[]) all[key] += count[key];
  }
  sayEstimates("all", all, say);
  say(`\n${fixed(cpu() - begin, 0)} s of CPU.`);
}

/** `early`: it failed before p10. A p90 beyond the horizon is open. */
function outcomeOf({ left, estimate }: Judged): "none" | "hits" | "early" | "late" {
  if (left === null || estimate === null) return "none";
  const { p10RunMs, p90RunMs } = estimate;
  if (p10RunMs === null) return "none";
  if (left.runMs < p10RunMs) return "early";
  return p90RunMs !== null && left.runMs > p90RunMs ? "late" : "hits";
}

function sayEstimates(name: string, count: Coverage, say: (line: string) => void): void {
  const judged = count.runs - count.none;
  const [low, high] = wilson(count.hits, judged);
  const percent = (value: number | null): string => fixed(value === null ? null : 100 * value);
  const interval = `${percent(low)} to ${percent(high)}`;
  const share = percent(judged > 0 ? count.hits / judged : null);
  say(row(name, count.runs, count.none, judged, share, interval, count.early, count.late));
}

/** The same plant before textbook charts and before one that looks at nothing. */
function blindTable({ months, runs, firstSeed, say }: PlantOptions): void {
  const model = cellModel();
  const charts = (rule: ChartRule) => () => chartWatch(model, rule);
  const watches: [string, () => Watch][] = [
    ["EWMA .2 at 3 sd, samples", charts({ name: "ewma", weight: 0.2, limit: 3, rows: 1 })],
    ["CUSUM .5/8, samples", charts({ name: "cusum", weight: 0.5, limit: 8, rows: 1 })],
    ["EWMA .2 at 3 sd, 10-minute means", charts({ name: "ewma", weight: 0.2, limit: 3, rows: 60 })],
    ["CUSUM .5/8, 10-minute means", charts({ name: "cusum", weight: 0.5, limit: 8, rows: 60 })],
    ["an alarm a day, blind", () => dailyWatch(model)],
  ];
  say(head("watch", "false alarms per machine-month", "bearing lead 5 %", "filter", "tool"));
  const few = Math.min(6, months);
  for (const [name, watch] of watches) {
    const alarms = runHealthy(firstSeed, few, model, watch()).alarms.length;
    const leads = (["bearing", "filter", "tool"] as const).map((kind) => {
      const all = Array.from({ length: Math.min(10, runs) }, (_, i) =>
        leadOf(runFailure(kind, firstSeed + i, model, watch())),
      );
      return fixed(
        quantile(
          all.map((one) => one ?? 0),
          0.05,
        ),
        2,
      );
    });
    say(row(name, fixed(alarms / few, 0), ...leads));
  }
}

/** The same with all that wanders wandering further: how much of the figures is the plant's. */
function scatterTable({ months, runs, firstSeed, say }: PlantOptions): void {
  const model = cellModel();
  const few = { months: Math.min(60, months), runs: Math.min(20, runs) };
  say(head("scatter", "false alarms per month", "bearing lead 5 %", "filter", "tool", "missed"));
  for (const scatter of [0.5, 1, 1.5, 2]) {
    let alarms = 0;
    for (let i = 0; i < few.months / STINT; i++) {
      alarms += runHealthy(firstSeed + i, STINT, model, bankWatch(model), scatter).alarms.length;
    }
    let missed = 0;
    const leads = (["bearing", "filter", "tool"] as const).map((kind) => {
      const all = Array.from({ length: few.runs }, (_, i) =>
        leadOf(runFailure(kind, firstSeed + i, model, bankWatch(model), scatter)),
      );
      missed += all.filter((one) => one === null).length;
      return fixed(
        quantile(
          all.map((one) => one ?? 0),
          0.05,
        ),
        2,
      );
    });
    say(row(`× ${scatter}`, fixed(alarms / few.months, 3), ...leads, missed));
  }
}

function tally(words: (string | null)[]): string {
  const counts = new Map<string, number>();
  for (const word of words) if (word !== null) counts.set(word, (counts.get(word) ?? 0) + 1);
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  return sorted.map(([word, n]) => `${word.trim()} ${n}`).join(", ");
}

const PARTS: Record<string, (options: PlantOptions) => void> = {
  healthy: healthyTable,
  lead: leadTable,
  sensors: sensorTable,
  estimate: estimateTable,
  scatter: scatterTable,
  blind: blindTable,
  counted: countedTable,
};

/** The parts named in `args`, or all. Returns the exit code. */
export function plant(args: readonly string[], say: (line: string) => void): number {
  const numberAfter = (name: string, other: number): number => {
    const at = args.indexOf(name);
    return at < 0 ? other : Number(args[at + 1]);
  };
  const options: PlantOptions = {
    months: numberAfter("--months", 600),
    runs: numberAfter("--runs", 50),
    estimates: numberAfter("--estimates", 540),
    firstSeed: numberAfter("--seed", args.includes("--tuning") ? 1 : 1000),
    say,
  };
  const named = args.filter((arg) => Object.hasOwn(PARTS, arg));
  for (const name of named.length > 0 ? named : Object.keys(PARTS)) {
    say(`\n### Simulated plant: ${name}\n`);
    PARTS[name]?.(options);
  }
  return 0;
}
