/**
 * Oracle, step 3: the condition after every cycle. Accounting rules 2 and 3: the walk through the rules, time that
 * turns `unknown` because a needed point was not read again in time, and `for`.
 */
import type { UnknownCause } from "../../agent/core/vocabulary.ts";
import { causeOfReason } from "./cause.ts";
import { READINGS } from "./readings.ts";
import { goodAt, ranOut, truth, type World, wanting } from "./truth.ts";

/** What one cycle says. `blind`: nobody knows; `none`: all rules false. */
export type Verdict =
  | { is: "rule"; rule: number }
  | { is: "none" }
  | { is: "blind"; cause: UnknownCause };

const NOTHING_YET: Verdict = { is: "blind", cause: "agent-stopped" };

/**
 * The walk at cycle `i` for the span until the next cycle. A point whose sample ran out of its hold before another
 * came is undecided from that sample on, the cycle of the sample included ("from that point's last good cycle").
 */
function walk(world: World, i: number): Verdict {
  const limits = world.asset.points.map((_, point) => ranOut(world, point, i));
  const blind = (point: number): boolean => limits[point] !== null;
  for (const [rule, { when }] of world.asset.rules.entries()) {
    const verdict = when === null ? true : truth(world, when, i, blind);
    if (verdict === true) return { is: "rule", rule };
    if (verdict === null && when) {
      const lost = wanting(world, when, i, blind);
      return { is: "blind", cause: newest(world, lost, limits, i) };
    }
  }
  return { is: "none" };
}

/**
 * The newest failure of the points since they were last good: as known when the sample ran out, or at the cycle
 * where that is later. A point without any failure fell silent when its sample ran out.
 */
function newest(
  world: World,
  points: number[],
  limits: (number | null)[],
  i: number,
): UnknownCause {
  let found: { at: number; cause: UnknownCause } | null = null;
  for (const point of points) {
    const limit = limits[point] as number;
    const known = Math.max(limit, world.at[i] as number);
    const since = goodAt(world, point, i).last?.i ?? -1;
    const failure = (world.points[point]?.bad ?? [])
      .filter(
        (bad) =>
          bad.i > since && (bad.at < known || (bad.at === known && bad.i <= i) || bad.at <= limit),
      )
      .at(-1);
    const own = failure
      ? { at: failure.at, cause: causeOfReason(failure.reason) }
      : { at: limit, cause: "device-silent" as const };
    if (!found || (READINGS.causeOfNewestFailure && own.at > found.at)) found = own;
  }
  return found?.cause ?? "device-silent";
}

/** The verdict of every cycle: streaks of a rule that are too short for its `for` leave what was before. */
export function verdicts(world: World): Verdict[] {
  const gaps = new Map(world.gaps.map((gap) => [gap.i, gap.cause]));
  const seen = world.at.map((_, i): Verdict => {
    const cause = gaps.get(i);
    return cause ? { is: "blind", cause } : walk(world, i);
  });
  const final: Verdict[] = [];
  for (let i = 0; i < seen.length; ) {
    const own = seen[i] as Verdict;
    let next = i + 1;
    while (own.is === "rule" && sameRule(seen[next], own.rule)) next++;
    const held = lasts(world, own, i, next) ? own : (final.at(-1) ?? NOTHING_YET);
    for (; i < next; i++) final.push(held);
  }
  return final.map(afterStarts(gaps));
}

/** Whether the streak `[i, next)` is long enough to count. */
function lasts(world: World, verdict: Verdict, i: number, next: number): boolean {
  if (verdict.is !== "rule") return true;
  const last = READINGS.dwellNeedsSample ? world.at[next - 1] : world.at[next];
  const length = (last ?? world.end) - (world.at[i] as number);
  return length >= (world.asset.rules[verdict.rule]?.forMs ?? 0);
}

/** After a start the cause stays that of the stop until the first decided verdict (rule 4). */
function afterStarts(gaps: Map<number, UnknownCause>): (verdict: Verdict, i: number) => Verdict {
  let cause: UnknownCause | null = null;
  return (verdict, i) => {
    cause = gaps.get(i) ?? (verdict.is === "blind" ? cause : null);
    return cause ? { is: "blind", cause } : verdict;
  };
}

const sameRule = (verdict: Verdict | undefined, rule: number): boolean =>
  verdict?.is === "rule" && verdict.rule === rule;
