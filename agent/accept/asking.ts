/** Whom an acceptance run asks: a technician at a terminal, or a script. Interrupted by SIGINT and SIGTERM. */
import { systemClock } from "../clock.ts";
import type { Millis } from "../core/time.ts";
import { acceptedStep } from "./record.ts";
import type { RunPorts } from "./run.ts";
import { openScript } from "./script.ts";
import type { Subject } from "./subject.ts";
import { openTerminal } from "./terminal.ts";
import { liveLine, outcomeLine } from "./text.ts";
import type { Trial } from "./trial.ts";

export interface Asking extends Omit<RunPorts, "look"> {
  /** Once it was interrupted: 130, 143, or 75 when the time was over. */
  exit(): number;
  close(): void;
}

export interface AskingOptions {
  subject: Subject;
  /** File with answers, `-` for stdin; null: the terminal. */
  script: string | null;
  /** Where outcomes go while the run goes on. */
  print: (line: string) => void;
  say: (line: string) => void;
  /** The whole run; null: as long as it takes. */
  limitMs: Millis | null;
}

const EXIT_OF = { SIGINT: 130, SIGTERM: 143, late: 75 } as const;

export function openAsking({ subject, script, print, say, limitMs }: AskingOptions): Asking {
  const ending = new AbortController();
  const { signal } = ending;
  let exit: number = EXIT_OF.SIGINT;
  const onSignal = (name: keyof typeof EXIT_OF) => (): void => {
    if (!signal.aborted) exit = EXIT_OF[name];
    ending.abort();
  };
  const [onInt, onTerm] = [onSignal("SIGINT"), onSignal("SIGTERM")];
  process.once("SIGINT", onInt).once("SIGTERM", onTerm);
  const sleep = (ms: number): Promise<void> =>
    systemClock.sleep(systemClock.mono() + ms, ending.signal);
  if (limitMs !== null) void sleep(limitMs).then(onSignal("late"));
  const talk = script === null ? atTerminal(onInt, subject) : fromScript(script, sleep, say);
  const aborted = new Promise<null>((resolve) => {
    signal.addEventListener("abort", () => resolve(null), { once: true });
  });
  return {
    sleep,
    interrupted: signal,
    exit: () => exit,
    async ask(trial, prompt) {
      if (trial.complaint !== null) talk.say(trial.complaint);
      talk.say(`${trial.step.id}: ${prompt}${howTo(trial)}`);
      const answer = await Promise.race([talk.next(), aborted]);
      if (answer === null) ending.abort();
      return answer;
    },
    show: talk.show,
    ended(trial) {
      talk.clear();
      print(outcomeLine(acceptedStep(trial, subject)));
    },
    close() {
      process.off("SIGINT", onInt).off("SIGTERM", onTerm);
      // Ends what still sleeps.
      ending.abort();
      talk.close();
    },
  };
}

const howTo = ({ step, answers }: Trial): string =>
  step.kind === "count" && answers.length === 1
    ? `, such as ${step.pieces} 0; or \`skip\` and why`
    : ", press Enter; or enter `skip` and why";

interface Talk {
  next(): Promise<string | null>;
  say(line: string): void;
  show(trial: Trial): void;
  /** Takes the live line away. */
  clear(): void;
  close(): void;
}

function atTerminal(interrupt: () => void, { counters }: Subject): Talk {
  const terminal = openTerminal(interrupt);
  return {
    next: terminal.next,
    say: terminal.say,
    show: (trial) => terminal.status(liveLine(trial, counters)),
    clear: terminal.clear,
    close: terminal.close,
  };
}

function fromScript(
  file: string,
  sleep: (ms: number) => Promise<void>,
  say: (line: string) => void,
): Talk {
  const { next, close } = openScript(file, sleep);
  return { next, say, show: () => {}, clear: () => {}, close };
}
