/**
 * The signals of the plant's assets beside their timelines: rows of good values go to the bank, what it finds goes into
 * the present instant and to the incidents. Signals never touch uptime or OEE. What a signal is decides `signal/`.
 */

import type { SignalActInput } from "./annotation/entered.ts";
import type { AssetState } from "./asset.ts";
import { budgetsAtRisk } from "./at-risk.ts";
import { type Core, record, stamp, touch } from "./core.ts";
import { pieceTime } from "./count/piece-time.ts";
import { showSignal } from "./incidents.ts";
import type { CycleInput } from "./input.ts";
import type { AssetPlan, RowPlan } from "./plant.ts";
import { actOn } from "./signal/act.ts";
import { lapse, sense } from "./signal/bank.ts";
import { busSignalId, newBus, senseBus } from "./signal/bus-health.ts";
import type { SignalChange } from "./signal/change.ts";
import type { Context } from "./signal/gate.ts";
import { close, type SignalState } from "./signal/life.ts";
import { type Instant, lastGood } from "./timeline/point.ts";
import { current } from "./timeline/track.ts";

/** A good cycle of the source whose pace the rows keep has been applied. */
export function showRow(
  core: Core,
  asset: AssetState,
  plan: AssetPlan,
  source: string,
  now: Instant,
): void {
  const { row } = plan;
  const { signals: model } = plan.model;
  const { watch } = asset;
  if (!row || !model || !watch || plan.sourceIndex.get(source) !== row.source) return;
  const { condition } = current(asset.track);
  const unseenMs = now.at - (watch.at ?? now.at);
  // What happened in a gap nobody saw, whatever the machine did on both sides of it.
  const isSeen = unseenMs <= (plan.model.sources[row.source]?.holdMs ?? 0);
  if (condition === "producing" && isSeen) watch.runMs += unseenMs;
  watch.at = now.at;
  fill(row, asset, plan, now);
  const context: Context = row.context;
  context.at = now.at;
  context.runMs = watch.runMs;
  context.state = condition;
  context.recipe = asset.recipes.at(-1)?.id ?? "";
  context.observed = condition !== "unknown";
  tell(core, asset, plan, sense(model, watch.bank, row.x, context));
}

/**
 * How a source answers, whatever it says: failing wiring is told apart from a failing machine. Not while somebody works at
 * the machine: plugs are pulled and controls restarted then.
 */
export function showBus(core: Core, asset: AssetState, plan: AssetPlan, input: CycleInput): void {
  const { watch } = asset;
  const { source } = input;
  const model = plan.row?.buses[plan.sourceIndex.get(source) ?? -1];
  if (!model || !watch) return;
  const { now } = core.state;
  const { bank, buses } = watch;
  tell(core, asset, plan, lapse(bank, now));
  if (current(asset.track).condition === "maintenance") return;
  const known = buses[source];
  const bus = known?.points === model.points ? known : newBus(model, (known?.version ?? 0) + 1);
  if (bus !== known) buses[source] = bus;
  tell(core, asset, plan, senseBus(model, bus, bank.signals, input, now));
}

/** After another configuration: signals of channels and lines that are not watched any more are over. */
export function closeGone(core: Core, asset: AssetState, plan: AssetPlan): void {
  const { watch } = asset;
  if (!watch) return;
  const channels = plan.model.signals?.channels.map(({ id }) => id) ?? [];
  const lines = plan.row?.buses ?? [];
  const isGone = ({ id, kind, channel }: SignalState): boolean =>
    kind === "bus"
      ? !lines.some((line) => busSignalId(line) === id)
      : channel !== null && !channels.includes(channel);
  for (const signal of Object.values(watch.bank.signals))
    if (signal.stage === "raised" && isGone(signal))
      tell(core, asset, plan, [close(signal, core.state.now)]);
  for (const source of Object.keys(watch.buses))
    if (!plan.sourceIndex.has(source)) delete watch.buses[source];
}

/** The last value of every channel while it is fresh; NaN where it is not known. */
function fill({ x, points }: RowPlan, asset: AssetState, plan: AssetPlan, now: Instant): void {
  for (const [i, index] of points.entries()) {
    const point = asset.points[index];
    if (point?.counter && asset.watch) {
      x[i] = pieceTime(asset, plan, asset.watch, index, now);
      continue;
    }
    const good = point?.tracking ? lastGood(asset, plan, index) : null;
    const holdMs = plan.model.sources[plan.model.points[index]?.source ?? 0]?.holdMs ?? 0;
    x[i] = good && now.mono - good.mono <= holdMs ? Number(point?.value) : Number.NaN;
  }
}

/** What somebody decided about a signal, or a maintenance. */
export function actOnSignal(core: Core, asset: AssetState, input: SignalActInput): void {
  const plan = core.plan.assets.get(asset.id);
  const model = plan?.model.signals;
  if (!plan || !model || !asset.watch) return;
  const { bank, buses } = asset.watch;
  tell(core, asset, plan, actOn(model, bank, { ...input, at: core.state.now }));
  // A service of the whole machine may have mended its line, too.
  if (input.act !== "maintenance" || input.points !== null) return;
  for (const line of plan.row?.buses ?? []) {
    const known = buses[line.source];
    if (known) buses[line.source] = newBus(line, known.version + 1);
  }
}

function tell(
  core: Core,
  asset: AssetState,
  plan: AssetPlan,
  changes: readonly SignalChange[],
): void {
  for (const change of changes) {
    touch(core, asset);
    const severity = severityFor(change);
    const body = severity ? withBudgets(core, asset, plan, change) : change;
    record(core, { kind: "record", asset: asset.id, ...stamp(core), class: "signal", body });
    if (severity !== undefined)
      showSignal(core, asset, plan, { id: body.id, severity, since: body.since });
  }
}

/** With what is at risk now, which is kept for those who list the signals. */
function withBudgets(
  core: Core,
  { watch }: AssetState,
  plan: AssetPlan,
  change: SignalChange,
): SignalChange {
  const budgetAtRisk = budgetsAtRisk(core, plan);
  const signal = watch?.bank.signals[change.id];
  if (budgetAtRisk.length === 0) {
    delete signal?.budgetAtRisk;
    return change;
  }
  if (signal) signal.budgetAtRisk = budgetAtRisk;
  return { ...change, budgetAtRisk };
}

/** What an incident may be opened for; null: nothing any more; undefined: as before. */
function severityFor({
  status,
  severity,
}: SignalChange): SignalChange["severity"] | null | undefined {
  switch (status) {
    case "raised":
    case "updated":
    case "unshelved":
    case "resumed":
      return severity;
    case "cleared":
      return null;
    // Not to be heard is no restoration: the clocks of an incident run on.
    case "acknowledged":
    case "shelved":
    case "suppressed":
      return undefined;
  }
}
