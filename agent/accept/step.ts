/** The steps of an acceptance run as data: what the technician is told and what must be seen. Pure. */
import { Fault } from "../core/fault.ts";
import type { Millis } from "../core/time.ts";
import type { Rule, Subject } from "./subject.ts";

export type StepKind = "stop" | "run" | "condition" | "count" | "cable" | "recovery";

export interface Step {
  /** Its name in the record, unique in a run. */
  id: string;
  kind: StepKind;
  /** What the technician is asked, one answer each. */
  prompts: string[];
  /** What must be seen, in words. */
  expected: string;
  /** How long after an answer it may take to be seen. */
  limitMs: Millis;
  /** Of the rule to provoke. */
  rule: Rule | null;
  /** Pieces to be made unless another number is entered. */
  pieces: number;
  /** Why it cannot be done with this machine, or null. */
  impossible: string | null;
}

export const DEFAULT_STEPS = "stop,run,count,cable";

/** A driver that lost its device asks again after at most 10 s (DESIGN 7), and connecting takes its time as well. */
const RECONNECT_MS = 20_000;
/** From a deadline of the core to a look at it. */
const SLACK_MS = 2000;

/** Steps by name, in the order given. Throws `USAGE_INVALID` for a word that is none. */
export function stepsOf(subject: Subject, words: string, pieces: number): Step[] {
  const named = words.split(",").map((word) => word.trim());
  const steps = named.flatMap((word) => stepsNamed(subject, word, pieces));
  return steps.filter(({ id }, i) => steps.findIndex((step) => step.id === id) === i);
}

function stepsNamed(subject: Subject, word: string, pieces: number): Step[] {
  switch (word) {
    case "stop":
      return [stop(subject)];
    case "run":
      return [run(subject)];
    case "count":
      return [count(subject, pieces)];
    case "cable":
      return [cable(subject), recovery(subject)];
    default: {
      const rules = provokable(subject);
      const found = word === "rules" ? rules : rules.filter(({ rule }) => rule?.is === word);
      if (found.length > 0 || word === "rules") return found;
      const known = [...new Set(rules.map(({ rule }) => rule?.is))].join(", ");
      const others = known === "" ? "" : `; of this machine: ${known}`;
      const message = `no step ${word}; there are stop, run, count, cable, rules${others}`;
      throw new Fault("USAGE_INVALID", message);
    }
  }
}

function step(id: string, kind: StepKind, rest: Partial<Step> & Pick<Step, "prompts">): Step {
  const none = { expected: "", limitMs: 0, rule: null, pieces: 0, impossible: null };
  return { id, kind, ...none, ...rest };
}

const stop = ({ reactionMs }: Subject): Step =>
  step("stop", "stop", {
    prompts: ["Stop the machine. When it stands still"],
    expected: "a condition that is neither producing nor unknown",
    limitMs: reactionMs,
  });

const run = ({ reactionMs }: Subject): Step =>
  step("run", "run", {
    prompts: ["Start the machine and let it produce. When it runs"],
    expected: "producing",
    limitMs: reactionMs,
  });

function count({ counters, reactionMs }: Subject, pieces: number): Step {
  const names = counters.map(({ role, id }) => `${role} (${id})`).join(", ");
  return step("count", "count", {
    prompts: [
      "Stop the machine: no piece may be on its way. When it stands still",
      `Make exactly ${pieces} pieces and stop. Then enter how many were made, and how many of them are bad`,
    ],
    expected: `counters move by exactly what was made: ${names}`,
    limitMs: reactionMs,
    pieces,
    impossible: counters.length === 0 ? "no counter is configured" : null,
  });
}

const NO_CABLE = "every point is on the gateway's own lines: there is no cable whose loss shows";

function cable({ cables, holdMs, pollMs }: Subject): Step {
  return step("cable", "cable", {
    prompts: [`Pull the cable of ${cables.join(" and of ")}. When it is out`],
    expected: "unknown (link-down or device-silent) from the last good cycle, shown after the hold",
    limitMs: holdMs + pollMs + SLACK_MS,
    impossible: cables.length === 0 ? NO_CABLE : null,
  });
}

function recovery({ cables, reactionMs }: Subject): Step {
  return step("recovery", "recovery", {
    prompts: [`Plug ${cables.join(" and ")} in again. When it is in`],
    expected: "a condition that is decided by fresh values",
    limitMs: reactionMs + RECONNECT_MS,
    impossible: cables.length === 0 ? NO_CABLE : null,
  });
}

/** One for each rule that needs something to happen; producing has its own. */
function provokable({ rules, reactionMs }: Subject): Step[] {
  const own = rules.filter(({ is, when }) => is !== "producing" && when !== null);
  return own.map((rule, i) => {
    const nth = own.slice(0, i).filter(({ is }) => is === rule.is).length;
    const { is, reason, when } = rule;
    return step(nth === 0 ? is : `${is}-${nth + 1}`, "condition", {
      prompts: [`Bring the machine into ${is} (${when}). When it is`],
      expected: reason === null ? is : `${is} (${reason})`,
      limitMs: reactionMs,
      rule,
    });
  });
}
