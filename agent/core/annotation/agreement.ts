/**
 * Which annotations hold: at once where the contracts of the asset let their party decide, else from the other party's
 * agreement on. The same rule for the core, and for whoever reads a journal.
 */
import type { Deciders, Matter } from "../contract/model.ts";
import type { DecisionInput, Note, ReasonInput } from "./entered.ts";
import { withNote } from "./note.ts";

/** An annotation that waits for the other party, or that it disputes. */
export interface Unsettled {
  note: Note;
  status: "proposed" | "disputed";
}

/** Those that hold, in the order in which they do, and those that change nothing yet. */
export interface Agreement {
  holding: Note[];
  open: Unsettled[];
}

/** An annotation, and who decided what when it was entered: absent where no contract was. */
export interface Entry {
  input: ReasonInput;
  deciders: Deciders | undefined;
}

/** Of one asset. Terms that came later decide nothing anew. */
export function agreementOf(
  entries: readonly Entry[],
  decisions: readonly DecisionInput[],
): Agreement {
  const agreement: Agreement = { holding: [], open: [] };
  for (const { input, deciders } of entries) {
    const { history: _, ...note } = input;
    const answers = decisions.filter(
      (said) => said.annotation === note.id && said.party !== note.party,
    );
    const agreed = answers.find(({ decision }) => decision === "agreed");
    const held = holdsAtOnce(note, deciders) ? note : agreed && agreedNote(note, agreed);
    if (held) agreement.holding = withNote(agreement.holding, held);
    else agreement.open.push({ note, status: answers.length > 0 ? "disputed" : "proposed" });
  }
  return agreement;
}

/** An annotation holds from its agreement on, on the word of both. */
export const agreedNote = (note: Note, { at, by }: DecisionInput): Note => ({
  ...note,
  at,
  by: `${note.by}, agreed by ${by}`,
});

/** Whether an annotation holds without an answer: `deciders` are those of its asset, absent where no contract is. */
export function holdsAtOnce(note: Note, deciders: Deciders | undefined): boolean {
  const { party } = note;
  if (!party || !deciders) return true;
  return mattersOf(note).every((matter) => {
    const decider = deciders[matter];
    return decider === "either" || decider === party;
  });
}

function mattersOf(note: Note): Matter[] {
  const matters: Matter[] = [];
  if (note.reason !== null) matters.push("reason");
  if (note.attribution !== null) matters.push("attribution");
  if (note.schedule) matters.push("schedule");
  if (note.ideal) matters.push("ideal");
  return matters;
}
