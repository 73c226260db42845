/** One act as the input that it is, or why it is refused. Looks at the facts it is given and changes nothing. */
import type { Party, Via } from "../core/vocabulary.ts";
import { isRefusal, type Refusal, refusal } from "./answer.ts";
import { type Act, type ActName, INCIDENT_ACTS, type IncidentAct } from "./document.ts";
import type { ActFacts, Filed, IncidentView } from "./port.ts";
import { comingEnd, wrongMoment } from "./span.ts";
import {
  annotationInput,
  countsInput,
  decisionInput,
  type Frame,
  planInput,
  wantsParty,
} from "./statement.ts";
import { openIncidentOf, type Subject, subjectOf } from "./subject.ts";

/** Beyond this the sender's time is kept beside the agent's. */
const ABOUT_NOW_MS = 1_000;

/** Who may say what on this way in. */
export interface Sender {
  via: Via;
  /** Set by configuration: then no message says otherwise. */
  as: Party | null;
  /** Acts that are taken; null: all. */
  allow: readonly ActName[] | null;
}

export interface Judged {
  input: Filed;
  asset: string;
  incident: IncidentView | null;
}

/** Of an incident that is there already. */
const isStep = (act: ActName): boolean => isIncidentAct(act) && act !== "open";

/** Said of a machine and of no time: its newest open incident is meant. */
const isOfIncident = ({ act, incident, from, to }: Act): boolean =>
  (act === "attribute" || act === "reason") &&
  incident === undefined &&
  from === undefined &&
  to === undefined;

const isIncidentAct = (act: ActName): act is IncidentAct =>
  (INCIDENT_ACTS as readonly string[]).includes(act);

export async function judge(
  given: Act,
  id: string,
  sender: Sender,
  facts: ActFacts,
): Promise<Judged | Refusal> {
  const refused =
    notAllowed(given, sender) ?? notTheirs(given, sender) ?? wrongMoment(given, facts);
  if (refused) return refused;
  const act = sender.as === null ? given : { ...given, party: sender.as };
  const named = subjectOf(act, facts);
  if (isRefusal(named)) return named;
  const { asset } = named;
  const isRemote = sender.via === "mqtt" || sender.via === "page";
  const partyless = wantsParty(act, asset, facts, isRemote);
  if (partyless) return partyless;
  const incident =
    isStep(act.act) || isOfIncident(act) ? openIncidentOf(named, facts) : named.incident;
  if (incident && isRefusal(incident)) return incident;
  const subject = { ...named, incident };
  const frame: Frame = { id, at: facts.now, asset, by: act.by, why: act.why ?? "" };
  const input = await inputOf(act, frame, subject, sender.via, facts);
  if (isRefusal(input)) return input;
  const { at } = act;
  const isOld = at !== undefined && Math.abs(facts.now - at) > ABOUT_NOW_MS;
  return { input: isOld ? { ...input, stated: at } : input, asset, incident };
}

function notAllowed({ act }: Act, { allow, via }: Sender): Refusal | null {
  if (allow === null || allow.includes(act)) return null;
  return refusal(
    `${act} is not taken here`,
    `by ${via} this agent takes ${allow.join(", ") || "nothing"}`,
    "use `uptime-agent` on the gateway, or add the act to `allow` in its configuration",
  );
}

function notTheirs({ party }: Act, { as }: Sender): Refusal | null {
  if (as === null || party === undefined || party === as) return null;
  return refusal(
    `nobody speaks for the ${party} here`,
    `by configuration this way in speaks for the ${as}`,
    "leave `party` out",
  );
}

function inputOf(
  act: Act,
  frame: Frame,
  subject: Subject,
  via: Via,
  facts: ActFacts,
): Filed | Refusal | Promise<Filed | Refusal> {
  const name = act.act;
  if (isIncidentAct(name)) {
    const incident = subject.incident?.id ?? null;
    const mode = name === "respond" ? (act.mode ?? "on-site") : null;
    const severity = name === "open" && act.severity !== undefined && { severity: act.severity };
    const party = act.party ?? null;
    return { kind: "act", ...frame, incident, act: name, mode, party, via, ...severity };
  }
  switch (name) {
    case "agree":
    case "dispute":
      return decisionInput(act, frame, facts);
    case "scrap":
      return countsInput(act, frame, facts);
    case "plan":
      return planInput(act, frame, facts);
    case "attribute":
    case "reason":
    case "ideal":
    case "schedule":
      return annotationInput(act, frame, subject.incident, facts);
    default:
      return signalInput(name, act, frame, subject.signal, via, facts);
  }
}

const SIGNAL_ACTS = {
  "signal-acknowledge": "acknowledge",
  "signal-shelve": "shelve",
  "signal-unshelve": "unshelve",
  maintenance: "maintenance",
} as const;

function signalInput(
  name: keyof typeof SIGNAL_ACTS,
  act: Act,
  frame: Frame,
  signal: string | null,
  via: Via,
  facts: ActFacts,
): Filed | Refusal {
  const until = name === "signal-shelve" ? comingEnd(act, facts) : null;
  if (typeof until === "object" && until !== null) return until;
  const known = facts.points(frame.asset);
  const strange = act.points?.find((point) => !known.includes(point));
  if (strange !== undefined)
    return refusal(
      `${frame.asset} has no point ${strange}`,
      "a maintenance concerns points of the configuration",
      `known: ${known.join(", ")}`,
    );
  const points = act.points ?? null;
  const subject = name === "maintenance" ? null : signal;
  return {
    kind: "signal-act",
    ...frame,
    signal: subject,
    act: SIGNAL_ACTS[name],
    until,
    points,
    via,
  };
}
