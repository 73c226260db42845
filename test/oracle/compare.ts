/** Runs the core over a question and lists where it differs from the oracle, field by field. */
import { advance, finish } from "../../agent/core/advance.ts";
import { newCore } from "../../agent/core/core.ts";
import type { Fact, WindowBody } from "../../agent/core/fact.ts";
import type { Input } from "../../agent/core/input.ts";
import { measure } from "../../agent/core/window/measure.ts";
import type { Pieces } from "../../agent/core/window/sums.ts";
import { TAIL } from "./features.ts";
import { type Answer, answers, type Question } from "./oracle.ts";
import { derive } from "./ratios.ts";

export interface Difference {
  window: string;
  field: string;
  expected: unknown;
  actual: unknown;
}

/** Every window the core made, in order. */
export function windowsOf(question: Question): WindowBody[] {
  const { asset, calendar, cycles, plans, starts, end } = question;
  const core = newCore();
  const facts: Fact[] = [];
  const at = calendar.at;
  const model = {
    agent: "gw",
    zone: "UTC",
    clockSource: "ntp" as const,
    root: ROOT,
    assets: [asset],
  };
  const timed: Input[] = [...plans, ...cycles, ...starts].sort((a, b) => a.at - b.at);
  const inputs: Input[] = [
    calendar,
    { kind: "config", at, hash: "sha256:t", model },
    ...timed,
    { kind: "tick", at: end },
  ];
  for (const input of inputs) facts.push(...advance(core, structuredClone(input)));
  facts.push(...finish(core));
  return facts.flatMap((fact) =>
    fact.kind === "record" && fact.class === "window" ? [fact.body] : [],
  );
}

const ROOT = { namespace: "u", enterprise: "e", site: "s" };
const sum = (map: Record<string, number> | Pieces): number =>
  Object.values(map).reduce((a, b) => a + b, 0);

/** `asked`: what the oracle is asked, if not the same. */
export function differences(question: Question, asked: Question = question): Difference[] {
  const found: Difference[] = [];
  const windows = windowsOf(question);
  for (const body of windows)
    for (const field of ["conditionMs", "scheduleMs", "attributionMs"] as const)
      if (sum(body.sums[field]) !== body.to - body.from)
        found.push({
          window: name(body),
          field: `Σ ${field}`,
          expected: body.to - body.from,
          actual: sum(body.sums[field]),
        });
  const finals = new Map(
    windows.filter((body) => body.revision === 1).map((body) => [name(body), body]),
  );
  for (const answer of answers(asked)) {
    if (answer.frame.to > question.end - TAIL) continue;
    const key = name({ ...answer.frame, revision: 1 });
    const body = finals.get(key);
    if (!body) found.push({ window: key, field: "exists", expected: true, actual: false });
    else compare(key, expected(question, answer), actual(body), found);
    finals.delete(key);
  }
  for (const body of finals.values())
    if (body.to <= question.end - TAIL)
      found.push({ window: name(body), field: "exists", expected: false, actual: true });
  return found;
}

const name = (body: { kind: string; from: number; revision: number }): string =>
  `${body.kind} ${new Date(body.from).toISOString()} ${body.revision}`;

function compare(window: string, want: object, have: object, found: Difference[]): void {
  const read = have as Record<string, unknown>;
  for (const [field, expected] of Object.entries(want)) {
    const actual = read[field];
    if (stable(expected) !== stable(actual)) found.push({ window, field, expected, actual });
  }
}

const stable = (value: unknown): string =>
  JSON.stringify(value, (_, inner) =>
    inner && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner as object).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  ) ?? "undefined";

function expected(question: Question, answer: Answer): object {
  const { frame, producingMs, missing, unbridged, flags, ...sums } = answer;
  return { ...sums, ...derive(question.asset, answer) };
}

function actual(body: WindowBody): object {
  const { sums } = body;
  const { counts, oee, uptime, coverage, flags } = measure(sums);
  const { recovered, ...counted } = counts;
  const recipes = Object.entries(sums.recipes)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, row]) => row)
    .filter((row) => row.producingMs + sum(row.recovered) + row.total + row.good + row.reject > 0);
  return {
    ...sums,
    recipes,
    ...oee,
    counts: counted,
    recovered,
    uptime: uptime.value,
    uptimeMin: uptime.min,
    uptimeMax: uptime.max,
    coverage: coverage.value,
    flags: [...flags].sort(),
  };
}
