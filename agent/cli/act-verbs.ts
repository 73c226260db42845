/** The verbs that enter acts, as data: what each is called, what it takes, what its help says. Runs nothing. */
import type { ActName } from "../acts/document.ts";
import type { Options } from "./options.ts";

/** What a word behind the verb is. `subject`: an incident, or a machine whose newest open one is meant. */
export type Word =
  | "subject"
  | "annotation"
  | "signal"
  | "window"
  | "attribution"
  | "reason"
  | "schedule";

export interface ActVerb {
  group: string | null;
  name: string;
  act: ActName;
  /** Words behind the verb, in order; a leading one that is optional stands in `[]`. */
  words: readonly Word[];
  /** The first word may be left out. */
  isFirstOptional: boolean;
  text: string;
  options: Options;
  examples: string[];
}

/** What the help says of groups of verbs. */
export const GROUPS: Record<string, string> = {
  incident: "what is wrong with machines, and what somebody did about it",
  plan: "stops that are planned before they begin",
  correct: "corrections of the past, by annotation: nothing is ever edited",
  outbox: "what waits for delivery",
  mqtt: "the broker, looked at beside the agent",
  signals: "what machines announce before they fail",
};

const BY: Options = [
  ["--by <name>", "who did it; default: the user of this terminal"],
  ["--why <text>", "why, in words"],
];
const ASSET: Options = [["--asset <id>", "the machine"]];
const PARTY: Options = [["--party <word>", "for whom it is said: supplier or customer"]];
const SPAN: Options = [
  ["--from <time>", "begin: 14:05, yesterday 14:05, 2026-11-23 14:05, 20min ago, or RFC 3339"],
  ["--to <time>", "end, exclusive"],
];
const STEP: Options = [
  ...ASSET,
  ...BY,
  ...PARTY,
  ["--at <time>", "when it was done; kept on record, the agent counts from now"],
  ["--id <id>", "of the act: the same id again changes nothing"],
];
const SAID: Options = [...ASSET, ...SPAN, ...PARTY, ...BY, ["--id <id>", "of the annotation"]];

const step = (name: string, act: ActName, text: string, more: Options = []): ActVerb => ({
  group: "incident",
  name,
  act,
  words: ["subject"],
  isFirstOptional: true,
  text,
  options: [...STEP, ...more],
  examples: [
    `uptime-agent incident ${name} press-01`,
    `uptime-agent incident ${name} press-01/i-4 --by Jo`,
  ],
});

const SEVERITY: Options = [["--severity <id>", "such as s2; default: the first configured"]];
const REMOTE: Options = [["--remote", "over the network; without it: at the machine"]];

