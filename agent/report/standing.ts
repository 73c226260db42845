/**
 * How contracts stand in a period, folded anew from the journal by the contract's own rules, with incidents as records
 * tell them.
 */
import type { FedCalendar } from "../calendar/feed.ts";
import { periodFeed } from "../calendar/period.ts";
import type { Note } from "../core/annotation/entered.ts";
import { annotate, annotateCounts, meets } from "../core/annotation/note.ts";
import { changeIfAgreed } from "../core/annotation/proposal.ts";
import type { StandingBody } from "../core/contract/body.ts";
import { bookCount, bookInterval, notePlan } from "../core/contract/fold.ts";
import type { ContractModel } from "../core/contract/model.ts";
import type { Incidents } from "../core/contract/response.ts";
import { standingOf } from "../core/contract/standing.ts";
import { type ContractState, newContract, noteUnread, openPeriod } from "../core/contract/state.ts";
import type { PeriodInput } from "../core/input.ts";
import type { Millis } from "../core/time.ts";
import { isUnread } from "../core/unread.ts";
import { sumsOf } from "./build.ts";
import type { Slice } from "./slice.ts";

export interface Term {
  contract: ContractModel;
  calendars: readonly FedCalendar[];
}

/** The periods that the standing at `at` needs: the one that holds it, of a rolling one the months before too. */
export function periodsAt({ contract, calendars }: Term, at: Millis): PeriodInput[] {
  const periods: PeriodInput[] = [];
  for (let t = at; periods.length < contract.months; ) {
    const [period] = periodFeed(contract, calendars, null).until(t);
    if (!period) break;
    periods.unshift(period);
    t = period.from - 1;
  }
  return periods;
}

/** null: the contract has no effect then. `slices`: one for each of its machines, over all of `periods`. */
export function standingAt(
  model: ContractModel,
  periods: readonly PeriodInput[],
  slices: readonly Slice[],
  incidents: Incidents,
): StandingBody | null {
  const state = newContract(model);
  for (const period of periods) openPeriod(model, state, period);
  const last = periods.at(-1);
  const current = state.periods.find((period) => last && meets(period, last));
  if (!current || slices.length === 0) return null;
  for (const slice of slices) fold(model, state, slice);
  const at = Math.min(...slices.map(({ settledTo }) => settledTo));
  const proposed = Object.fromEntries(
    slices.map((slice) => [slice.asset.id, changeIfAgreed(slice, slice.notes, openNotes(slice))]),
  );
  const outlook = { at, tails: {}, counts: [], incidents, proposed };
  return standingOf(model, state, current, outlook, at >= current.to).body;
}

function fold(model: ContractModel, state: ContractState, slice: Slice): void {
  for (const plan of slice.plans) notePlan(model, state, plan);
  for (const interval of annotate(slice.intervals, slice.notes))
    if (interval.to > slice.from) bookInterval(model, state, interval);
  const all = { from: slice.from, to: Number.MAX_SAFE_INTEGER };
  noteUnread(state, slice.asset.id, all, isUnread(sumsOf(slice), false));
  for (const count of annotateCounts(slice.counts, slice.notes)) bookCount(model, state, count);
}

const openNotes = ({ unsettled }: Slice): Note[] => unsettled.map(({ note }) => note);
