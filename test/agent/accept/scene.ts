/** A machine under acceptance without machine and clock: sights as they would come, and steps that take them. */
import { expect, test } from "vitest";
import type { PointSight, Sight } from "../../../agent/accept/sight.ts";
import { type Step, stepsOf } from "../../../agent/accept/step.ts";
import type { Subject } from "../../../agent/accept/subject.ts";
import { answered, begin, seen as looked, type Trial } from "../../../agent/accept/trial.ts";

export const START = Date.UTC(2026, 10, 23, 6);

/** Polled every second, hold 3 s, counters total and good; rules fault, producing, blocked with a reason, idle. */
export const PRESS: Subject = {
  asset: "press-01",
  name: "Press 1",
  matters: ["status", "total", "good"],
  counters: [
    { role: "total", id: "total", modulus: 65_536n, pieces: 1, pollMs: 1000 },
    { role: "good", id: "good", modulus: 65_536n, pieces: 1, pollMs: 1000 },
  ],
  rules: [
    { is: "fault", reason: null, when: "{point: status, in: [8, 9]}" },
    { is: "producing", reason: null, when: "{point: status, equals: 6}" },
    { is: "blocked", reason: "outfeed", when: "{point: status, equals: 5}" },
    { is: "idle", reason: null, when: null },
  ],
  cables: ["plc"],
  holdMs: 3000,
  pollMs: 1000,
  reactionMs: 5000,
};

export type Look = Partial<Omit<Sight, "at" | "points" | "since" | "edgeFrom">> & {
  /** Seconds after START; all instants are. */
  since?: number;
  edgeFrom?: number | null;
  total?: number | string | null;
  good?: number | null;
  /** Last good cycle of every point; default: now. */
  goodAt?: number;
  quality?: PointSight["quality"];
};

/** A sight at `second`; status and counters were good then unless told otherwise. */
export function sight(second: number, look: Look = {}): Sight {
  const { since = 0, edgeFrom = null, total = 100, good = 90, goodAt = second } = look;
  const { quality = "good", condition = "idle", cause = null, reason = null } = look;
  const at = (seconds: number): number => START + seconds * 1000;
  const values = { status: 6, total, good };
  return {
    ...{ at: at(second), condition, cause, reason, since: at(since) },
    edgeFrom: edgeFrom === null ? null : at(edgeFrom),
    points: Object.entries(values).map(([id, value]) => ({
      ...{ id, value, quality, goodAt: at(goodAt) },
      reason: quality === "good" ? null : "MODBUS_TIMEOUT",
    })),
  };
}

export const stepOf = (name: string, subject = PRESS, pieces = 10): Step => {
  const [step] = stepsOf(subject, name, pieces);
  if (!step) throw new Error(`no step ${name}`);
  return step;
};

/** What happens: a look, or an answer with the look that it came with. */
export type Event = [second: number, look: Look] | [second: number, look: Look, answer: string];

/** The trial after all of it; looks after the end are not taken. */
export function play(step: Step, events: Event[], subject = PRESS): Trial {
  const [[second, look] = [0, {}], ...rest] = events;
  let trial = begin(step, sight(second, look));
  for (const [at, shown, answer] of rest) {
    if (trial.phase === "end") break;
    const now = sight(at, shown);
    trial =
      answer === undefined ? looked(trial, subject, now) : answered(trial, subject, answer, now);
  }
  return trial;
}

export const RUNS: Look = { condition: "producing" };
/** Out of sight since second 2. */
export const LOST: Look = {
  ...{ condition: "unknown", cause: "link-down", quality: "stale", goodAt: 2, since: 2 },
};

/** `result` null: no outcome yet; `seen` null: not looked at. */
export type Row = [name: string, events: Event[], result: string | null, seen: string | null];

/** One test each. */
export function outcomes(step: string, rows: Row[]): void {
  test.each(rows)("%s", (_, events, result, seen) => {
    const { outcome } = play(stepOf(step), events);
    expect(outcome?.result ?? null).toBe(result);
    if (seen !== null) expect(outcome?.seen).toBe(seen);
  });
}
