/**
 * The schema of `agent.db`, as numbered migrations; `user_version` says how many were run. A migration that shipped is
 * never edited. Keys begin with time: one that begins with the asset costs 10 to 1,000 times the bytes on flash.
 */

const INITIAL = `
-- Every id and word (assets, points, recipes, reasons, conditions …) once; rows refer to them by number.
CREATE TABLE words (
  id INTEGER PRIMARY KEY,
  word TEXT NOT NULL UNIQUE
);

-- One row: what is committed. Written with every commit.
CREATE TABLE progress (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  commit_no INTEGER NOT NULL,      -- number of the last commit, from 1
  at_ms INTEGER NOT NULL,          -- UTC of the last commit
  next_seq INTEGER NOT NULL,       -- the first record number not yet used
  settled_seq INTEGER NOT NULL,    -- every record up to this one is acknowledged or parked
  raw_day INTEGER NOT NULL,        -- raw is committed up to this segment (days since 1970-01-01) …
  raw_offset INTEGER NOT NULL      -- … and this byte; what lies behind a start takes up, see docs/decisions/0001
);

-- At most one row: the state of the core to start from, and where in raw its future begins (a fresh block).
CREATE TABLE snapshot (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  commit_no INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  raw_day INTEGER NOT NULL,
  raw_offset INTEGER NOT NULL,
  body BLOB NOT NULL               -- deflated text
);

-- The timeline of each asset, [from, from + length). Intervals of an asset tile time and never change.
CREATE TABLE intervals (
  from_ms INTEGER NOT NULL,
  asset INTEGER NOT NULL,
  length_ms INTEGER NOT NULL,
  condition INTEGER NOT NULL,
  cause INTEGER,                   -- set exactly when the condition is unknown
  schedule INTEGER NOT NULL,
  attribution INTEGER NOT NULL,
  recipe INTEGER NOT NULL,
  ideal_us INTEGER,                -- ideal cycle of the recipe, microseconds
  reason INTEGER,
  rule INTEGER,                    -- index of the rule that decided
  stop INTEGER NOT NULL,           -- none, micro, stop
  stop_prime INTEGER NOT NULL,     -- the same with unknown read as producing
  stop_before_ms INTEGER,          -- the whole stop began this long before from_ms
  edge_before_ms INTEGER,          -- the edge at from_ms may lie up to this much earlier
  PRIMARY KEY (from_ms, asset)
) WITHOUT ROWID;

-- Pieces by minute, recipe and place (loading, recovered, outside).
CREATE TABLE counts (
  at_ms INTEGER NOT NULL,          -- first booking of the minute
  asset INTEGER NOT NULL,
  recipe INTEGER NOT NULL,
  ideal_us INTEGER NOT NULL,       -- 0: none
  place INTEGER NOT NULL,
  total INTEGER NOT NULL,
  good INTEGER NOT NULL,
  reject INTEGER NOT NULL,
  PRIMARY KEY (at_ms, asset, recipe, ideal_us, place)
) WITHOUT ROWID;

-- Condition channels by minute.
CREATE TABLE aggregates (
  minute INTEGER NOT NULL,         -- minutes since 1970-01-01
  asset INTEGER NOT NULL,
  point INTEGER NOT NULL,
  low REAL NOT NULL,
  high REAL NOT NULL,
  sum REAL NOT NULL,
  last REAL NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (minute, asset, point)
) WITHOUT ROWID;

-- Every input that is neither a cycle nor a tick, in the order in which it entered the core.
CREATE TABLE inputs (
  n INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  json TEXT NOT NULL               -- bigints as {"$big":"…"}
);

-- Every revision of every window. Not WITHOUT ROWID: its rows are long.
CREATE TABLE windows (
  from_ms INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  asset INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  to_ms INTEGER NOT NULL,
  final INTEGER NOT NULL,
  time_ms INTEGER NOT NULL,        -- logical instant it was made
  config INTEGER NOT NULL,         -- hash of the configuration
  body TEXT NOT NULL               -- the window body with its sums, JSON
);
CREATE UNIQUE INDEX windows_key ON windows (from_ms, kind, asset, revision);

-- Records to deliver, and the evidence among those delivered. Waiting: state 0 and seq > progress.settled_seq.
CREATE TABLE records (
  seq INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  class INTEGER NOT NULL,
  asset INTEGER,
  topic TEXT NOT NULL,
  payload TEXT NOT NULL,
  retain INTEGER NOT NULL,
  keep INTEGER NOT NULL,           -- 1: stays after delivery
  state INTEGER NOT NULL,          -- 0 waiting, 1 parked, 2 delivered
  note TEXT                        -- why it was parked
);

CREATE INDEX records_parked ON records (seq) WHERE state = 1;

-- Chain head of each asset.
CREATE TABLE heads (
  asset INTEGER PRIMARY KEY,
  hash TEXT NOT NULL
);

-- What was lost. Numbers are never reused.
CREATE TABLE gaps (
  n INTEGER PRIMARY KEY AUTOINCREMENT,
  at_ms INTEGER NOT NULL,
  what INTEGER NOT NULL,
  from_ms INTEGER NOT NULL,
  to_ms INTEGER NOT NULL,
  rows INTEGER NOT NULL,
  why INTEGER NOT NULL
);
`;

/** Heads know the record they name, so that a start finds it without a search. */
const HEAD_NUMBERS = "ALTER TABLE heads ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;";

const KEYS = `
-- Public keys that signed records of this store: the gateway's, those before it, those of gateways taken over.
CREATE TABLE keys (
  id TEXT PRIMARY KEY,
  n INTEGER NOT NULL,              -- order in which they came to sign
  public_key TEXT NOT NULL         -- 32 bytes, base64
) WITHOUT ROWID;
`;

const STEPS = `
-- When something happened to an incident: the raw minutes around it are kept.
CREATE TABLE steps (
  from_ms INTEGER NOT NULL,
  asset INTEGER NOT NULL,
  PRIMARY KEY (from_ms, asset)
) WITHOUT ROWID;
`;

export const MIGRATIONS: readonly string[] = [INITIAL, HEAD_NUMBERS, KEYS, STEPS];
