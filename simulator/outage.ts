/**
 * When which link of a plant is down, as spans of plant time. Knows nothing of sockets: the server and the
 * virtual sampler both ask here, so they fail alike.
 */
import type { Millis, Span } from "../agent/core/time.ts";
import type { LinkFailure, ScenarioEvent } from "./scenario.ts";

export interface Outage extends Span {
  /** Null: the whole endpoint. */
  machine: string | null;
  how: LinkFailure;
}

/** The link outages among events, whole endpoints first, then by start. */
export function outagesOf(events: readonly ScenarioEvent[]): Outage[] {
  const outages = events.flatMap(outageOf);
  return outages.sort(
    (a, b) => Number(a.machine !== null) - Number(b.machine !== null) || a.from - b.from,
  );
}

function outageOf(event: ScenarioEvent): Outage[] {
  if (event.kind === "cable-pull") {
    return [{ from: event.at, to: event.to, machine: event.machine, how: event.how }];
  }
  if (event.kind !== "plc-reboot") return [];
  return [{ from: event.silentFrom, to: event.to, machine: event.machine, how: "silent" }];
}

/** How the link to a machine fails at `t`, null while it works. */
export function failureAt(outages: Outage[], machine: string, t: Millis): LinkFailure | null {
  for (const one of outages) {
    const concerns = one.machine === null || one.machine === machine;
    if (concerns && one.from <= t && t < one.to) return one.how;
  }
  return null;
}

/** True while nobody listens at the endpoint. */
export function isRefusedAt(outages: Outage[], t: Millis): boolean {
  return outages.some((one) => {
    return one.machine === null && one.how === "refused" && one.from <= t && t < one.to;
  });
}
