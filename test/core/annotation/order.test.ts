/**
 * Late knowledge against the books (accounting rule 7): whatever is said later, in whatever order, the final numbers are
 * those of one accounting from the beginning, every axis sums up, and nothing depends on when the agent was restarted.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Note } from "../../../agent/core/annotation/entered.ts";
import { annotate, annotateCounts } from "../../../agent/core/annotation/note.ts";
import { canonicalJson } from "../../../agent/core/canonical.ts";
import { bookCount, bookInterval } from "../../../agent/core/contract/fold.ts";
import { type ContractState, newContract, openPeriod } from "../../../agent/core/contract/state.ts";
import type { CountFact, IntervalFact, RecordFact, WindowBody } from "../../../agent/core/fact.ts";
import type { Input } from "../../../agent/core/input.ts";
import { recount } from "../../../agent/core/window/recount.ts";
import type { RecipeSums, WindowSums } from "../../../agent/core/window/sums.ts";
import { memoryJournal } from "../../../agent/replay/journal.ts";
import { toTaggedJson } from "../../../agent/store/tagged-json.ts";
import { CONTRACT, contractedInputs, type Entry, entered, entry } from "../../support/annotated.ts";
import { type Played, play, revived } from "../../support/play.ts";
import { HOUR } from "../../support/story.ts";
import { type Act, acts, steadyActs } from "../../support/tale.ts";

/** `npm run reliability` asks for many. */
const TALES = Number(process.env["RELIABILITY_TALES"] ?? 8);
const LONG = { timeout: 20_000 + TALES * 4000 };
const RUNS = { numRuns: TALES, endOnFailure: true };
const entries = fc.array(entry, { minLength: 1, maxLength: 6 });

const without = (told: Act[], ...kinds: Act["act"][]): Act[] =>
  told.filter(({ act }) => !kinds.includes(act));

const keyOf = ({ kind, contract, from, shift }: WindowBody): string =>
  `${kind} ${contract ?? ""} ${from} ${shift?.id ?? ""}`;

/** The latest revision of each window that is final. */
function latest({ records }: Played): Map<string, WindowBody> {
  const bodies = new Map<string, WindowBody>();
  for (const { class: kind, body, asset } of records)
    if (kind === "window" && body.final) bodies.set(`${asset} ${keyOf(body)}`, body);
  return bodies;
}

/** As they are published: a recipe without pieces and time is none. */
function published({ recipes, ...sums }: WindowSums): string {
  const isBlank = ({ producingMs, total, good, reject, recovered }: RecipeSums): boolean =>
    [producingMs, total, good, reject, ...Object.values(recovered)].every((each) => each === 0);
  const rows = Object.entries(recipes).filter(([, row]) => !isBlank(row));
  return canonicalJson({ ...sums, recipes: Object.fromEntries(rows) });
}

/** Without revision, time and author. */
function finalNumbers(played: Played): Record<string, string> {
  const numbers: Record<string, string> = {};
  for (const [key, { sums }] of latest(played)) numbers[key] = published(sums);
  for (const { class: kind, body } of played.records)
    if (kind === "contract" && body.final) {
      const { at: _at, revision: _revision, supersedes: _supersedes, ...rest } = body;
      numbers["verdict"] = canonicalJson(rest);
    }
  return numbers;
}

const endOf = (inputs: Input[]): number => inputs.at(-1)?.at ?? 0;

/** Each list in its own order, all of them merged as the draws say. */
function merged(lists: Input[][], draws: number[]): Input[] {
  const left = lists.map((list) => [...list]).filter((list) => list.length > 0);
  const inputs: Input[] = [];
  for (let i = 0; left.length > 0; i++) {
    const at = (draws[i % draws.length] ?? 0) % left.length;
    const next = left[at]?.shift();
    if (next) inputs.push(next);
    if (left[at]?.length === 0) left.splice(at, 1);
  }
  return inputs;
}

const draws = fc.array(fc.nat(), { minLength: 1, maxLength: 12 });

describe("the order of late annotations", LONG, () => {
  test("of one instant never matters, proposals and answers included", () => {
    fc.assert(
      fc.property(steadyActs, entries, draws, draws, (told, said, one, other) => {
        const inputs = contractedInputs(without(told, "config"), true);
        const at = endOf(inputs) + 1;
        const lists = said.map((each, i) => entered(each, `a-${i}`, at));
        const end: Input = { kind: "tick", at: at + 60_000 };
        const run = (order: number[]): Record<string, string> =>
          finalNumbers(play([...inputs, ...merged(lists, order), end]));
        expect(run(other)).toEqual(run(one));
      }),
      RUNS,
    );
  });

  test("about different spans never matters", () => {
    fc.assert(
      fc.property(steadyActs, entries, draws, (told, said, order) => {
        const inputs = contractedInputs(without(told, "config"), true);
        const at = endOf(inputs) + 1;
        const apart = said.map(
          (each, i): Entry => ({ ...each, from: 45 * i, minutes: 1 + (each.minutes % 45) }),
        );
        const lists = apart.map((each, i) => entered(each, `a-${i}`, at));
        const timed = (all: Input[]): Input[] =>
          all.map((each, i) => ({ ...each, at: at + i * 1000 }));
        const end: Input = { kind: "tick", at: at + 60_000 };
        const run = (said: Input[]): Record<string, string> =>
          finalNumbers(play([...inputs, ...timed(said), end]));
        expect(run(merged(lists, order))).toEqual(run(lists.flat()));
      }),
      RUNS,
    );
  });
});

