/**
 * Predicts what a plant will write and keep, for `check` and `doctor`. Constants were measured with 20 machines of
 * 30 points at 1 Hz; a plant that changes state more often than assumed writes more. Pure.
 */
import type { AssetModel, PlantModel, SourceModel } from "../core/model.ts";
import type { Millis } from "../core/time.ts";
import type { WindowKind } from "../core/vocabulary.ts";

export interface Keeping {
  rawKeepMs: Millis;
  aggregatesKeepMs: Millis;
  journalKeepMs: Millis;
}

/** Bytes. */
export interface Prediction {
  /** Growth of the raw log. */
  rawPerDay: number;
  /** Growth of the database: journal, aggregates, evidence. */
  databasePerDay: number;
  /** Written to flash in a day, rewritten pages and the write-ahead log included. */
  flashPerDay: number;
  /** Size once the keeping times are reached; raw and database are capped by their maximum. */
  rawAtRest: number;
  databaseAtRest: number;
}

const DAY_MS = 86_400_000;
const MINUTES_A_DAY = 1440;

/** One change of state per machine. */
const CHANGE_EVERY_MS = 45_000;
/** Commits come this often when nothing happens, and at most once a second. */
const QUIET_COMMITS_A_DAY = 8640;
const BUSY_COMMITS_A_DAY = 86_400;

/** Bytes of a packed cycle with what its answers took, of a value in it that changed, and of a point's place in its bitmap. */
const CYCLE = 5;
const CHANGED_VALUE = 1.7;
const LISTED_POINT = 1 / 8;
/** Points that are no condition channel change now and then. */
const SHARE_OF_OTHERS = 0.05;

const INTERVAL_ROW = 60;
const COUNT_ROW = 32;
const AGGREGATE_ROW = 52;
/** A window twice (provisional, final) with its sums, and the final record. */
const WINDOW_ROWS = 6500;
const RAW_COMMIT = 6500;
const DATABASE_COMMIT = 9500;
/** Rows are written to the log, and once more into their place. */
const REWRITTEN = 2;

const WINDOWS_A_DAY: Record<WindowKind, number> = {
  hour: 24,
  shift: 3,
  day: 1,
  month: 1 / 30,
  period: 1 / 30,
};

export function predictSizes(plant: PlantModel, keeping: Keeping): Prediction {
  const rawPerDay = sum(plant.assets, rawOf);
  const journal = sum(plant.assets, journalOf);
  const channels = sum(plant.assets, (asset) => asset.points.filter(isChannel).length);
  const aggregates = channels * MINUTES_A_DAY * AGGREGATE_ROW;
  const commits = commitsOf(plant.assets.length);
  const rewritten = REWRITTEN * (journal + aggregates);
  return {
    rawPerDay: Math.round(rawPerDay),
    databasePerDay: Math.round(journal + aggregates),
    flashPerDay: Math.round(commits * (RAW_COMMIT + DATABASE_COMMIT) + rawPerDay + rewritten),
    rawAtRest: Math.round(rawPerDay * days(keeping.rawKeepMs)),
    databaseAtRest: Math.round(
      journal * days(keeping.journalKeepMs) + aggregates * days(keeping.aggregatesKeepMs),
    ),
  };
}

const days = (ms: Millis): number => ms / DAY_MS;
const isChannel = ({ channel }: { channel: boolean }): boolean => channel;
const sum = <T>(items: T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0);

function rawOf(asset: AssetModel): number {
  return sum(asset.sources, (source) => (DAY_MS / source.pollMs) * cycleOf(asset, source));
}

function cycleOf(asset: AssetModel, source: SourceModel): number {
  const points = asset.points.filter((point) => asset.sources[point.source] === source);
  const channels = points.filter(isChannel).length;
  const changed = channels + (points.length - channels) * SHARE_OF_OTHERS;
  return CYCLE + changed * CHANGED_VALUE + points.length * LISTED_POINT;
}

function journalOf(asset: AssetModel): number {
  const intervals = (DAY_MS / CHANGE_EVERY_MS) * INTERVAL_ROW;
  const counts = asset.counts ? MINUTES_A_DAY * COUNT_ROW : 0;
  const windows = sum(asset.windows, (kind) => WINDOWS_A_DAY[kind]) * WINDOW_ROWS;
  return intervals + counts + windows;
}

/** Seconds of a day in which at least one machine changes, or as many as quiet times bring. */
function commitsOf(machines: number): number {
  const busy = BUSY_COMMITS_A_DAY * (1 - Math.exp((-machines * 1000) / CHANGE_EVERY_MS));
  return Math.max(QUIET_COMMITS_A_DAY, busy);
}
