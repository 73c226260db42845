/**
 * What an act is about: the machine, the incident, the signal it names. Incidents and signals are numbered per machine,
 * so a bare id must be the only one of that name. Whoever names another machine's is refused.
 */
import { didYouMean } from "../../config/nearest.ts";
import { isRefusal, type Refusal, refusal } from "./answer.ts";
import type { Act } from "./document.ts";
import type { ActFacts, IncidentView } from "./port.ts";

const LIST = "`uptime-agent incident list` shows them with their machines";

/** Something that a machine has, by the name that people use. */
interface Owned {
  id: string;
  asset: string;
}

/** What an act is about, found. */
export interface Subject {
  asset: string;
  incident: IncidentView | null;
  /** Id of the signal. */
  signal: string | null;
}

/** `asset/id`, as incidents and signals are shown. */
export const nameOf = ({ asset, id }: Owned): string => `${asset}/${id}`;

export function subjectOf(act: Act, facts: ActFacts): Subject | Refusal {
  if (act.asset !== undefined && !facts.assets.includes(act.asset))
    return noAsset(act.asset, facts);
  const asset = act.asset ?? null;
  const incident = owned("incident", act.incident, asset, facts.incidents());
  if (incident && isRefusal(incident)) return incident;
  const signal = owned("signal", act.signal, asset, facts.signals());
  if (signal && isRefusal(signal)) return signal;
  const annotation = annotated(act, facts);
  if (annotation && isRefusal(annotation)) return annotation;
  const owners = [incident, signal, annotation, windowOwner(act)].filter((each) => each !== null);
  const named = asset ?? owners[0]?.asset;
  if (named === undefined) return nothingNamed(facts);
  if (!facts.assets.includes(named)) return noAsset(named, facts);
  const foreign = owners.find((each) => each.asset !== named);
  if (foreign) return belongs(foreign, named);
  return { asset: named, incident, signal: signal?.id ?? null };
}

function owned<T extends Owned>(
  kind: "incident" | "signal",
  name: string | undefined,
  asset: string | null,
  all: readonly T[],
): T | Refusal | null {
  if (name === undefined) return null;
  const [id = "", owner = null] = name.split("/").reverse();
  const called = all.filter((each) => each.id === id);
  const whose = owner ?? asset;
  const found = whose === null ? called : called.filter((each) => each.asset === whose);
  const [first, second] = found;
  if (first && !second) return first;
  const next = kind === "signal" ? "`uptime-agent signals list` shows them" : LIST;
  if (first)
    return refusal(
      `${id} may be ${found.map(nameOf).join(" or ")}`,
      `${kind}s are numbered per machine`,
      `say which: ${nameOf(first)}`,
    );
  const [elsewhere] = called;
  if (elsewhere && owner === null) return belongs(elsewhere, String(asset));
  return refusal(`there is no ${kind} ${name}`, `no ${kind} of that name is known any more`, next);
}

function annotated({ annotation }: Act, facts: ActFacts): Owned | Refusal | null {
  if (annotation === undefined) return null;
  const found = facts.annotation(annotation);
  if (found) return found;
  return refusal(
    `there is no annotation ${annotation}`,
    "no annotation of that id waits for an answer",
    "take the id from the answer that its author got, or from `event/data`",
  );
}

/** Of a window named by the id of its record. */
function windowOwner({ window }: Act): Owned | null {
  const asset = window?.split("/")[1];
  return window === undefined || asset === undefined ? null : { id: window, asset };
}

const belongs = ({ id, asset }: Owned, named: string): Refusal =>
  refusal(
    `${id} belongs to ${asset}, not to ${named}`,
    "an act changes the machine that it names and no other",
    `name ${asset}, or what is ${named}'s`,
  );

function noAsset(id: string, { assets }: ActFacts): Refusal {
  const hint = didYouMean(id, [...assets]) ?? `known: ${assets.join(", ")}`;
  return refusal(`there is no asset ${id}`, "this gateway accounts for other machines", hint);
}

const nothingNamed = ({ assets }: ActFacts): Refusal =>
  refusal(
    "it says of no machine",
    "an act names an incident, or the machine itself",
    `name one of ${assets.join(", ")}, or an incident: ${LIST}`,
  );

/** The incident to act on: the named one, else the newest open one of the asset. It must be open. */
export function openIncidentOf(
  { asset, incident }: Subject,
  facts: ActFacts,
): IncidentView | Refusal {
  const byHand = `\`uptime-agent incident open ${asset} --why …\``;
  if (incident && !incident.open)
    return refusal(
      `incident ${nameOf(incident)} is closed`,
      "it stays as it is; what happens now is another incident",
      `${LIST}; ${byHand} opens one by hand`,
    );
  const meant = incident ?? facts.incidents().find((each) => each.asset === asset && each.open);
  if (meant) return meant;
  return refusal(
    `${asset} has no open incident`,
    "there is nothing to act on",
    `${LIST}; ${byHand} opens one by hand; of time that is over something is said with \`--from\` and \`--to\``,
  );
}