const sum = (of: Record<string, number>): number => Object.values(of).reduce((a, b) => a + b, 0);
const AXES = ["conditionMs", "scheduleMs", "attributionMs"] as const;

/** The timeline with what is said of it while it runs and afterwards. */
function chained(life: Act[], said: Entry[]): Input[] {
  const inputs = contractedInputs(life, true);
  const at = endOf(inputs) + 1;
  return [
    ...inputs,
    ...said.flatMap((each, i) => entered(each, `a-${i}`, at + i * 1000)),
    { kind: "tick", at: at + 60_000 },
  ];
}

/** The latest windows of one kind of one machine. */
const windowsOf = (played: Played, asset: string, kind: string): WindowBody[] =>
  [...latest(played)]
    .filter(([key, body]) => key.startsWith(`${asset} `) && body.kind === kind)
    .map(([, body]) => body);

/** Days whose hours are all there, with what those add up to. */
function days(
  played: Played,
  asset: string,
): { day: WindowBody; hours: Record<string, number>[] }[] {
  return windowsOf(played, asset, "day").flatMap((day) => {
    const hours = windowsOf(played, asset, "hour").filter(
      ({ from, to }) => from >= day.from && to <= day.to,
    );
    if (hours.length < (day.to - day.from) / HOUR) return [];
    const added = AXES.map((axis) => {
      const words = Object.keys(day.sums[axis]) as never[];
      return Object.fromEntries(
        words.map((word) => [word, hours.reduce((ms, { sums }) => ms + sums[axis][word], 0)]),
      );
    });
    return [{ day, hours: added }];
  });
}

/** What the journal holds says of a window, under the annotations that hold. */
function fromJournal({ facts, core }: Played, id: string, body: WindowBody): WindowSums {
  const journal = memoryJournal();
  journal.keep(facts);
  const { microStopMs } = core.plan.assets.get(id)!.model;
  const reach = body.to + microStopMs;
  const { intervals } = journal.history(id, { from: body.from, to: reach + 1 });
  const { counts = [] } = journal.history(id, body);
  const known = intervals.filter(({ from }) => from <= reach);
  return recount(body.sums, body, known, counts, core.byId.get(id)!.notes, microStopMs);
}

/** A contract that looks at the journal for the first time, under the annotations that hold. */
function contractAnew({ facts, core }: Played, inputs: Input[]): ContractState {
  const anew = newContract(CONTRACT);
  for (const input of inputs) if (input.kind === "period") openPeriod(CONTRACT, anew, input);
  for (const fact of facts)
    if (fact.kind === "interval" || fact.kind === "count")
      bookAnew(anew, fact, core.byId.get(fact.asset)?.notes ?? []);
  return anew;
}

function bookAnew(state: ContractState, fact: IntervalFact | CountFact, notes: Note[]): void {
  if (fact.kind === "count")
    for (const count of annotateCounts([fact], notes)) bookCount(CONTRACT, state, count);
  else for (const piece of annotate([fact], notes)) bookInterval(CONTRACT, state, piece);
}

const tallies = ({ periods }: ContractState) => periods.map((period) => period.tallies);
/** The axes of a window that do not sum up to its length. */
const uneven = ({ class: kind, body }: RecordFact): unknown[] =>
  kind === "window" ? AXES.filter((axis) => sum(body.sums[axis]) !== body.to - body.from) : [];

const noScrap = (said: Entry[]): Entry[] => said.filter(({ what }) => what.say !== "scrap");

describe("any chain of annotations", LONG, () => {
  test("keeps every axis of every revision the length of its window, and hours sum to their day", () => {
    fc.assert(
      fc.property(acts, entries, (life, said) => {
        const played = play(chained(life, said));
        expect(played.records.flatMap(uneven)).toEqual([]);
        for (const asset of ["press-01", "saw-02"])
          for (const { day, hours } of days(played, asset))
            expect(hours).toEqual(AXES.map((axis) => day.sums[axis]));
      }),
      RUNS,
    );
  });

  test("amends to what the journal says under the annotations that hold", () => {
    fc.assert(
      fc.property(steadyActs, entries, (life, said) => {
        const played = play(chained(without(life, "scrap", "config"), noScrap(said)));
        for (const [key, body] of latest(played)) {
          const made = fromJournal(played, key.split(" ")[0] ?? "", body);
          expect(published(made), key).toBe(published(body.sums));
        }
      }),
      RUNS,
    );
  });

  test("leaves the sums of a contract as an accounting from the beginning gives them", () => {
    fc.assert(
      fc.property(steadyActs, entries, (life, said) => {
        const inputs = chained(without(life, "scrap", "config"), noScrap(said));
        const played = play(inputs);
        const known = played.core.state.contracts[0]!.state;
        expect(tallies(known)).toEqual(tallies(contractAnew(played, inputs)));
      }),
      RUNS,
    );
  });
});

describe("incidents, contracts and annotations", LONG, () => {
  test("come out of a restart at any point unchanged", () => {
    fc.assert(
      fc.property(acts, entries, fc.integer({ min: 1, max: 300 }), (told, said, every) => {
        const inputs = chained(told, said);
        const plain = play(inputs);
        const cut = play(inputs, (i, core) => (i % every === every - 1 ? revived(core) : core));
        expect(cut.messages).toEqual(plain.messages);
        expect(toTaggedJson(cut.core.state)).toBe(toTaggedJson(plain.core.state));
      }),
      { numRuns: Math.ceil(TALES / 4), endOnFailure: true },
    );
  });
});
