/**
 * What is sound of a configuration with mistakes, so that all checks can run at once: broken parts are `null` or left
 * out, their ids stay known. Cuts away; repairs nothing.
 */
import type { Path } from "./problem.ts";
import { type Data, isData } from "./template.ts";
import type {
  Asset,
  Calendar,
  Config,
  Connection,
  Contract,
  Point,
  Recipe,
  Rule,
  Severity,
  Shift,
  SignalRule,
  Source,
} from "./types.ts";

/** `null`: exists, but is broken. */
export type Broken<T> = T | null;
export type ById<T> = Record<string, Broken<T>>;

type Items = "sources" | "points" | "condition" | "recipes" | "signals";

export type DraftAsset = Partial<Omit<Asset, Items>> & {
  sources: ById<Source>;
  points: ById<Point>;
  condition: Broken<Rule>[];
  recipes: Broken<Recipe>[];
  signals: Broken<SignalRule>[];
};

export type DraftCalendar = Partial<Omit<Calendar, "shifts">> & { shifts: Broken<Shift>[] };

export interface Draft {
  gateway: Partial<Config["gateway"]>;
  store: Partial<Config["store"]>;
  mqtt: Partial<Config["mqtt"]>;
  page: Partial<NonNullable<Config["page"]>>;
  connections: ById<Connection>;
  calendars: ById<DraftCalendar>;
  /** Undefined: those that need no configuration. */
  severities: ById<Severity> | undefined;
  assets: ById<DraftAsset>;
  contracts: ById<Contract>;
}

/** Parts of an asset or calendar whose entries break one by one. */
const ITEMS = new Set(["sources", "points", "condition", "recipes", "signals", "shifts"]);

/** The sound rest of `data`; `broken` are the paths of violated schemas. */
export function draftOf(data: unknown, broken: Path[]): Draft {
  const copy = isData(data) ? structuredClone(data) : {};
  for (const path of broken) cut(copy, path);
  const top = (key: string): Data => map(copy[key]);
  return {
    gateway: top("gateway"),
    store: top("store"),
    mqtt: top("mqtt"),
    page: top("page"),
    connections: top("connections") as ById<Connection>,
    contracts: top("contracts") as ById<Contract>,
    severities: isData(copy["severities"]) ? (copy["severities"] as ById<Severity>) : undefined,
    calendars: each(top("calendars"), (calendar) => ({
      ...calendar,
      shifts: list(calendar["shifts"]) as Broken<Shift>[],
    })),
    assets: each(top("assets"), (asset) => ({
      ...asset,
      sources: map(asset["sources"]) as ById<Source>,
      points: map(asset["points"]) as ById<Point>,
      condition: list(asset["condition"]) as Broken<Rule>[],
      recipes: list(asset["recipes"]) as Broken<Recipe>[],
      signals: list(asset["signals"]) as Broken<SignalRule>[],
    })),
  };
}

/** The calendar that an asset names, where there is one of that name. */
export function calendarOf(draft: Draft, asset: string): DraftCalendar | null {
  const name = draft.assets[asset]?.calendar ?? "";
  return Object.hasOwn(draft.calendars, name) ? (draft.calendars[name] ?? null) : null;
}

const map = (value: unknown): Data => (isData(value) ? value : {});
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function each<T>(entries: Data, shape: (entry: Data) => T): ById<T> {
  const shaped = Object.entries(entries).map(([id, value]) => [
    id,
    isData(value) ? shape(value) : null,
  ]);
  return Object.fromEntries(shaped) as ById<T>;
}

/** The part that a broken path makes useless, as a length of the path, and whether its id stays known. */
function extent(path: Path): { length: number; known: boolean } {
  const [top, , part] = path;
  if (path.length < 2) return { length: 1, known: false };
  if (top === "connections" || top === "contracts" || top === "severities")
    return { length: 2, known: true };
  if (top !== "assets" && top !== "calendars") return { length: 2, known: false };
  if (path.length === 2) return { length: 2, known: true };
  const item = path.length > 3 && ITEMS.has(String(part));
  return item ? { length: 4, known: true } : { length: 3, known: false };
}

function cut(data: Data, path: Path): void {
  const { length, known } = extent(path);
  let parent: unknown = data;
  for (const step of path.slice(0, length - 1)) {
    parent = Object.hasOwn(Object(parent), step) ? (parent as Data)[step] : null;
    if (typeof parent !== "object" || parent === null) return;
  }
  const last = path[length - 1] ?? "";
  if (!Object.hasOwn(parent as Data, last)) return;
  if (known) (parent as Data)[last] = null;
  else delete (parent as Data)[last];
}
