/** Times of an act against the time that it is: what must have been, what must be still to come. Reads no clock. */

import type { Millis, Span } from "../core/time.ts";
import { iso } from "../record/iso.ts";
import { type Refusal, refusal } from "./answer.ts";
import type { Act } from "./document.ts";
import type { ActFacts, IncidentView } from "./port.ts";

/** By so much another machine's clock may be ahead of the gateway's. */
const SKEW_MS = 5_000;
/** Nothing is planned, and no signal shelved, for longer than this. */
const FAR_MS = 400 * 86_400_000;

/** When it was done must not lie ahead. */
export function wrongMoment({ at }: Act, { now }: ActFacts): Refusal | null {
  if (at === undefined || at <= now + SKEW_MS) return null;
  return refusal(
    `${iso(at)} is in the future`,
    `it is ${iso(now)} at the gateway, and what is done is told when it is done`,
    "check the clock of the sender; leave `at` out to say: now",
  );
}

/** The span that an annotation is about: given, or the time of its incident. It is over by now. */
export function pastSpan(act: Act, facts: ActFacts, incident: IncidentView | null): Span | Refusal {
  const from = act.from ?? incident?.from;
  const to = act.to ?? incident?.to ?? (incident || act.act === "ideal" ? facts.now : undefined);
  if (from === undefined || to === undefined)
    return refusal(
      "the time it is about is missing",
      "an annotation is about an incident, or about the time from `from` to `to`",
      "name an incident, or give both: `--from 14:05 --to 14:20`",
    );
  return upsideDown(from, to) ?? inFuture(to, facts.now) ?? { from, to };
}

/** The span that is planned: ahead, from now on. */
export function comingSpan({ from = 0, to = 0 }: Act, { now }: ActFacts): Span | Refusal {
  if (from < now)
    return refusal(
      `the plan begins at ${iso(from)}, which has passed`,
      `it is ${iso(now)}; a stop counts as planned only when it was entered before it began`,
      "let it begin from now on; for what has been, say who answers for it: `uptime-agent incident attribute`",
    );
  return upsideDown(from, to) ?? tooFar(to, now) ?? { from, to };
}

/** End of shelving: ahead. */
export function comingEnd({ until = 0 }: Act, { now }: ActFacts): Millis | Refusal {
  if (until <= now)
    return refusal(
      `${iso(until)} has passed`,
      `it is ${iso(now)}; a signal is shelved until some time ahead`,
      "give an end ahead: `--until 8h`",
    );
  return tooFar(until, now) ?? until;
}

function upsideDown(from: Millis, to: Millis): Refusal | null {
  if (from < to) return null;
  return refusal(
    `the span ends at ${iso(to)}, not after its begin at ${iso(from)}`,
    "`from` is inclusive and `to` exclusive, so `to` is the later one",
    "exchange the two, or correct one",
  );
}

function inFuture(to: Millis, now: Millis): Refusal | null {
  if (to <= now) return null;
  return refusal(
    `the span ends at ${iso(to)}, in the future`,
    `it is ${iso(now)}; what is not over cannot be told yet`,
    "end it now or earlier; what is to come is a plan: `uptime-agent plan add`",
  );
}

function tooFar(to: Millis, now: Millis): Refusal | null {
  if (to - now <= FAR_MS) return null;
  return refusal(
    `${iso(to)} is more than 400 days ahead`,
    "that is more often a mistyped year than a plan",
    "check the date; a longer stop is entered in parts",
  );
}
