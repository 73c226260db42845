/** Whether a step has shown what it must, as far as was seen. Pure; knows no terminal and no clock. */
import type { Millis } from "../core/time.ts";
import { iso, isoOrNull } from "../record/iso.ts";
import type { Sight } from "./sight.ts";
import type { Step } from "./step.ts";
import type { Counter, Subject } from "./subject.ts";

export type Figures = Record<string, string | number | boolean | null>;

export interface Answer {
  at: Millis;
  text: string;
}

/** What a step is judged by. */
export interface Evidence {
  step: Step;
  answers: Answer[];
  /** Sights that differed in condition or quality, and those at answers and outcome. Oldest first. */
  sights: Sight[];
  /** Counters before the pieces. */
  base: Sight | null;
  /** As the technician counted. */
  made: { total: number; bad: number } | null;
}

export type Judged =
  /** Not yet; `seen` says what is there instead. */
  | { state: "wait"; seen: string }
  /** The next prompt is due. */
  | { state: "next" }
  | { state: "pass" | "fail"; seen: string; figures: Figures };

type Judge = (trial: Evidence, subject: Subject, sight: Sight, answeredAt: Millis) => Judged;

/** `sight`: the newest one, taken at or after the last answer. */
export function judge(trial: Evidence, subject: Subject, sight: Sight): Judged {
  const answeredAt = trial.answers.at(-1)?.at ?? sight.at;
  return JUDGES[trial.step.kind](trial, subject, sight, answeredAt);
}

/** The condition with its cause or reason. */
export function conditionText({ condition, cause, reason }: Sight): string {
  const why = cause ?? reason;
  return why === null ? condition : `${condition} (${why})`;
}

/** Every value that is good was read since `at`, and there is one. */
function isFresh({ points }: Sight, at: Millis): boolean {
  const good = points.filter(({ quality }) => quality === "good");
  return good.length > 0 && good.every(({ goodAt }) => goodAt !== null && goodAt >= at);
}

const edgeOf = ({ since, edgeFrom }: Sight): Figures => ({
  since: isoOrNull(since),
  edgeUncertaintyMs: since !== null && edgeFrom !== null ? since - edgeFrom : null,
});

/** A condition that fresh values show. */
const decided =
  (fits: (sight: Sight, trial: Evidence) => boolean): Judge =>
  (trial, _, sight, answeredAt) => {
    const seen = conditionText(sight);
    if (!fits(sight, trial) || !isFresh(sight, answeredAt)) return { state: "wait", seen };
    const figures = { ...edgeOf(sight), shownAt: iso(sight.at) };
    return { state: "pass", seen, figures };
  };

const JUDGES: Record<Step["kind"], Judge> = {
  stop: decided(({ condition }) => condition !== "producing" && condition !== "unknown"),
  run: decided(({ condition }) => condition === "producing"),
  condition: decided(({ condition, reason }, { step: { rule } }) => {
    const isReason = rule?.reason === null || rule?.reason === reason;
    return condition === rule?.is && isReason;
  }),
  recovery: (trial, subject, sight, answeredAt) => {
    const judged = decided(({ condition }) => condition !== "unknown")(
      ...([trial, subject, sight, answeredAt] as const),
    );
    return judged.state === "pass" ? withBlindSpan(judged, trial, sight) : judged;
  },
  cable: judgeCable,
  count: (trial, subject, sight, answeredAt) =>
    trial.answers.length === 1
      ? standing(subject, sight, answeredAt)
      : judgeCounts(trial, subject, sight, answeredAt),
};

function withBlindSpan(
  judged: Extract<Judged, { figures: Figures }>,
  trial: Evidence,
  { since }: Sight,
): Judged {
  const blind = trial.sights.findLast(({ condition }) => condition === "unknown")?.since ?? null;
  const unknownMs = blind === null || since === null ? null : since - blind;
  return { ...judged, figures: { ...judged.figures, unknownSince: isoOrNull(blind), unknownMs } };
}

const LOSS = ["link-down", "device-silent"];
/** Ages are rounded on their way here. */
const ROUNDING_MS = 2;

