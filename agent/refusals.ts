/** How often a value was not believed, by point and reason, since this start. Counts; judges nothing. */
import type { Core } from "./core/core.ts";
import type { CycleInput } from "./core/input.ts";

export interface Refusal {
  asset: string;
  /** Null: the whole source. */
  point: string | null;
  source: string | null;
  reason: string;
  n: number;
}

export interface Refusals {
  /** Books what the driver refused. */
  book(cycle: CycleInput): void;
  /** Most frequent first; what the core refused included. */
  list(): Refusal[];
}

type Count = Omit<Refusal, "n">;

/** What the core has refused so far is counted from here on. */
export function countRefusals(core: Core): Refusals {
  const booked = new Map<string, Refusal>();
  const add = (to: Map<string, Refusal>, count: Count, n: number): void => {
    const key = `${count.asset} ${count.source ?? ""} ${count.point ?? ""} ${count.reason}`;
    const known = to.get(key);
    if (known) known.n += n;
    else to.set(key, { ...count, n });
  };
  const judged = (sign: 1 | -1, to: Map<string, Refusal>): void => {
    for (const { id: asset, points } of core.state.assets) {
      const model = core.plan.assets.get(asset)?.model;
      for (const [i, { scrutiny }] of points.entries()) {
        const point = model?.points[i]?.id ?? null;
        for (const [reason, n] of Object.entries(scrutiny?.refused ?? {}))
          add(to, { asset, point, source: null, reason }, sign * n);
      }
    }
  };
  judged(-1, booked);
  return {
    book({ asset, source, failure, bad }) {
      if (failure !== null) add(booked, { asset, point: null, source, reason: failure }, 1);
      else
        for (const point in bad) add(booked, { asset, point, source, reason: bad[point] ?? "" }, 1);
    },
    list() {
      const all = new Map([...booked].map(([key, refusal]) => [key, { ...refusal }]));
      judged(1, all);
      return [...all.values()].filter(({ n }) => n > 0).sort((a, b) => b.n - a.n);
    },
  };
}
