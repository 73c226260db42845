/** Makes a failing question smaller: drops cycles, plans, rules and complications while the failure stays. */
import type { Question } from "./oracle.ts";

export function shrink(start: Question, fails: (question: Question) => boolean): Question {
  let best = start;
  const attempt = (next: Question): boolean => {
    if (!safely(fails, next)) return false;
    best = next;
    return true;
  };
  for (let round = 0; round < 4; round++) {
    const before = JSON.stringify(best, (_, value) =>
      typeof value === "bigint" ? String(value) : value,
    ).length;
    for (let size = Math.ceil(best.cycles.length / 2); size >= 1; size = Math.floor(size / 2))
      for (let k = 0; k < best.cycles.length; )
        if (!attempt({ ...best, cycles: best.cycles.filter((_, i) => i < k || i >= k + size) }))
          k += size;
    for (let k = 0; k < best.plans.length; )
      if (!attempt({ ...best, plans: best.plans.filter((_, i) => i !== k) })) k++;
    const { spans } = best.calendar;
    const whole = {
      from: spans[0]?.from ?? 0,
      to: spans.at(-1)?.to ?? 0,
      schedule: "scheduled" as const,
    };
    attempt({ ...best, calendar: { ...best.calendar, spans: [whole] } });
    for (let k = 0; k < best.calendar.frames.length; )
      // Hours stay: without any window around its first input the core has no time before it.
      if (best.calendar.frames[k]?.kind === "hour") k++;
      else if (
        !attempt({
          ...best,
          calendar: { ...best.calendar, frames: best.calendar.frames.filter((_, i) => i !== k) },
        })
      )
        k++;
    for (const simpler of models(best)) attempt(simpler);
    for (let k = 0; k < best.cycles.length; k++) cycleSmaller(best, k, attempt);
    const after = JSON.stringify(best, (_, value) =>
      typeof value === "bigint" ? String(value) : value,
    ).length;
    if (after === before) break;
  }
  return best;
}

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
