/** The verbs that enter acts: makes the document, hands it to the running agent, says what became of it. */
import { userInfo } from "node:os";
import type { Answer } from "../acts/answer.ts";
import { momentOf } from "../acts/moment.ts";
import { systemClock } from "../clock.ts";
import { duration, usage, whole } from "../commission/target.ts";
import { askAgent } from "../control.ts";
import { Fault } from "../core/fault.ts";
import { loadPlant, type Plant } from "../plant.ts";
import { iso } from "../record/iso.ts";
import { storePaths } from "../storage.ts";
import { type ActVerb, type Word, wordsText } from "./act-verbs.ts";
import { EXIT, type GlobalOptions, print, say } from "./output.ts";

/** As commander gives them: texts, whatever they mean. */
export interface ActOptions extends GlobalOptions {
  config: string;
  [name: string]: unknown;
}

const TEXTS = ["id", "asset", "by", "why", "party", "severity", "recipe", "idealCycle"] as const;
const MOMENTS = ["from", "to", "at", "until"] as const;
/** The disk may take as long as the desk waits for it. */
const PATIENCE_MS = 10_000;

/** Throws `USAGE_INVALID`, `CONFIG_*`, and the faults of asking the agent. */
export async function actCommand(
  verb: ActVerb,
  words: string[],
  options: ActOptions,
): Promise<number> {
  const plant = loadPlant(options.config);
  const document = documentOf(verb, words, options, plant, systemClock.utc());
  return tell(await enterAct(plant, document, patienceOf(options)), options);
}

export const patienceOf = ({ timeout }: GlobalOptions): number =>
  timeout === undefined ? PATIENCE_MS : duration("--timeout", timeout);

export async function enterAct(plant: Plant, document: object, timeoutMs: number): Promise<Answer> {
  const { socket } = storePaths(plant);
  const answer = await askAgent(socket, { ask: "act", document }, timeoutMs);
  if (answer !== null) return answer as Answer;
  throw new Fault("AGENT_ABSENT", `no agent runs for ${plant.file}`, { socket });
}

/** The document that the words and options say. `now` in the gateway's zone dates `14:05`. */
export function documentOf(
  verb: ActVerb,
  words: string[],
  options: Record<string, unknown>,
  plant: Pick<Plant, "config">,
  now: number,
): Record<string, unknown> {
  const document: Record<string, unknown> = { act: verb.act, by: terminalUser() };
  for (const [word, text] of namedWords(verb, words)) place(document, word, text, plant);
  for (const key of TEXTS) if (typeof options[key] === "string") document[key] = options[key];
  for (const key of MOMENTS) {
    const text = options[key];
    if (typeof text === "string") document[key] = instantOf(key, text, now, plant);
  }
  if (typeof options["reject"] === "string")
    document["reject"] = whole("--reject", options["reject"], 1, 1_000_000_000);
  if (typeof options["points"] === "string") document["points"] = options["points"].split(",");
  if (options["remote"] === true) document["mode"] = "remote";
  return document;
}

/** Throws `USAGE_INVALID` for too many or too few words. */
function namedWords(verb: ActVerb, given: string[]): [Word, string][] {
  const { words, isFirstOptional } = verb;
  const least = words.length - (isFirstOptional ? 1 : 0);
  if (given.length < least || given.length > words.length) {
    const name = verb.group === null ? verb.name : `${verb.group} ${verb.name}`;
    throw usage(
      `${name} takes ${wordsText(verb) || "no words"}, not ${given.join(" ") || "nothing"}`,
    );
  }
  return words.slice(words.length - given.length).map((word, i) => [word, given[i] ?? ""]);
}

function place(
  document: Record<string, unknown>,
  word: Word,
  text: string,
  { config }: Pick<Plant, "config">,
): void {
  const key = word !== "subject" ? word : Object.hasOwn(config.assets, text) ? "asset" : "incident";
  document[key] = text;
}

function instantOf(
  key: string,
  text: string,
  now: number,
  { config }: Pick<Plant, "config">,
): string {
  const zone = config.gateway.timezone;
  const at = momentOf(text, now, zone);
  if (at !== null) return iso(at);
  throw usage(
    `--${key} must be a time such as 14:05, "yesterday 14:05", "20min ago" or 2026-11-23T14:05:00Z, not ${text}`,
  );
}

/** Who sits there: `sudo` hides it behind the agent's user. */
const terminalUser = (): string => process.env["SUDO_USER"] ?? userInfo().username;

function tell(answer: Answer, { json }: GlobalOptions): number {
  if (json) print(JSON.stringify(answer));
  if (answer.answer === "refused") {
    if (!json)
      for (const line of [answer.what, `because ${answer.why}`, `next: ${answer.next}`]) say(line);
    return EXIT.data;
  }
  if (!json) print(answer.message);
  if (!json && answer.answer === "accepted") say(`act ${answer.id}`);
  return answer.answer === "pending" ? EXIT.tryAgain : EXIT.done;
}
