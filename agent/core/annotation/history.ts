/**
 * What the core must know of the past to judge an annotation: the shell's journal was read before this step, so what
 * the step and its instant have settled since comes on top. Forgets nothing, adds nothing.
 */
import type { AssetState } from "../asset.ts";
import type { Core } from "../core.ts";
import type { Fact, IntervalFact, WindowBody } from "../fact.ts";
import type { History } from "./entered.ts";

/** Begin, kind, shift or contract: what revisions of one window share. */
export const windowKey = ({ kind, contract, from, shift }: WindowBody): string =>
  `${kind} ${contract ?? ""} ${from} ${shift?.id ?? ""}`;

/** The history given, with every own fact of this step and the interval that is still growing; intervals in order. */
export function historyOf(
  core: Core,
  asset: AssetState,
  given: History | undefined,
): Required<History> {
  const { open } = asset.ledger;
  const known: Fact[] = [...core.out, ...core.state.pending, ...(open ? [open] : [])];
  return withFacts(
    given ?? { intervals: [], windows: [] },
    known.filter((fact) => fact.asset === asset.id),
  );
}

/** A history with facts of the same asset that may be in it already. Of a window the latest final revision stays. */
export function withFacts(history: History, facts: readonly Fact[]): Required<History> {
  const intervals = new Map<number, IntervalFact>();
  const windows = new Map<string, WindowBody>();
  const keep = (window: WindowBody): void => {
    const id = windowKey(window);
    if ((windows.get(id)?.revision ?? -1) < window.revision) windows.set(id, window);
  };
  for (const interval of history.intervals) intervals.set(interval.from, interval);
  for (const window of history.windows) keep(window);
  const counts = [...(history.counts ?? [])];
  for (const fact of facts) {
    if (fact.kind === "interval") intervals.set(fact.from, fact);
    if (fact.kind === "count") counts.push(fact);
    if (fact.kind === "record" && fact.class === "window" && fact.body.final) keep(fact.body);
  }
  const inOrder = [...intervals.values()].sort((a, b) => a.from - b.from);
  return { intervals: inOrder, windows: [...windows.values()], counts };
}
