/**
 * The standing of a contract as it is published: camelCase, RFC 3339, every key there. Integers are the record; numbers
 * with fractions are for reading. Judges nothing.
 */
import type { OutcomeStanding, StandingBody } from "../core/contract/body.ts";
import { iso } from "./iso.ts";

/** The `contract` part of a contract record. `version`: of the message. */
export function contractPart(body: StandingBody, version: number): Record<string, unknown> {
  const { contract, contractRevision, localDate, from, to, final, revision, supersedes } = body;
  const verdictId = (number: number | null): string | null =>
    number === null ? null : `${contract}/${iso(from)}/${number}`;
  return {
    id: contract,
    version,
    contractRevision,
    localDate,
    from: iso(from),
    to: iso(to),
    final,
    verdictId: verdictId(revision),
    supersedes: verdictId(supersedes),
    outcomes: body.outcomes.map(outcomePart),
    sums: body.sums,
    money: body.money,
    losses: body.losses.map(({ asset, cost, losses }) => ({ asset, cost, losses })),
    alerts: body.alerts.map(({ id, at }) => ({ id, at: iso(at) })),
  };
}

function outcomePart(outcome: OutcomeStanding): Record<string, unknown> {
  const { earliestBreach, ...rest } = outcome;
  return { ...rest, earliestBreach: earliestBreach === null ? null : iso(earliestBreach) };
}