/** Lost from sight: unknown, dated back to the last good cycle of what is missing, and shown within the hold. */
function judgeCable(trial: Evidence, subject: Subject, sight: Sight): Judged {
  const { condition, cause, since } = sight;
  const seen = conditionText(sight);
  if (condition !== "unknown" || since === null || !LOSS.includes(cause ?? ""))
    return { state: "wait", seen };
  const missing = sight.points.filter(
    ({ id, quality }) => quality !== "good" && subject.matters.includes(id),
  );
  const lastGood = missing.find(
    ({ goodAt }) => goodAt !== null && Math.abs(goodAt - since) <= ROUNDING_MS,
  );
  const isSame = ({ condition: was, since: from }: Sight): boolean =>
    was === "unknown" && from === since;
  const shownAt = [...trial.sights, sight].find(isSame)?.at ?? sight.at;
  const figures = {
    unknownSince: iso(since),
    lastGoodCycle: lastGood ? iso(since) : null,
    shownAt: iso(shownAt),
    shownAfterMs: shownAt - since,
    holdMs: subject.holdMs,
  };
  if (!lastGood)
    return { state: "fail", seen: `${seen}, but not from the last good cycle`, figures };
  if (shownAt - since > trial.step.limitMs)
    return { state: "fail", seen: `${seen}, but only after ${shownAt - since} ms`, figures };
  return { state: "pass", seen, figures };
}

/** Counters before the pieces: read twice more after the technician's word, so that no late count is among them. */
function standing({ counters }: Subject, sight: Sight, answeredAt: Millis): Judged {
  const isRead = counters.every((counter) => isSettled(counter, sight, answeredAt));
  if (sight.condition === "producing") return { state: "wait", seen: "it still produces" };
  return isRead ? { state: "next" } : { state: "wait", seen: "a counter cannot be read" };
}

function isSettled({ id, pollMs }: Counter, { points }: Sight, answeredAt: Millis): boolean {
  const point = points.find((each) => each.id === id);
  return point?.quality === "good" && (point.goodAt ?? 0) >= answeredAt + 2 * pollMs;
}

function judgeCounts(trial: Evidence, subject: Subject, sight: Sight, answeredAt: Millis): Judged {
  const { base, made } = trial;
  if (!base || !made) return { state: "wait", seen: "nothing was entered" };
  const wanted = { total: made.total, good: made.total - made.bad, reject: made.bad };
  const moved = subject.counters.map((counter) => {
    const delta = deltaOf(counter, base, sight);
    return { ...counter, delta, wanted: wanted[counter.role] };
  });
  const seen = moved.map(({ role, delta }) => `${role} +${delta ?? "?"}`).join(", ");
  if (!subject.counters.every((counter) => isSettled(counter, sight, answeredAt)))
    return { state: "wait", seen };
  const figures = Object.fromEntries(
    moved.flatMap(({ role, id, delta, wanted: entered }) => [
      [`${role}Before`, countIn(id, base)],
      [`${role}After`, countIn(id, sight)],
      [`${role}Pieces`, delta],
      [`${role}Entered`, entered],
    ]),
  );
  if (moved.every(({ delta, wanted: entered }) => delta === entered))
    return { state: "pass", seen, figures };
  const isBeyond = moved.some(({ delta, wanted: entered }) => delta === null || delta > entered);
  return isBeyond ? { state: "fail", seen, figures } : { state: "wait", seen };
}

const countIn = (id: string, { points }: Sight): string | null => {
  const value = points.find((point) => point.id === id)?.value ?? null;
  return value === null ? null : String(value);
};

/** Pieces between two sights; null where a value is no count. */
function deltaOf({ id, modulus, pieces }: Counter, before: Sight, after: Sight): number | null {
  const [from, to] = [countIn(id, before), countIn(id, after)];
  if (from === null || to === null || !/^\d+$/.test(from) || !/^\d+$/.test(to)) return null;
  const moved = (((BigInt(to) - BigInt(from)) % modulus) + modulus) % modulus;
  return Number(moved) * pieces;
}
