/** What an act is about: the machine, the incident, the signal it names. Whoever names another machine's is refused. */
import { didYouMean } from "../../config/nearest.ts";
import { isRefusal, type Refusal, refusal } from "./answer.ts";
import type { Act } from "./document.ts";
import type { ActFacts, IncidentView } from "./port.ts";

const LIST = "`uptime-agent incident list` shows them with their machines";

/** The asset that the act names, or that what it names belongs to. */
export function assetOf(act: Act, facts: ActFacts): string | Refusal {
  if (act.asset !== undefined && !facts.assets.includes(act.asset))
    return noAsset(act.asset, facts);
  const owners = [
    owner("incident", act.incident, (id) => facts.incident(id)),
    owner("signal", act.signal, (id) => facts.signal(id)),
    owner("annotation", act.annotation, (id) => facts.annotation(id)),
    windowOwner(act, facts),
  ];
  let asset = act.asset ?? null;
  for (const found of owners) {
    if (found === null) continue;
    if (isRefusal(found)) return found;
    if (asset !== null && found.asset !== asset) return foreign(found, asset);
    asset = found.asset;
  }
  return asset ?? nothingNamed(facts);
}

interface Owned {
  what: string;
  asset: string;
}

function owner(
  kind: string,
  id: string | undefined,
  find: (id: string) => { asset: string } | null,
): Owned | Refusal | null {
  if (id === undefined) return null;
  const found = find(id);
  if (found) return { what: `${kind} ${id}`, asset: found.asset };
  return refusal(
    `there is no ${kind} ${id}`,
    `the agent knows ${kind}s by the id that it shows`,
    kind === "signal" ? "`uptime-agent signals list` shows them" : LIST,
  );
}

/** Of a window named by the id of its record. */
function windowOwner({ window }: Act, facts: ActFacts): Owned | Refusal | null {
  const asset = window?.split("/")[1];
  if (asset === undefined) return null;
  if (!facts.assets.includes(asset)) return noAsset(asset, facts);
  return { what: `window ${window}`, asset };
}

const foreign = ({ what, asset }: Owned, named: string): Refusal =>
  refusal(
    `${what} belongs to ${asset}, not to ${named}`,
    "an act changes the machine that it names and no other",
    `name ${asset}, or another ${what.split(" ")[0]}`,
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

/** The incident that is meant: the named one, else the newest open one of the asset. It must be open. */
export function openIncidentOf(act: Act, asset: string, facts: ActFacts): IncidentView | Refusal {
  const named = act.incident === undefined ? null : facts.incident(act.incident);
  if (named && !named.open)
    return refusal(
      `incident ${named.id} is closed`,
      `it was ${named.state} and stays as it is; what happens now is another incident`,
      `\`uptime-agent incident open --asset ${asset} --why …\`, or ${LIST}`,
    );
  const meant = named ?? facts.incidents().find((each) => each.asset === asset && each.open);
  if (meant) return meant;
  return refusal(
    `${asset} has no open incident`,
    "there is nothing to act on",
    `${LIST}; \`uptime-agent incident open --asset ${asset} --why …\` opens one by hand`,
  );
}
