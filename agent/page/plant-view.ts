/** The page's view of a running core: machines with their day so far, incidents, signals, standing. Changes nothing. */
import { incidentsOf, signalsOf } from "../acts/plant-facts.ts";
import type { AssetState } from "../core/asset.ts";
import type { OutcomeStanding, StandingBody } from "../core/contract/body.ts";
import type { Core } from "../core/core.ts";
import type { Millis } from "../core/time.ts";
import { soFar } from "../core/window/ledger.ts";
import { measure } from "../core/window/measure.ts";
import type { MachineView, PageView, StandingView } from "./view.ts";
import { clockText, dateText, lengthText } from "./words.ts";

/** What the core does not know of the gateway. */
export type Surroundings = Pick<PageView, "site" | "broker" | "outbox" | "trouble">;

/** `now`: the axis. */
export function pageView(core: Core, now: Millis, surroundings: Surroundings): PageView {
  const { agent, zone } = core.plan.model;
  return {
    ...surroundings,
    gateway: agent,
    zone,
    now,
    clock: core.state.quality,
    machines: [...core.byId.values()].map((asset) => machineOf(core, asset)),
    incidents: incidentsOf(core, now).filter(({ open }) => open),
    signals: signalsOf(core),
    standing: core.state.contracts.flatMap(({ told }) =>
      told === null ? [] : told.outcomes.map((each) => standingOf(told, each, now, zone)),
    ),
  };
}

function machineOf(core: Core, { id, told, ledger }: AssetState): MachineView {
  const day = ledger.windows.filter(({ kind }) => kind === "day").at(-1);
  return {
    id,
    name: core.plan.assets.get(id)?.model.name ?? id,
    condition: told?.condition ?? "unknown",
    cause: told?.cause ?? null,
    reason: told?.reason ?? null,
    since: told?.since ?? null,
    schedule: told?.schedule ?? null,
    today: day ? todayOf(measure(soFar(ledger, day))) : null,
  };
}

/** Of what has settled of the day; the last minutes are not in it yet. */
function todayOf({ uptime, oee, coverage }: ReturnType<typeof measure>): MachineView["today"] {
  const { value, min, max } = uptime;
  return {
    uptime: { value, min, max },
    oee: { value: oee.oee, min: oee.oeeMin, max: oee.oeeMax },
    coverage: coverage.value,
  };
}

/** Of outcomes that are no shares. */
const UNITS: Partial<Record<OutcomeStanding["metric"], string>> = {
  throughput: "pieces/h",
  "good-pieces": "pieces",
  "run-hours": "h",
};

function standingOf(
  { contract, from }: StandingBody,
  outcome: OutcomeStanding,
  now: Millis,
  zone: string,
): StandingView {
  const { metric, severity, verdict, value, min, max, target, minimum } = outcome;
  return {
    contract: `${contract} since ${dateText(from, zone)}`,
    outcome: severity === null ? metric : `${metric} ${severity}`,
    unit: UNITS[metric] ?? null,
    so: { value, min, max },
    ...{ verdict, target, minimum },
    text: budgetText(outcome, now, zone),
  };
}

function budgetText(
  { budget, earliestBreach }: OutcomeStanding,
  now: Millis,
  zone: string,
): string | null {
  const parts: string[] = [];
  if (budget) {
    const { allowedMs, spentMs, pendingMs, leftMs } = budget;
    parts.push(`${lengthText(spentMs)} of ${lengthText(allowedMs)} downtime spent`);
    if (pendingMs > 0) parts.push(`${lengthText(pendingMs)} pending`);
    parts.push(leftMs > 0 ? `${lengthText(leftMs)} left` : "nothing left");
  }
  if (earliestBreach !== null)
    parts.push(`can be missed from ${clockText(earliestBreach, now, zone)} on`);
  return parts.length === 0 ? null : parts.join(", ");
}
