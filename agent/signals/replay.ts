/**
 * A CSV through the stream detectors: what `signals replay` and `signals plot` have in common. Every verdict is
 * causal. Refuses a file that ends before its training does.
 */
import { Fault } from "../core/fault.ts";
import { quietVerdict, type RowVerdict } from "../core/signal/row.ts";
import { LEAST_TRAINING } from "../core/signal/settings-stream.ts";
import { type ColumnWishes, chooseColumns } from "./columns.ts";
import { logEvents, type SignalEvent } from "./events.ts";
import { type StreamProfile, streamProfile } from "./profile.ts";
import { type Rows, readRows } from "./rows.ts";
import { newRunner } from "./run.ts";
import { type Scores, scoreAlarms } from "./score.ts";
import { readTable } from "./table.ts";
import { doubtsOf } from "./training.ts";

export interface ReplayWishes extends ColumnWishes {
  data: string;
  separator?: string | undefined;
  train?: number | undefined;
  profile?: string | undefined;
  sensitivity?: string | undefined;
}

export interface Replayed {
  rows: Rows;
  profile: StreamProfile;
  /** Rows before this one were learned from. */
  train: number;
  events: SignalEvent[];
  /** By row, 0 before `train`; the statistic as a multiple of its limit. */
  alarms: Uint8Array;
  statistic: Float64Array;
  scores: Scores | null;
  warnings: string[];
}

export type OnRow = (i: number, at: number, verdict: RowVerdict) => void;

export function replayTable(wishes: ReplayWishes, onRow: OnRow = () => {}): Replayed {
  const profile = streamProfile({
    file: wishes.profile,
    sensitivity: wishes.sensitivity,
    train: wishes.train,
  });
  const table = readTable(wishes.data, wishes.separator);
  const columns = chooseColumns(table, wishes, profile.mspc.train);
  const rows = readRows(table, columns);
  const n = rows.values.length;
  const train = columns.channels.length === 1 ? profile.novelty.train : profile.mspc.train;
  if (n <= train) throw tooShort(wishes.data, n, train);
  const runner = newRunner(rows.channels.length, profile);
  const log = logEvents(rows);
  const alarms = new Uint8Array(n);
  const statistic = new Float64Array(n);
  const verdict = quietVerdict();
  for (let i = 0; i < n; i++) {
    runner.row(rows.values[i]!, rows.states[i] ?? "", verdict);
    alarms[i] = verdict.alarm ? 1 : 0;
    statistic[i] = runner.watch().statistic();
    log.row(i, verdict, runner.watch());
    if (i >= train) onRow(i, rows.at[i]!, verdict);
  }
  return {
    rows,
    profile,
    train,
    events: log.end(),
    alarms,
    statistic,
    scores: rows.labels === null ? null : scoreAlarms(alarms, rows.labels, train),
    warnings: [
      ...columns.warnings,
      ...rows.warnings,
      ...doubtsOf(rows, train),
      ...blindness(runner.watches(), rows),
    ],
  };
}

function tooShort(file: string, n: number, train: number): Fault {
  const shorter = Math.floor(n / 2);
  const advice =
    shorter >= LEAST_TRAINING
      ? `give --train ${shorter}, of healthy rows`
      : `at least ${LEAST_TRAINING} healthy rows and more to judge are needed`;
  return new Fault(
    "TABLE_INVALID",
    `${file} has ${n} rows and the first ${train} are for learning: ${advice}`,
    { file, rows: n, train },
  );
}

/** What could not be judged, by operating state. */
function blindness(
  watches: ReturnType<ReturnType<typeof newRunner>["watches"]>,
  { channels }: Rows,
): string[] {
  return [...watches].flatMap(([state, watch]) => {
    const where = state === "" ? "" : ` in state ${state}`;
    const blind = watch.blind().map((j) => channels[j]!);
    const constant =
      blind.length === 0
        ? []
        : [
            `${blind.join(", ")}: constant, mostly absent or beyond calculation while learning${where}, not judged`,
          ];
    return watch.model().phase === "learning"
      ? [`too few rows${where} to learn from: never judged`]
      : constant;
  });
}