export const ACT_VERBS: readonly ActVerb[] = [
  step("ack", "acknowledge", "somebody has seen it and takes care"),
  step("dispatch", "dispatch", "somebody is on the way"),
  step("respond", "respond", "somebody is at the machine, or connected to it", REMOTE),
  step("restore", "restore", "the machine runs again"),
  step("verify", "verify", "it was tried and holds"),
  step("close", "close", "nothing is left to do"),
  step("hold", "hold", "waiting for the customer: the clocks stand still; needs --why"),
  step("release", "release", "the wait is over: the clocks run on"),
  {
    ...step("open", "open", "open an incident by hand; needs --why", SEVERITY),
    examples: ['uptime-agent incident open press-01 --why "smoke from the drive"'],
  },
  {
    group: "incident",
    name: "attribute",
    act: "attribute",
    words: ["subject", "attribution"],
    isFirstOptional: true,
    text: "say who answers for the time of an incident, or from --from to --to: none, supplier, customer, third-party, force-majeure; needs --why",
    options: SAID,
    examples: [
      'uptime-agent incident attribute press-01/i-4 customer --party customer --why "no compressed air"',
      'uptime-agent incident attribute customer --asset press-01 --from 14:05 --to 14:20 --party supplier --why "door open"',
    ],
  },
  {
    group: "incident",
    name: "reason",
    act: "reason",
    words: ["subject", "reason"],
    isFirstOptional: true,
    text: "say what the reason of an incident was, or from --from to --to; needs --why",
    options: SAID,
    examples: [
      'uptime-agent incident reason press-01/i-4 "jam at the feeder" --why "seen on site"',
    ],
  },
  ...(["agree", "dispute"] as const).map(
    (act): ActVerb => ({
      group: "incident",
      name: act,
      act,
      words: ["annotation"],
      isFirstOptional: false,
      text:
        act === "agree"
          ? "accept what the other party says"
          : "contradict what the other party says; needs --why",
      options: [...PARTY, ...BY],
      examples: [`uptime-agent incident ${act} 1f0c… --party customer --why "checked"`],
    }),
  ),
  {
    group: "plan",
    name: "add",
    act: "plan",
    words: ["schedule"],
    isFirstOptional: false,
    text: "enter a planned-stop or no-demand, before it begins; needs --why",
    options: [...ASSET, ...SPAN, ...BY, ["--id <id>", "of the plan"]],
    examples: [
      'uptime-agent plan add planned-stop --asset press-01 --from "tomorrow 06:00" --to "tomorrow 08:00" --why "oil change"',
    ],
  },
  {
    group: "correct",
    name: "schedule",
    act: "schedule",
    words: ["schedule"],
    isFirstOptional: false,
    text: "what a past span was planned to be: scheduled, planned-stop, no-demand, unscheduled; needs --why",
    options: SAID,
    examples: [
      'uptime-agent correct schedule unscheduled --asset press-01 --from "yesterday 22:00" --to "yesterday 23:00" --why "strike"',
    ],
  },
  {
    group: "correct",
    name: "ideal",
    act: "ideal",
    words: [],
    isFirstOptional: false,
    text: "the ideal cycle of a recipe from some time on; needs --why",
    options: [
      ...SAID,
      ["--recipe <id>", "the recipe"],
      ["--ideal-cycle <duration>", "such as 1.2s"],
    ],
    examples: [
      'uptime-agent correct ideal --asset press-01 --recipe a7 --ideal-cycle 1.2s --from 06:00 --why "new tool"',
    ],
  },
  {
    group: null,
    name: "scrap",
    act: "scrap",
    words: ["window"],
    isFirstOptional: false,
    text: "late scrap: pieces of a window that turned out to be rejects, on top of those known; needs --why",
    options: [
      ...ASSET,
      ["--from <time>", "begin of the window, where it is named by its kind"],
      ["--reject <n>", "further rejects of the window"],
      ...PARTY,
      ...BY,
      ["--id <id>", "of the act: the same id again changes nothing"],
    ],
    examples: [
      'uptime-agent scrap hour --asset press-01 --from 14:00 --reject 3 --why "cracks"',
      'uptime-agent scrap gw-1/press-01/hour/2026-11-23T05:00:00.000Z/1 --reject 3 --why "cracks"',
    ],
  },
  {
    group: null,
    name: "maintenance",
    act: "maintenance",
    words: ["subject"],
    isFirstOptional: true,
    text: "something was repaired or exchanged: signals begin their baselines anew; needs --why",
    options: [...STEP, ["--points <list>", "points that it concerns; default all"]],
    examples: ['uptime-agent maintenance press-01 --points oilTemp --why "new pump"'],
  },
  ...(["acknowledge", "shelve", "unshelve"] as const).map(
    (name): ActVerb => ({
      group: "signals",
      name: name === "acknowledge" ? "ack" : name,
      act: `signal-${name}`,
      words: ["signal"],
      isFirstOptional: false,
      text: {
        acknowledge: "somebody has seen it",
        shelve: "be silent until some time; needs --why",
        unshelve: "be heard again",
      }[name],
      options: [
        ...ASSET,
        ...BY,
        ...(name === "shelve"
          ? ([["--until <time>", "end of the silence: in 8h, tomorrow 06:00"]] as const)
          : []),
      ],
      examples: [
        `uptime-agent signals ${name === "acknowledge" ? "ack" : name} oil-drift${name === "shelve" ? ' --until "in 8h" --why "known"' : ""}`,
      ],
    }),
  ),
];

/** `[subject] <attribution>`, for the help. */
export const wordsText = ({ words, isFirstOptional }: ActVerb): string =>
  words
    .map((word, i) => {
      const name = word === "subject" ? "incident-or-asset" : word;
      return i === 0 && isFirstOptional ? `[${name}]` : `<${name}>`;
    })
    .join(" ");
