/** Random cycles of one source: values that persist, bursts of failures, single bad points, slots without a poll. */
import type { CycleInput } from "../../agent/core/input.ts";
import type { AssetModel, CounterModel, PointModel, Value } from "../../agent/core/model.ts";
import { REASONS } from "./cause.ts";
import type { Dice } from "./dice.ts";
import { type Features, T0 } from "./features.ts";

interface Habits {
  /** Chance that a slot begins a burst of failures. */
  trouble: number;
  /** Chance that a value stays. */
  calm: number;
  /** Cycles exactly on their slot, so that sources meet in one instant. */
  exact: boolean;
}

export function cyclesOf(
  d: Dice,
  asset: AssetModel,
  source: number,
  length: number,
  features: Features,
): CycleInput[] {
  const { id, pollMs } = asset.sources[source] as AssetModel["sources"][number];
  const own = asset.points.filter((point) => point.source === source);
  const trouble = features.failures ? d.pick([0, 0.02, 0.1]) : 0;
  const habits: Habits = {
    trouble,
    calm: d.unit() * 0.9,
    exact: !features.moving && d.chance(0.3),
  };
  const slots: number[] = [];
  for (let at = T0 + d.int(0, 20) * 1000; at < T0 + length; at += pollMs) slots.push(at);
  const failures = bursts(d, slots.length, trouble);
  const cycles: CycleInput[] = [];
  const values: Record<string, Value> = {};
  let last = T0;
  for (const [k, slot] of slots.entries()) {
    const failure = failures[k] ?? null;
    if (failure === "SKIP") continue;
    const at = slot + (habits.exact ? 0 : d.int(0, 200));
    const empty = { kind: "cycle" as const, at, asset: asset.id, source: id, values: {}, bad: {} };
    if (failure !== null) cycles.push({ ...empty, failure });
    else if (d.chance(trouble / 5)) cycles.push(loneBad(d, own, { ...empty, failure }));
    else {
      change(d, own, values, at - last, habits);
      cycles.push({ ...empty, failure, ...told(d, own, values, cycles.length === 0, habits) });
      last = at;
    }
  }
  return cycles;
}

/** A reason for each slot that fails, "SKIP" for one that is not polled, null for the rest. */
function bursts(d: Dice, n: number, trouble: number): (string | null)[] {
  const failures: (string | null)[] = [];
  while (failures.length < n) {
    if (!d.chance(trouble)) {
      failures.push(null);
      continue;
    }
    let reason = d.pick([...REASONS, "SKIP", "SKIP"]);
    for (let left = d.int(1, 9); left > 0; left--) {
      failures.push(reason);
      if (reason !== "SKIP" && d.chance(0.1)) reason = d.pick(REASONS);
    }
  }
  return failures;
}

const BAD = ["MODBUS_EXCEPTION_2", "VALUE_INVALID", "MODBUS_TIMEOUT"];

function loneBad(d: Dice, own: PointModel[], cycle: CycleInput): CycleInput {
  return own.length > 0 ? { ...cycle, bad: { [d.pick(own).id]: d.pick(BAD) }, lone: true } : cycle;
}

/** What the machine did since the last good cycle. */
function change(
  d: Dice,
  own: PointModel[],
  values: Record<string, Value>,
  dt: number,
  { trouble, calm }: Habits,
): void {
  for (const { id, counter } of own) {
    const before = values[id];
    if (counter) values[id] = counterValue(d, counter, before, dt, trouble > 0);
    else if (before === undefined || !d.chance(calm)) values[id] = pointValue(d, id);
  }
}

/** What a good cycle says of it. */
function told(
  d: Dice,
  own: PointModel[],
  values: Record<string, Value>,
  first: boolean,
  { trouble }: Habits,
): Pick<CycleInput, "values" | "bad"> {
  const said: Pick<CycleInput, "values" | "bad"> = { values: {}, bad: {} };
  for (const { id } of own) {
    if (d.chance(trouble / 2)) said.bad[id] = d.pick(BAD);
    else if (first || !d.chance(0.1)) said.values[id] = values[id] as Value;
  }
  return said;
}

const pointValue = (d: Dice, id: string): Value =>
  id === "load" ? d.int(0, 20) : id === "guard" ? d.chance(0.7) : d.int(0, 6);

function counterValue(
  d: Dice,
  model: CounterModel,
  before: Value | undefined,
  dt: number,
  wild: boolean,
): number {
  const modulus = Number(model.modulus);
  if (before === undefined)
    return d.chance(0.3) ? modulus - d.int(1, 50) : d.int(0, Math.min(5000, modulus - 1));
  const most = Math.floor((model.maxRate.count * dt) / model.maxRate.perMs);
  const now = before as number;
  if (wild && d.chance(0.03)) return d.int(0, Math.min(most, modulus - 1));
  if (wild && d.chance(0.03)) return Math.max(0, now - d.int(1, 5));
  if (wild && d.chance(0.03)) return d.int(0, modulus - 1);
  return d.chance(0.3) ? now : (now + d.int(0, most)) % modulus;
}
