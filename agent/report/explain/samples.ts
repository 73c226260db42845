/**
 * What the machine said around the edges of its intervals: the last cycle before each and the one that showed it, out
 * of the raw log while that is kept. One pass over the segments, whatever the number of edges.
 */
import type { CycleInput, Input } from "../../core/input.ts";
import type { Value } from "../../core/model.ts";
import type { Millis } from "../../core/time.ts";

/** Values of the points asked for, as far as they were known; `failure`: why nothing could be read. */
export interface Seen {
  at: Millis;
  values: Record<string, Value>;
  bad: Record<string, string>;
  failure: string | null;
}

export interface Edge {
  asset: string;
  at: Millis;
  /** Whose cycles can have shown it. */
  source: string;
  points: readonly string[];
}

/** The newest cycle before the edge, and the one at it: none shows a change of schedule, and raw may have neither. */
export interface Around {
  before: Seen | null;
  shown: Seen | null;
}

/** `edges` of an asset in order of time; answers in the order of `edges`. `inputs`: raw, as it entered the core. */
export function samplesAround(edges: readonly Edge[], inputs: Iterable<Input>): Around[] {
  const answers = edges.map((): Around => ({ before: null, shown: null }));
  const queues = new Map<string, number[]>();
  for (const [i, { asset }] of edges.entries())
    queues.set(asset, [...(queues.get(asset) ?? []), i]);
  /** By asset and source. */
  const last = new Map<string, Seen>();
  const lastOf = ({ asset, source, points }: Edge): Seen | null =>
    only(last.get(`${asset} ${source}`) ?? null, points);
  const answer = (i: number, shown: Seen | null): void => {
    const { before } = answers[i] as Around;
    answers[i] = { before: before ?? lastOf(edges[i] as Edge), shown };
  };
  for (const input of inputs) {
    if (input.kind !== "cycle") continue;
    const queue = queues.get(input.asset) ?? [];
    const atOf = (i: number | undefined): Millis => edges[i ?? -1]?.at ?? Number.MAX_SAFE_INTEGER;
    for (; atOf(queue[0]) < input.at; queue.shift()) settle(answers, queue[0] ?? 0, answer);
    const key = `${input.asset} ${input.source}`;
    const seen = seenBy(last.get(key), input);
    const [next] = queue;
    if (next !== undefined && atOf(next) === input.at && edges[next]?.source === input.source)
      answer(next, only(seen, edges[next]?.points ?? []));
    last.set(key, seen);
  }
  for (const i of [...queues.values()].flat()) settle(answers, i, answer);
  return answers;
}

/** No cycle was at the edge: what was known before it stands. */
function settle(
  answers: readonly Around[],
  i: number,
  answer: (i: number, shown: Seen | null) => void,
): void {
  if (answers[i]?.shown === null) answer(i, null);
}

/** A cycle tells what changed; the rest is as it was. */
function seenBy(last: Seen | undefined, { at, values, bad, failure }: CycleInput): Seen {
  if (failure !== null) return { at, values: last?.values ?? {}, bad: {}, failure };
  return { at, values: { ...last?.values, ...values }, bad, failure };
}

function only(seen: Seen | null, points: readonly string[]): Seen | null {
  if (seen === null) return null;
  const own = <T>(map: Record<string, T>): Record<string, T> =>
    Object.fromEntries(Object.entries(map).filter(([id]) => points.includes(id)));
  return { ...seen, values: own(seen.values), bad: own(seen.bad) };
}
