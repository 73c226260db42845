/**
 * Who may say what: an annotation of a party holds at once where the contracts of the asset let that party decide;
 * otherwise it is proposed, and changes nothing until the other party agrees. Every step is told as an event.
 */

import type { AssetState, Proposal } from "../asset.ts";
import type { Change } from "../contract/amend.ts";
import { restateContracts } from "../contracts.ts";
import { type Core, event } from "../core.ts";
import { actRefusal, showAttribution } from "../incidents.ts";
import type { Input } from "../input.ts";
import { signalRefusal } from "../signal/act.ts";
import type { Span } from "../time.ts";
import { agreedNote, holdsAtOnce } from "./agreement.ts";
import type { CountsInput, DecisionInput, LateInput, Note, ReasonInput } from "./entered.ts";
import { historyOf } from "./history.ts";
import { isBroad } from "./note.ts";
import { proposalOf } from "./proposal.ts";
import { type Amendment, applyNote, reviseCounts, scrapExcess, scrapRefusal } from "./revise.ts";

export function decide(core: Core, asset: AssetState, input: LateInput): void {
  if (input.kind === "counts")
    restateContracts(core, asset, () => {
      const scrap = reviseCounts(core, asset, input);
      return scrap && { before: [], after: [], counts: { before: [], after: [scrap] } };
    });
  else if (input.kind === "decision") answer(core, asset, input);
  else annotateWith(core, asset, input);
}

/** The span whose history the core needs to judge the input; null when it concerns nothing known. */
export function concernOf(core: Core, input: LateInput): Span | null {
  if (input.kind === "reason") return { from: input.from, to: input.to };
  if (input.kind === "counts") return { from: input.from, to: input.from + 1 };
  const asset = core.byId.get(input.asset);
  return asset?.proposals.find(({ note }) => note.id === input.annotation)?.note ?? null;
}

/** Why the core would not take what somebody entered, as things stand; null: it would. */
export function refusalOf(core: Core, input: Input): string | null {
  switch (input.kind) {
    case "act":
      return actRefusal(core, input);
    case "decision":
      return decisionRefusal(core, input);
    case "counts":
      return absence(core, input.asset) ?? countsRefusal(core, input);
    case "plan":
      return absence(core, input.asset);
    case "signal-act": {
      const asset = core.byId.get(input.asset);
      if (!asset) return absence(core, input.asset);
      return signalRefusal(asset.watch?.bank.signals ?? {}, input);
    }
    case "reason": {
      const asset = core.byId.get(input.asset);
      return asset ? noteRefusal(asset, input) : absence(core, input.asset);
    }
    default:
      return null;
  }
}

const absence = (core: Core, asset: string): string | null =>
  core.byId.has(asset) ? null : `there is no asset "${asset}"`;

function decisionRefusal(core: Core, input: DecisionInput): string | null {
  const { annotation, party } = input;
  const asset = core.byId.get(input.asset);
  const proposal = asset?.proposals.find(({ note }) => note.id === annotation);
  if (!proposal) return `no annotation "${annotation}" of ${input.asset} waits for an answer`;
  return proposal.note.party === party
    ? `annotation "${annotation}" was proposed by the ${party}; the other party decides`
    : null;
}

/** Late scrap needs no agreement; a contract may leave it to one party alone. Its window is asked for once its history is there. */
function countsRefusal(core: Core, input: CountsInput): string | null {
  const decider = core.plan.deciders.get(input.asset)?.counts;
  const isLeft = decider === "supplier" || decider === "customer";
  if (isLeft && input.party !== decider)
    return `the contract of ${input.asset} leaves counts to the ${decider}`;
  const asset = core.byId.get(input.asset);
  if (!asset || !input.history) return null;
  return scrapRefusal(core, asset, input) ?? scrapExcess(core, asset, input);
}

function annotateWith(core: Core, asset: AssetState, { history, ...note }: ReasonInput): void {
  if (isKnown(asset, note) || noteRefusal(asset, note) !== null) return;
  if (!holdsAtOnce(note, core.plan.deciders.get(asset.id))) {
    const known = historyOf(core, asset, history);
    restateContracts(core, asset, () => {
      asset.proposals.push(proposalOf(note, known, asset.ledger.open));
      return null;
    });
    tell(core, asset, note, { status: "proposed", by: note.by, why: note.why });
    return;
  }
  restateContracts(core, asset, () => {
    showAttribution(core, asset, note);
    return changeOf(applyNote(core, asset, note, history));
  });
  if (note.party) tell(core, asset, note, { status: "agreed", by: note.by, why: note.why });
}

/** A corrected schedule or ideal cycle concerns what is settled; the time to come is the configuration's. */
function noteRefusal({ ledger }: AssetState, note: Note): string | null {
  if (note.to <= note.from) return "the span is empty";
  if (note.from > note.at) return "it begins in the future";
  if (!isBroad(note) || note.to <= ledger.to) return null;
  const minutes = Math.ceil((note.at - ledger.to) / 60_000);
  return `a corrected schedule or ideal cycle may reach no closer than ${minutes} min to now`;
}

const isKnown = (asset: AssetState, { id }: Note): boolean =>
  id !== undefined &&
  (asset.notes.some((note) => note.id === id) ||
    asset.proposals.some(({ note }) => note.id === id));

function answer(core: Core, asset: AssetState, input: DecisionInput): void {
  const proposal = asset.proposals.find(({ note }) => note.id === input.annotation);
  if (!proposal || proposal.note.party === input.party) return;
  const { note } = proposal;
  const { by, why, decision: status } = input;
  if (status === "disputed") proposal.status = "disputed";
  else {
    const agreed = agreedNote(note, input);
    restateContracts(core, asset, () => {
      asset.proposals = asset.proposals.filter((other) => other !== proposal);
      showAttribution(core, asset, agreed);
      return changeOf(applyNote(core, asset, agreed, input.history));
    });
  }
  tell(core, asset, note, { status, by, why });
}

const changeOf = ({ before, after }: Amendment): Change => ({
  before: before.pieces,
  after: after.pieces,
  counts: { before: before.counts, after: after.counts },
});

function tell(
  core: Core,
  asset: AssetState,
  note: Note,
  step: { status: "agreed" | Proposal["status"]; by: string; why: string },
): void {
  const detail = {
    annotation: note.id ?? null,
    party: note.party ?? null,
    attribution: note.attribution,
    reason: note.reason,
    schedule: note.schedule ?? null,
    idealCycleUs: note.ideal?.idealCycleUs ?? null,
    ...step,
  };
  event(core, asset, { type: "data", start: note.from, end: note.to, detail });
}
