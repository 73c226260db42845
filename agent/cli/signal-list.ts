/** `signals list`: what is raised and what is watched. Asks the running agent; without one, the store it left. */
import { type Found, findingText, standsAs } from "../acts/finding.ts";
import { channelsOf, signalsOf } from "../acts/plant-facts.ts";
import type { ChannelView, SignalView } from "../acts/port.ts";
import { nameOf } from "../acts/subject.ts";
import { askAgent } from "../control.ts";
import type { BudgetAtRisk } from "../core/signal/change.ts";
import { loadPlant } from "../plant.ts";
import { iso } from "../record/iso.ts";
import { storePaths } from "../storage.ts";
import { openReader } from "../store/read.ts";
import { type ActOptions, patienceOf } from "./act.ts";
import { coreIn, toldOf } from "./kept-incidents.ts";
import { EXIT, print, say } from "./output.ts";

interface Known {
  signals: readonly SignalView[];
  channels: readonly ChannelView[];
}

/** 0; also where there is none. Throws `STORE_UNWRITABLE` where neither agent nor store is there. */
export async function listSignals(options: ActOptions): Promise<number> {
  const { socket, database } = storePaths(loadPlant(options.config));
  const answer = await askAgent(socket, { ask: "signals" }, patienceOf(options));
  if (answer === null) say("no agent runs: this is what the store holds");
  const known = answer === null ? keptSignals(database) : (answer as Known);
  const isMeant = ({ asset }: { asset: string }): boolean =>
    options["asset"] === undefined || asset === options["asset"];
  const signals = known.signals.filter(isMeant);
  const channels = known.channels.filter(isMeant);
  if (options.json) print(JSON.stringify({ running: answer !== null, signals, channels }));
  else for (const line of linesOf({ signals, channels })) print(line);
  return EXIT.done;
}

/** What this needs of a signal record. */
interface Told {
  time: string;
  asset: string;
  signal: Omit<Found, "channel" | "budgetAtRisk"> & {
    id: string;
    status: string;
    severity: string;
    point: string | null;
    since: string;
    acknowledged: object | null;
    shelvedUntil: string | null;
    budgetAtRisk?: (Omit<BudgetAtRisk, "to"> & { to: string })[];
  };
}

/** Signals of the last snapshot, and what newer records say of them; channels as of the snapshot. */
function keptSignals(path: string): Known {
  const reader = openReader(path);
  try {
    const core = coreIn(reader.snapshot());
    const known = new Map(core && signalsOf(core).map((each) => [nameOf(each), each]));
    for (const told of toldOf<Told>(reader, "signal")) {
      if (Date.parse(told.time) <= (core?.state.now ?? 0)) continue;
      const view = viewOf(told);
      if (told.signal.status === "cleared") known.delete(nameOf(view));
      else known.set(nameOf(view), view);
    }
    const signals = [...known.values()].sort((a, b) => b.since - a.since);
    return { signals, channels: core ? channelsOf(core) : [] };
  } finally {
    reader.close();
  }
}

function viewOf({ asset, signal }: Told): SignalView {
  const { id, severity, since, point, status, evidence, budgetAtRisk } = signal;
  const isSuppressed = status === "suppressed" || evidence.upstream !== undefined;
  const state = standsAs({ ...signal, isSuppressed });
  const text = findingText({ ...signal, channel: point });
  const budgets = budgetAtRisk?.map((each) => ({ ...each, to: Date.parse(each.to) }));
  const view = { id, asset, state, severity, since: Date.parse(since), text };
  return budgets ? { ...view, budgetAtRisk: budgets } : view;
}

function linesOf({ signals, channels }: Known): string[] {
  const raised = signals.map((each) => {
    const { severity, state, since, text } = each;
    return `${nameOf(each)}  ${severity}  ${state}  since ${iso(since)}  ${text}`;
  });
  const watched = channels.map((each) => `${each.asset} ${each.channel}: ${standingText(each)}`);
  const nothing = channels.length === 0 ? "nothing is watched" : "no signal";
  return [...(raised.length > 0 ? raised : [nothing]), ...watched];
}

function standingText({ baseline, days, ofDays, fault }: ChannelView): string {
  const learned = `day ${Math.min(days + 1, ofDays)} of ${ofDays}`;
  const words = {
    none: "watched, no drift judged",
    learning: `watched, drift not yet judged: learning, ${learned} with running`,
    contaminated: "watched, drift not yet judged: what was learned differed, and is learned on",
    judging: "watched and judged",
  };
  return fault === null ? words[baseline] : `sensor ${fault}; ${words[baseline]}`;
}
