/**
 * What a scenario's events do to bus and values at an instant of plant time: mischief, doors, lies. The virtual
 * sampler of `sample.ts` does not know these: it stands for an agent that sees everything. Pure but for randomness.
 */
import type { Millis } from "../agent/core/time.ts";
import type { LieName } from "./lie.ts";
import { mischief } from "./mischief.ts";
import type { Welcome } from "./modbus.ts";
import type { Random } from "./random.ts";
import type { ScenarioEvent } from "./scenario.ts";
import type { Action } from "./serve.ts";

type Of<K extends ScenarioEvent["kind"]> = Extract<ScenarioEvent, { kind: K }>;

/** What befalls one request to a machine; a machine of undefined is a unit that does not exist. */
export function mischiefAt(
  events: readonly ScenarioEvent[],
  machine: string | undefined,
  t: Millis,
  random: Random,
): Action {
  const one = active(events, "mischief", t).find(
    (event) => event.machine === null || event.machine === machine,
  );
  if (!one || random() >= one.share) return { do: "answer" };
  const kind = one.what[Math.floor(random() * one.what.length)];
  return kind ? mischief(kind, random, one.timeoutMs) : { do: "answer" };
}

export function lieAt(
  events: readonly ScenarioEvent[],
  machine: string,
  t: Millis,
): LieName | null {
  return active(events, "lie", t).find((event) => event.machine === machine)?.as ?? null;
}

export function welcomeAt(events: readonly ScenarioEvent[], open: number, t: Millis): Welcome {
  const [door] = active(events, "doorkeeper", t);
  if (door?.how === "ignore") return "ignore";
  return door?.how === "one-only" && open > 1 ? "close" : "serve";
}

function active<K extends ScenarioEvent["kind"]>(
  events: readonly ScenarioEvent[],
  kind: K,
  t: Millis,
): Of<K>[] {
  return events.filter(
    (event): event is Of<K> =>
      event.kind === kind && event.at <= t && "to" in event && t < event.to,
  );
}
