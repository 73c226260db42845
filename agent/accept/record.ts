/** The acceptance record (`uptime.acceptance/1`): what was expected, asked and seen, sealed with the gateway's key. */
import type { DeviceIdentity } from "../../config/guard.ts";
import type { Millis } from "../core/time.ts";
import { iso } from "../record/iso.ts";
import { contentHash } from "../store/head.ts";
import type { PublishedKey } from "../store/port.ts";
import type { Met } from "./identity.ts";
import type { Figures } from "./judge.ts";
import type { RegisterMap } from "./register-map.ts";
import { type KeptSight, keptSight } from "./sight.ts";
import type { Subject } from "./subject.ts";
import type { Outcome, Trial } from "./trial.ts";

export const ACCEPTANCE = "uptime.acceptance/1";

export interface AcceptedStep {
  id: string;
  result: Outcome["result"];
  expected: string;
  /** In words; of a skipped step why. */
  seen: string;
  limitMs: Millis;
  answers: { at: string; asked: string; text: string }[];
  figures: Figures;
  sights: KeptSight[];
}

export interface Acceptance {
  schema: typeof ACCEPTANCE;
  id: string;
  agent: string;
  asset: string;
  /** End of the run. */
  time: string;
  version: string;
  configHash: string;
  by: string;
  customer: string | null;
  /** `agent`: what the running agent saw; `own`: polled for this run alone. */
  through: "agent" | "own";
  registerMap: RegisterMap;
  devices: (DeviceIdentity & { source: string; connection: string; unit: number })[];
  steps: AcceptedStep[];
  result: "passed" | "failed";
  key: PublishedKey;
}

export type SealedAcceptance = Acceptance & { hash: string; signature: string };

/** Passed: no step failed, and at least one of those done by hand passed. */
export function resultOf(
  steps: readonly Pick<AcceptedStep, "id" | "result">[],
): Acceptance["result"] {
  const isFailed = steps.some(({ result }) => result === "fail");
  const isDone = steps.some(({ id, result }) => id !== "identity" && result === "pass");
  return isDone && !isFailed ? "passed" : "failed";
}

export const acceptanceId = (agent: string, asset: string, at: Millis): string =>
  `${agent}/${asset}/acceptance/${iso(at)}`;

export function identityStep(outcome: Outcome): AcceptedStep {
  const expected = "the devices that were commissioned";
  const none = { answers: [], sights: [], limitMs: 0 };
  return { id: "identity", ...outcome, expected, ...none };
}

/** Of a trial that has ended. */
export function acceptedStep(
  { step, answers, sights, outcome }: Trial,
  subject: Subject,
): AcceptedStep {
  if (!outcome) throw new RangeError(`step ${step.id} has not ended`);
  const { id, expected, limitMs } = step;
  return {
    ...{ id, ...outcome, expected, limitMs },
    answers: answers.map(({ at, text }, i) => ({
      at: iso(at),
      asked: step.prompts[i] ?? "",
      text,
    })),
    sights: sights.map((sight) => keptSight(sight, subject.matters)),
  };
}

export const devicesOf = (met: readonly Met[]): Acceptance["devices"] =>
  met.map(({ source, connection, unit, identity }) => ({ source, connection, unit, ...identity }));

/** `sign`: over the hash, by the key the record names. */
export function seal(acceptance: Acceptance, sign: (hash: string) => string): SealedAcceptance {
  const hash = contentHash({ ...acceptance });
  return { ...acceptance, hash, signature: sign(hash) };
}
