/** The run of all steps: asks, looks and waits, until each has its outcome. Opens nothing and stores nothing. */
import type { Millis } from "../core/time.ts";
import { conditionText } from "./judge.ts";
import type { Sight } from "./sight.ts";
import type { Step } from "./step.ts";
import type { Subject } from "./subject.ts";
import { answered, begin, seen, skipped, type Trial } from "./trial.ts";

export interface RunPorts {
  look(): Promise<Sight>;
  /** Resolves after that long, or when the run is interrupted. */
  sleep(ms: Millis): Promise<void>;
  /** The technician's answer, null when the run is interrupted. Throws `USAGE_INVALID` where no answer can come. */
  ask(trial: Trial, prompt: string): Promise<string | null>;
  /** Whenever something was seen. */
  show(trial: Trial): void;
  /** A step has its outcome. */
  ended(trial: Trial): void;
  interrupted: AbortSignal;
}

/** How often a machine is looked at while something is waited for. */
const LOOK_MS = 200;

/** All trials in order; null when the run was interrupted. */
export async function runSteps(
  steps: readonly Step[],
  subject: Subject,
  ports: RunPorts,
): Promise<Trial[] | null> {
  const trials: Trial[] = [];
  for (const step of steps) {
    const before = trials.at(-1);
    const trial = isPointless(step, before)
      ? skipped(begin(step, await ports.look()), "the cable was not pulled")
      : await runStep(step, subject, ports);
    if (trial === null) return null;
    ports.ended(trial);
    trials.push(trial);
  }
  return trials;
}

const isPointless = ({ kind }: Step, before: Trial | undefined): boolean =>
  kind === "recovery" && before?.step.kind === "cable" && before.outcome?.result === "skipped";

async function runStep(step: Step, subject: Subject, ports: RunPorts): Promise<Trial | null> {
  let trial = begin(step, await ports.look());
  while (trial.phase !== "end") {
    if (ports.interrupted.aborted) return null;
    if (trial.phase === "ask") {
      const asked = await askWatching(trial, subject, ports);
      if (asked === null) return null;
      trial = asked;
    } else {
      await ports.sleep(LOOK_MS);
      trial = seen(trial, subject, await ports.look());
      ports.show(trial);
    }
  }
  return trial;
}

/** What happens before the answer is evidence, too: the technician acts first and says so afterwards. */
async function askWatching(
  asking: Trial,
  subject: Subject,
  ports: RunPorts,
): Promise<Trial | null> {
  let trial = asking;
  let text: string | null | undefined;
  const answer = ports.ask(trial, trial.step.prompts[trial.answers.length] ?? "").then((given) => {
    text = given;
  });
  while (text === undefined) {
    ports.show(trial);
    await Promise.race([answer, ports.sleep(LOOK_MS)]);
    if (text === undefined) trial = seen(trial, subject, await ports.look());
  }
  return text === null ? null : answered(trial, subject, text, await ports.look());
}

/** Waits until the machine was read once; the reason why it was not, or null. */
export async function firstContact(
  look: () => Promise<Sight>,
  sleep: (ms: Millis) => Promise<void>,
  limitMs: Millis,
): Promise<string | null> {
  for (let waited = 0; ; waited += LOOK_MS) {
    const sight = await look();
    if (sight.points.some(({ quality }) => quality === "good")) return null;
    if (waited >= limitMs) {
      const reason = sight.points.find((point) => point.reason !== null)?.reason;
      return reason ?? conditionText(sight);
    }
    await sleep(LOOK_MS);
  }
}
