/**
 * What people enter, on its way into the core: it waits in the hold like every input, gets the history it is judged
 * by at the moment it enters, and is answered when it is durable. Judges nothing.
 */

import { concernOf, refusalOf } from "./core/annotation/decide.ts";
import { type History, isLate } from "./core/annotation/entered.ts";
import { withFacts } from "./core/annotation/history.ts";
import type { Core } from "./core/core.ts";
import type { Fact } from "./core/fact.ts";
import { Fault } from "./core/fault.ts";
import type { Input } from "./core/input.ts";
import type { Store } from "./store/port.ts";

export type Submitted = { accepted: true } | { accepted: false; reason: string };

interface Submission {
  history: History | null;
  /** Facts since the history was asked for. */
  since: () => Fact[];
  entered(refusal: string | null): void;
}

export interface SubmissionPorts {
  core: Core;
  store: Pick<Store, "history">;
  offer(input: Input): void;
  /** Resolves when no commit is under way. */
  idle(): Promise<void>;
  /** Facts that wait for a commit, and from now on all new ones, until the function returned is called. */
  gather(): () => Fact[];
  /** Everything taken so far is committed; false: the disk refused. */
  settle(): Promise<boolean>;
}

export interface Submissions {
  submit(input: Input): Promise<Submitted>;
  /** The input as it enters the core, with its history; null: refused, and to be dropped. Others pass as they are. */
  ripen(input: Input, at: Input): Input | null;
}

export function openSubmissions(ports: SubmissionPorts): Submissions {
  const waiting = new Map<Input, Submission>();
  return {
    async submit(input) {
      const refusal = refusalOf(ports.core, input);
      if (refusal !== null) return { accepted: false, reason: refusal };
      const known = await historyOf(ports, input);
      const refused = await new Promise<string | null>((entered) => {
        waiting.set(input, { ...known, entered });
        ports.offer(input);
      });
      if (refused !== null) return { accepted: false, reason: refused };
      if (await ports.settle()) return { accepted: true };
      throw new Fault("STORE_IO", "it was taken and will be kept as soon as the disk lets it");
    },
    ripen(input, timely) {
      const submission = waiting.get(input);
      if (!submission) return timely;
      waiting.delete(input);
      const whole = withHistory(timely, submission);
      const refusal = refusalOf(ports.core, whole);
      submission.entered(refusal);
      return refusal === null ? whole : null;
    },
  };
}

function withHistory(input: Input, { history, since }: Submission): Input {
  if (history === null || !("asset" in input)) return input;
  const own = since().filter(({ asset }) => asset === input.asset);
  return { ...input, history: withFacts(history, own) } as Input;
}

async function historyOf(
  { core, store, idle, gather }: SubmissionPorts,
  input: Input,
): Promise<Pick<Submission, "history" | "since">> {
  const span = isLate(input) ? concernOf(core, input) : null;
  if (!isLate(input) || span === null) return { history: null, since: () => [] };
  // The store answers in order: what is gathered from here on is exactly what its answer lacks.
  await idle();
  const since = gather();
  return { history: await store.history(input.asset, span), since };
}
