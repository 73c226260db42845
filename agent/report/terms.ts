/** The figures of a report under the names of a standard. Aliases: our own names and numbers stay the record. */
import { e10, e10Times } from "../core/projection/e10.ts";
import { iso22400, isoTimes } from "../core/projection/iso22400.ts";
import { effectiveness } from "../core/projection/teep.ts";
import { vdi3423, vdiTimes } from "../core/projection/vdi3423.ts";
import type { Figures } from "./build.ts";
import { clockTime, percent } from "./words.ts";

export const TERMS = ["e10", "iso22400", "vdi3423"] as const;
export type Terms = (typeof TERMS)[number];

/** `ms` milliseconds, or a `share` of 1. */
export interface Term {
  name: string;
  unit: "ms" | "share";
  value: number | null;
}

const times = (of: Record<string, number | null>): Term[] =>
  Object.entries(of).map(([name, value]) => ({ name, unit: "ms", value }));
const shares = (of: object): Term[] =>
  Object.entries(of).map(([name, value]) => ({ name, unit: "share", value }));

export function termsOf(terms: Terms, figures: Figures): Term[] {
  switch (terms) {
    case "e10":
      return e10Terms(figures);
    case "iso22400":
      return isoTerms(figures);
    case "vdi3423": {
      const elements = vdiTimes(figures.cells);
      return [...times({ ...elements }), ...shares(vdi3423(elements))];
    }
  }
}

function e10Terms({ cells, totals }: Figures): Term[] {
  const { failures, ...states } = e10Times(cells, totals.failures);
  const { operationsMs, uptimeMs, mtbfMs, ...rates } = e10({ ...states, failures });
  return [
    ...times(states),
    ...times({ operationsTime: operationsMs, equipmentUptime: uptimeMs, MTBFp: mtbfMs }),
    ...shares(rates),
  ];
}

function isoTerms({ cells, totals }: Figures): Term[] {
  const { pieces, scheduleMs, lengthMs, conditionMs } = totals;
  const counted = pieces.machines > 0;
  const known = (value: number | null): number | null => (counted ? value : null);
  const elements = isoTimes(cells);
  const made = {
    ...{ idealTotalUs: known(pieces.idealTotalUs), idealGoodUs: known(pieces.idealGoodUs) },
    ...{ PQ: known(pieces.total), GQ: known(pieces.good) },
  };
  const { ooe, teep, utilization } = effectiveness(made.idealGoodUs, {
    loadingMs: totals.loadingMs - totals.blindMs,
    shiftMs: lengthMs - scheduleMs.unscheduled - totals.blindMs,
    calendarMs: lengthMs - conditionMs.unknown,
  });
  return [
    ...times({ ...elements }),
    ...shares({ ...iso22400(elements, made), ooe, teep, utilization }),
  ];
}

export const termText = ({ unit, value }: Term): string =>
  unit === "ms" ? clockTime(value) : percent(value);
