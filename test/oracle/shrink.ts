/** Makes a failing question smaller: drops cycles, plans, rules and complications while the failure stays. */
import type { Question } from "./oracle.ts";

type Attempt = (next: Question) => boolean;

export function shrink(start: Question, fails: (question: Question) => boolean): Question {
  let best = start;
  const attempt: Attempt = (next) => {
    const better = safely(fails, next);
    if (better) best = next;
    return better;
  };
  for (let round = 0, before = -1; round < 4 && sizeOf(best) !== before; round++) {
    before = sizeOf(best);
    const { length } = best.cycles;
    for (let size = Math.ceil(length / 2); size >= 1; size = Math.floor(size / 2))
      thin(
        () => best.cycles,
        size,
        (cycles) => attempt({ ...best, cycles }),
      );
    thin(
      () => best.plans,
      1,
      (plans) => attempt({ ...best, plans }),
    );
    thin(
      () => best.starts,
      1,
      (starts) => attempt({ ...best, starts }),
    );
    const { calendar } = best;
    const [first, last] = [calendar.spans[0], calendar.spans.at(-1)];
    const spans = [{ from: first?.from ?? 0, to: last?.to ?? 0, schedule: "scheduled" as const }];
    attempt({ ...best, calendar: { ...calendar, spans } });
    // Hours stay: without any window around its first input the core has no time before it.
    const frames = calendar.frames.filter((frame) => frame.kind === "hour");
    attempt({ ...best, calendar: { ...best.calendar, frames } });
    for (const simpler of models(best)) attempt(simpler);
    for (let k = 0; k < best.cycles.length; k++) cycleSmaller(best, k, attempt);
  }
  return best;
}

/** Drops runs of `size` elements wherever that is accepted. */
function thin<T>(list: () => T[], size: number, accept: (fewer: T[]) => boolean): void {
  for (let k = 0; k < list().length; )
    if (!accept(list().filter((_, i) => i < k || i >= k + size))) k += size;
}

const sizeOf = (question: Question): number =>
  JSON.stringify(question, (_, value) => (typeof value === "bigint" ? String(value) : value))
    .length;

function safely(fails: (question: Question) => boolean, question: Question): boolean {
  try {
    return fails(question);
  } catch {
    return false;
  }
}

function* models(question: Question): Generator<Question> {
  const { asset } = question;
  const of = (changes: Partial<Question["asset"]>): Question => ({
    ...question,
    asset: { ...asset, ...changes },
  });
  yield of({ counts: null, recipes: [], attribution: {} });
  yield of({ counts: null });
  yield of({ recipes: [] });
  yield of({ attribution: {} });
  for (let k = asset.rules.length - 1; k >= 0; k--) {
    yield of({ rules: asset.rules.filter((_, i) => i !== k) });
    yield of({
      rules: asset.rules.map((rule, i) =>
        i === k ? { ...rule, forMs: 0, attribution: null } : rule,
      ),
    });
    const when = asset.rules[k]?.when;
    const parts = when && "of" in when ? (Array.isArray(when.of) ? when.of : [when.of]) : [];
    for (const part of parts)
      yield of({ rules: asset.rules.map((rule, i) => (i === k ? { ...rule, when: part } : rule)) });
  }
  for (let k = asset.recipes.length - 1; k >= 0; k--)
    yield of({ recipes: asset.recipes.filter((_, i) => i !== k) });
}

function cycleSmaller(question: Question, k: number, attempt: (next: Question) => boolean): void {
  const cycle = question.cycles[k];
  if (!cycle) return;
  for (const point of [...Object.keys(cycle.values), ...Object.keys(cycle.bad)]) {
    const { [point]: _value, ...values } = cycle.values;
    const { [point]: _bad, ...bad } = cycle.bad;
    attempt({
      ...question,
      cycles: question.cycles.map((one, i) => (i === k ? { ...cycle, values, bad } : one)),
    });
  }
}
