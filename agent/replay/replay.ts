/**
 * The black box of the accounting (DESIGN 5.3): runs the whole core over recorded input, with no network and no wall
 * clock, and gives every record it would have published.
 */

import { type CalendarFeeds, calendarFeeds } from "../calendar/feeds.ts";
import { advance, finish } from "../core/advance.ts";
import { refusalOf } from "../core/annotation/decide.ts";
import { type Core, newCore } from "../core/core.ts";
import type { Fact } from "../core/fact.ts";
import { Fault } from "../core/fault.ts";
import type { Input } from "../core/input.ts";
import type { Millis } from "../core/time.ts";
import type { Plant } from "../plant.ts";
import { type Chain, seal } from "../record/chain.ts";
import { message } from "../record/message.ts";
import { modelsOf } from "../record/model-of.ts";
import type { ConfigLine, LineInput } from "./event.ts";
import { type Journal, memoryJournal, withHistory } from "./journal.ts";
import { readLine } from "./line.ts";
import { mergeCycles } from "./merge.ts";

export interface Replay {
  /** One line of input; empty lines are skipped. Throws `INPUT_INVALID` with the line number. */
  line(text: string): void;
  /** A ready input, of a raw log. */
  input(input: Input): void;
  /** Core time goes on to `until` inclusive; null: where the last line left it. */
  end(until: Millis | null): void;
}

export interface ReplayOptions {
  /** null: the input brings its own configuration (a raw log). */
  plant: Plant | null;
  /** Reads the file of a `config` line. */
  load: (file: string) => Plant;
  /** One output line without its line feed. */
  print: (line: string) => void;
}

export function replay({ plant: first, load, print }: ReplayOptions): Replay {
  let plant = first;
  const core: Core = newCore();
  const models = modelsOf(core);
  const journal: Journal = memoryJournal();
  const chain: Chain = { nextSeq: 1, heads: {}, replayed: true };
  let feeds: CalendarFeeds | null = null;
  let number = 0;
  /** The latest UTC that a line may not fall behind, and the lines of that instant. */
  let clock: Millis | null = null;
  let batch: LineInput[] = [];
  const numbers = new WeakMap<LineInput, number>();

  const publish = (facts: Fact[]): void => {
    journal.keep(facts);
    for (const fact of facts)
      if (fact.kind === "record") print(lineOf(seal(chain, message(fact, models.of(fact)))));
  };
  const step = (input: Input): void => {
    models.see(input);
    publish(advance(core, input));
  };
  const feedUntil = (at: Millis): void => {
    for (const known of feeds?.until(at) ?? []) step(known);
  };
  const configure = (at: Millis, next: Plant): void => {
    plant = next;
    feeds ??= calendarFeeds([], {});
    for (const known of feeds.configure(next.calendars, at, next.model.contracts)) step(known);
    step({ kind: "config", at, hash: next.hash, model: next.model });
  };
  const take = (input: LineInput): void => {
    feedUntil(input.kind === "clock" ? input.at + Math.max(0, input.stepMs) : input.at);
    if (input.kind === "config-file") configure(input.at, load(input.file));
    else {
      if (isEntered(input)) step({ kind: "tick", at: input.at });
      step(judged(core, withHistory(core, journal, input), numbers.get(input) ?? number));
    }
  };
  const drain = (): void => {
    for (const input of mergeCycles(batch)) take(input);
    batch = [];
  };

  const gather = (inputs: LineInput[]): void => {
    batch.push(...inputs);
    for (const input of inputs) if (isEntered(input)) numbers.set(input, number);
    const [first] = inputs;
    if (first?.kind === "clock") clock = Math.min(first.at, first.at + first.stepMs);
    if (first?.kind === "config-file") drain();
  };

  return {
    line(text) {
      number++;
      if (text.trim() === "") return;
      if (plant === null) throw new Fault("INPUT_INVALID", "lines need a configuration");
      const inputs = readLine(text, number, plant.model);
      const { at } = inputs[0] as LineInput;
      if (clock !== null && at < clock) refuse(number, '"at" goes backward without a clock step');
      if (feeds === null) configure(at, plant);
      if (clock !== at) drain();
      clock = at;
      gather(inputs);
    },
    input(input) {
      step(input);
    },
    end(until) {
      drain();
      if (until !== null) {
        feedUntil(until);
        step({ kind: "tick", at: until });
      }
      publish(finish(core));
    },
  };
}

const lineOf = ({ topic, payload }: { topic: string; payload: string }): string =>
  `{"topic":${JSON.stringify(topic)},"payload":${payload}}`;

const ENTERED = ["plan", "reason", "decision", "counts", "act", "signal-act"];

/** What people entered: a running agent takes or refuses it, and records only what it took. */
const isEntered = (input: LineInput): input is Exclude<LineInput, ConfigLine> =>
  ENTERED.includes(input.kind);

/** The input, or throws what a running agent would have answered. */
function judged(core: Core, input: Input, line: number): Input {
  const refusal = ENTERED.includes(input.kind) ? refusalOf(core, input) : null;
  return refusal === null ? input : refuse(line, refusal);
}

function refuse(line: number, why: string): never {
  throw new Fault("INPUT_INVALID", `line ${line}: ${why}`, { line });
}
