/** An acceptance run for people: the live line, the outcome of a step, a record in a list. Pure. */
import { ageText } from "../commission/watch-text.ts";
import { conditionText } from "./judge.ts";
import type { AcceptedStep, SealedAcceptance } from "./record.ts";
import type { Sight } from "./sight.ts";
import type { Counter } from "./subject.ts";
import type { Trial } from "./trial.ts";

/** Condition, counters with what they moved in this step, and how old the oldest value is that should be fresh. */
export function liveLine({ last, base, sights }: Trial, counters: readonly Counter[]): string {
  const first = base ?? sights[0] ?? last;
  const counts = counters.map(({ role, id }) => {
    const [from, to] = [valueIn(first, id), valueIn(last, id)];
    const moved = typeof from === "number" && typeof to === "number" ? ` (+${to - from})` : "";
    return `${role} ${to ?? "-"}${moved}`;
  });
  return [conditionText(last), ...counts, ageOf(last)].join("  ");
}

const valueIn = ({ points }: Sight, id: string): unknown =>
  points.find((point) => point.id === id)?.value ?? null;

function ageOf({ at, points }: Sight): string {
  const ages = points.flatMap(({ goodAt }) => (goodAt === null ? [] : [at - goodAt]));
  return ages.length === 0 ? "no value yet" : ageText(Math.max(0, ...ages));
}

export function outcomeLine({ id, result, seen, expected }: AcceptedStep): string {
  const wanted = result === "fail" ? `; expected ${expected}` : "";
  return `${result.padEnd(7)}  ${id}: ${seen}${wanted}`;
}

/** `12 passed, 1 skipped`. */
export function sumLine({ asset, result, steps }: SealedAcceptance): string {
  const counted = (["pass", "fail", "skipped"] as const).flatMap((each) => {
    const n = steps.filter((step) => step.result === each).length;
    return n === 0 ? [] : [`${n} ${{ pass: "passed", fail: "failed", skipped: "skipped" }[each]}`];
  });
  return `${asset}: ${result}; ${counted.join(", ")}`;
}

/** `isSame`: the register map is that of today; null where the machine is not configured any more. */
export function keptLine(record: SealedAcceptance, isSame: boolean | null): string {
  const { time, by, customer } = record;
  const map =
    isSame === null
      ? "not configured any more"
      : isSame
        ? "register map as today"
        : "another register map";
  const witness = customer === null ? "" : ` for ${customer}`;
  return `${time}  ${sumLine(record)}  by ${by}${witness}  ${map}`;
}
