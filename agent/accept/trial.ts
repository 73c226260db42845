/**
 * One step while it lasts: sights and answers go in, the next prompt or the outcome comes out. Pure: time is that of
 * the sights. What the technician said stays beside what was seen.
 */
import { type Evidence, type Figures, judge } from "./judge.ts";
import type { Sight } from "./sight.ts";
import type { Step } from "./step.ts";
import type { Subject } from "./subject.ts";

export interface Outcome {
  result: "pass" | "fail" | "skipped";
  /** In words; of a skipped step why. */
  seen: string;
  figures: Figures;
}

export interface Trial extends Evidence {
  phase: "ask" | "wait" | "end";
  /** Why the last answer could not be taken, or null. */
  complaint: string | null;
  last: Sight;
  outcome: Outcome | null;
}

/** More changes than that are no evidence but noise: the middle is left out. */
const MOST_SIGHTS = 40;

export function begin(step: Step, sight: Sight): Trial {
  const trial: Trial = {
    ...{ step, answers: [], phase: "ask", complaint: null, sights: [sight], last: sight },
    ...{ base: null, made: null, outcome: null },
  };
  return step.impossible === null ? trial : skipped(trial, step.impossible);
}

/** A step that is not done, with the reason. */
export const skipped = (trial: Trial, why: string): Trial =>
  ended(trial, { result: "skipped", seen: why, figures: {} });

/** What was seen meanwhile. */
export function seen(trial: Trial, subject: Subject, sight: Sight): Trial {
  const next = { ...trial, last: sight, sights: kept(trial, sight) };
  return trial.phase === "wait" ? decide(next, subject) : next;
}

/** The technician answered: done, `skip WHY`, or the pieces made. `sight`: as the answer came. */
export function answered(trial: Trial, subject: Subject, text: string, sight: Sight): Trial {
  const given = text.trim();
  const skip = /^skip\b\s*(.*)$/i.exec(given);
  const asked = { ...trial, last: sight, sights: marked(trial.sights, sight), complaint: null };
  if (skip) return skipped(asked, skip[1] || "the technician skipped it");
  const isNumber = trial.step.kind === "count" && trial.answers.length === 1;
  const made = isNumber ? madeOf(given, trial.step.pieces) : null;
  if (isNumber && !made)
    return { ...asked, complaint: "enter two whole numbers, such as 10 0: made, and of these bad" };
  if (!isNumber && !/^(done|ok|y|yes)?$/i.test(given))
    return { ...asked, complaint: "press Enter when it is done, or enter `skip` and why" };
  const answers = [...trial.answers, { at: sight.at, text: given }];
  return decide({ ...asked, phase: "wait", answers, made }, subject);
}

/** `10`, `10 1`, or nothing for the number asked for. */
function madeOf(text: string, pieces: number): Trial["made"] {
  const match = /^(?:(\d{1,7})(?:[ ,]+(\d{1,7}))?)?$/.exec(text.replace(/^(done|ok)$/i, ""));
  if (!match) return null;
  const total = match[1] === undefined ? pieces : Number(match[1]);
  const bad = Number(match[2] ?? 0);
  return bad <= total ? { total, bad } : null;
}

function decide(trial: Trial, subject: Subject): Trial {
  const { step, last } = trial;
  const judged = judge(trial, subject, last);
  if (judged.state === "next") return { ...trial, phase: "ask", base: last };
  if (judged.state !== "wait") {
    const { state: result, seen: words, figures } = judged;
    return ended(trial, { result, seen: words, figures });
  }
  const since = trial.answers.at(-1)?.at ?? last.at;
  if (last.at - since < step.limitMs) return trial;
  return ended(trial, {
    result: "fail",
    seen: judged.seen,
    figures: { waitedMs: last.at - since },
  });
}

const ended = (trial: Trial, outcome: Outcome): Trial => ({
  ...{ ...trial, phase: "end", outcome },
  sights: marked(trial.sights, trial.last),
});

function kept({ sights, last }: Trial, sight: Sight): Sight[] {
  if (looks(last) === looks(sight) && sights.length > 0) return sights;
  return marked(sights, sight);
}

function marked(sights: Sight[], sight: Sight): Sight[] {
  if (sights.at(-1) === sight) return sights;
  const all = [...sights, sight];
  return all.length <= MOST_SIGHTS ? all : all.toSpliced(MOST_SIGHTS / 2, 1);
}

const looks = ({ condition, cause, reason, since, points }: Sight): string =>
  JSON.stringify([
    ...[condition, cause, reason, since],
    points.map(({ quality, reason: why }) => [quality, why]),
  ]);
