/** What became of an act, in a sentence, from how things are after it. */
import type { Act } from "./document.ts";
import type { ActFacts, IncidentView } from "./port.ts";
import { nameOf } from "./subject.ts";

export interface Outcome {
  message: string;
  /** The incident it was about. */
  about: string | null;
}

export function outcomeOf(
  act: Act,
  asset: string,
  id: string,
  before: IncidentView | null,
  facts: ActFacts,
): Outcome {
  const about = before?.id ?? null;
  switch (act.act) {
    case "open": {
      const opened = facts.incidents().find((each) => each.asset === asset && each.open);
      return opened
        ? { message: `incident ${nameOf(opened)} is open`, about: opened.id }
        : { message: `an incident of ${asset} was opened`, about: null };
    }
    case "attribute":
    case "reason":
    case "ideal":
    case "schedule":
      return { message: annotationText(id, facts), about };
    case "agree":
    case "dispute":
      return { message: annotationText(act.annotation ?? "", facts), about };
    case "scrap":
      return { message: `late scrap of ${asset} is booked: its window gets a revision`, about };
    case "plan":
      return { message: `the plan for ${asset} is entered, ahead of its begin`, about };
    case "maintenance":
      return { message: `maintenance of ${asset} is on record; its baselines begin anew`, about };
    case "signal-acknowledge":
    case "signal-shelve":
    case "signal-unshelve":
      return { message: signalText(asset, act.signal?.split("/").at(-1) ?? "", facts), about };
    default:
      return { message: incidentText(before, facts), about };
  }
}

function incidentText(before: IncidentView | null, facts: ActFacts): string {
  if (!before) return "it is on record";
  const [id, now] = [
    nameOf(before),
    facts.incidents().find((each) => nameOf(each) === nameOf(before)),
  ];
  // One that is closed may be forgotten at once.
  if (!now) return `incident ${id} is closed`;
  return `incident ${id} is ${now.state}${now.held ? ", on hold" : ""}`;
}

function signalText(asset: string, id: string, facts: ActFacts): string {
  const signal = nameOf({ asset, id });
  const state = facts.signals().find((each) => nameOf(each) === signal)?.state;
  return state === undefined ? `signal ${signal}: it is on record` : `signal ${signal} is ${state}`;
}

function annotationText(id: string, facts: ActFacts): string {
  const state = facts.annotation(id)?.state;
  if (state === "proposed")
    return `annotation ${id} is proposed: the time stays as it was until the other party agrees`;
  if (state === "disputed")
    return `annotation ${id} is disputed: the time stays as it was, and is shown so`;
  return `annotation ${id} is ${state ?? "on record"}: windows that it changes get a revision`;
}
