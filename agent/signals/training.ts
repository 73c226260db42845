/**
 * Whether the rows that were learned from look like one healthy, settled machine: labeled faults among them, values that
 * never move, levels that do. Warnings for who tunes; refuses to change what is learned.
 */
import { median, spread } from "../core/signal/order.ts";
import type { Rows } from "./rows.ts";

/** Parts of the training rows whose levels are compared. */
const PARTS = 8;
/** A level that moves by more than this many times the scatter around it is told. */
const MOVES = 4;
/** Fewer rows than this for each channel do not teach how channels go together. */
const ROWS_EACH = 10;

/** What is odd about the first `train` rows, those of each operating state by itself. */
export function doubtsOf(rows: Rows, train: number): string[] {
  const least = ROWS_EACH * rows.channels.length;
  const few =
    rows.channels.length > 1 && train < least
      ? [
          `${train} training rows are few for ${rows.channels.length} channels, healthy rows will alarm: learn from ${least} or more (--train), or look at fewer channels (--columns)`,
        ]
      : [];
  const states = new Map<string, number[]>();
  for (let i = 0; i < rows.values.length; i++) {
    const state = rows.states[i] ?? "";
    const learned = states.get(state) ?? [];
    if (learned.length === 0) states.set(state, learned);
    if (learned.length < train) learned.push(i);
  }
  const odd = [...states].flatMap(([state, learned]) =>
    learned.length < train ? [] : doubts(rows, learned, state === "" ? "" : ` in state ${state}`),
  );
  return [...few, ...odd];
}

function doubts(rows: Rows, learned: readonly number[], where: string): string[] {
  const { channels, labels } = rows;
  const faulty = labels === null ? [] : learned.filter((i) => labels[i]);
  const columns = channels.map((_, j) => learned.map((i) => rows.values[i]![j]!));
  const out: string[] = [];
  if (faulty.length > 0)
    out.push(
      `${faulty.length} of the training rows${where} are labeled as a fault, the first is row ${faulty[0]}: what was learned as normal is not; another part of the history teaches better`,
    );
  if (channels.length === 1) {
    if (isConstant(columns[0]!))
      out.push(`${channels[0]}: constant while learning${where}: any change is a novelty`);
    return out;
  }
  const moving = channels.filter((_, j) => moves(columns[j]!));
  if (moving.length > 0)
    out.push(
      `${moving.join(", ")}: the level moves while learning${where} by more than ${MOVES} times its scatter; if that is a fault or a warm-up, learn from other rows or from more of them (--train)`,
    );
  return out;
}

function isConstant(column: readonly number[]): boolean {
  const good = column.filter((value) => !Number.isNaN(value));
  return good.every((value) => value === good[0]);
}

function moves(column: readonly number[]): boolean {
  const length = Math.floor(column.length / PARTS);
  const parts = Array.from({ length: PARTS }, (_, k) =>
    column.slice(k * length, (k + 1) * length).filter((value) => !Number.isNaN(value)),
  ).filter((part) => part.length > 0);
  const levels = parts.map(median);
  const scatter = median(parts.map((part, k) => spread(part, levels[k]!)));
  // A coarse register rests on one step for most of a part: its scatter cannot be told.
  return scatter > 0 && Math.max(...levels) - Math.min(...levels) > MOVES * scatter;
}
