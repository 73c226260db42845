/** Runs inputs through the core as the shell does: annotations get their history, records become messages. */
import { advance, finish } from "../../agent/core/advance.ts";
import { type Core, type CoreState, coreOf, newCore } from "../../agent/core/core.ts";
import type { Fact, IntervalFact, RecordFact } from "../../agent/core/fact.ts";
import type { Input } from "../../agent/core/input.ts";
import { message } from "../../agent/record/message.ts";
import { memoryJournal, withHistory } from "../../agent/replay/journal.ts";
import { fromTaggedJson, toTaggedJson } from "../../agent/store/tagged-json.ts";

export interface Played {
  core: Core;
  facts: Fact[];
  records: RecordFact[];
  intervals: IntervalFact[];
  /** Topic and body of each record, in order. */
  messages: string[];
}

/** `interrupt` may replace the core before input `i`, and feed ticks. */
export function play(
  inputs: Input[],
  interrupt: (i: number, core: Core, tick: (at: number) => void) => Core = (_, core) => core,
): Played {
  let core = newCore();
  const journal = memoryJournal();
  const facts: Fact[] = [];
  const messages: string[] = [];
  // a record is told under the configuration it was made with
  const models = new Map(
    inputs.flatMap((input) =>
      input.kind === "config" ? [[input.hash, input.model] as const] : [],
    ),
  );
  const keep = (more: Fact[]): void => {
    journal.keep(more);
    facts.push(...more);
    for (const fact of more) {
      if (fact.kind !== "record") continue;
      const { topic, body } = message(fact, models.get(fact.configHash) ?? core.state.model);
      messages.push(JSON.stringify({ topic, body }));
    }
  };
  for (const [i, input] of inputs.entries()) {
    core = interrupt(i, core, (at) => keep(advance(core, { kind: "tick", at })));
    keep(advance(core, withHistory(core, journal, input)));
  }
  keep(finish(core));
  return {
    core,
    facts,
    messages,
    records: facts.filter((fact) => fact.kind === "record"),
    intervals: facts.filter((fact) => fact.kind === "interval"),
  };
}

/** The core as it comes out of the journal. */
export const revived = (core: Core): Core =>
  coreOf(fromTaggedJson(toTaggedJson(core.state)) as CoreState);
