/** What a replay remembers of its own output, so that annotations can be judged: the in-memory twin of the store's journal. */
import type { Fact, IntervalFact, WindowBody } from "../core/fact.ts";
import type { CountsInput, History, ReasonInput } from "../core/input.ts";
import type { Millis } from "../core/time.ts";

interface AssetJournal {
  intervals: IntervalFact[];
  /** Latest revision of each final window, by kind, begin and shift. */
  windows: Map<string, WindowBody>;
  reasons: ReasonInput[];
}

export interface Journal {
  keep(facts: Fact[]): void;
  /** What the core must know to judge an annotation. */
  history(input: ReasonInput | CountsInput): History;
}

export function memoryJournal(): Journal {
  const assets = new Map<string, AssetJournal>();
  const of = (id: string): AssetJournal => {
    const known = assets.get(id) ?? { intervals: [], windows: new Map(), reasons: [] };
    assets.set(id, known);
    return known;
  };
  return {
    keep(facts) {
      for (const fact of facts) {
        if (fact.kind === "interval") of(fact.asset).intervals.push(fact);
        if (fact.kind !== "record" || fact.class !== "window" || !fact.body.final) continue;
        const { kind, from, shift } = fact.body;
        of(fact.asset ?? "").windows.set(`${kind} ${from} ${shift?.id ?? ""}`, fact.body);
      }
    },
    history(input) {
      const journal = of(input.asset);
      const windows = [...journal.windows.values()].filter((window) => concerns(window, input));
      const history = { intervals: journal.intervals, windows, reasons: [...journal.reasons] };
      if (input.kind === "reason") journal.reasons.push(input);
      return history;
    },
  };
}

/** Final windows an annotation may revise: those it overlaps; late scrap concerns those around its window's begin. */
function concerns(window: WindowBody, input: ReasonInput | CountsInput): boolean {
  const to: Millis = input.kind === "reason" ? input.to : input.from + 1;
  return window.from < to && input.from < window.to;
}
