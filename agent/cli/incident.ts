/** `incident list`: what is open, what its clocks say. Asks the running agent; without one, the store it left. */
import type { IncidentView } from "../acts/port.ts";
import { askAgent } from "../control.ts";
import { loadPlant } from "../plant.ts";
import { iso } from "../record/iso.ts";
import { storePaths } from "../storage.ts";
import { type ActOptions, patienceOf } from "./act.ts";
import { keptIncidents } from "./kept-incidents.ts";
import { EXIT, print, say } from "./output.ts";

/** 0; also where there is none. Throws `STORE_UNWRITABLE` where neither agent nor store is there. */
export async function listIncidents(options: ActOptions): Promise<number> {
  const { socket, database } = storePaths(loadPlant(options.config));
  const answer = await askAgent(socket, { ask: "incidents" }, patienceOf(options));
  const running = answer === null ? null : (answer as { incidents: IncidentView[] }).incidents;
  if (running === null) say("no agent runs: this is what the store holds");
  const known = running ?? keptIncidents(database);
  const { asset, open } = options;
  const shown = known.filter(
    (each) => (asset === undefined || each.asset === asset) && (open !== true || each.open),
  );
  if (options.json) print(JSON.stringify({ running: running !== null, incidents: shown }));
  else for (const line of linesOf(shown)) print(line);
  return EXIT.done;
}

function linesOf(incidents: readonly IncidentView[]): string[] {
  if (incidents.length === 0) return ["no incident"];
  return incidents.map(({ id, asset, severity, state, from, to, held, mode, reason, limits }) => {
    const next = limits.find((limit) => limit.state !== "met");
    const parts = [
      `${asset}/${id}  ${severity}  ${state}${held ? " (on hold)" : ""}`,
      `since ${iso(from)}${to === null ? "" : ` to ${iso(to)}`}`,
      reason ?? mode,
      next ? `${next.limit} ${next.state}${next.due === null ? "" : `, due ${iso(next.due)}`}` : "",
    ];
    return parts.filter((part) => part !== "").join("  ");
  });
}
