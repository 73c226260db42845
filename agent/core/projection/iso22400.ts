/**
 * ISO 22400-2 names for the timeline: time elements and KPIs (metrics reference A2, B3). ADET and ADOT follow the
 * standard's words (delay while an order runs, down without one), which are not everyday words. The standard's
 * FE+1 divisor of MTBF is not used.
 */
import type { Millis } from "../time.ts";
import { type Cell, sumMs } from "./cell.ts";
import { share } from "./share.ts";

/** Milliseconds, observed. PBT = APT + AUST + ADET + ADOT, and is the loading time of our availability. */
export interface IsoTimes {
  /** Planned operation: everything but unscheduled. */
  POT: Millis;
  PBT: Millis;
  APT: Millis;
  AUST: Millis;
  ADET: Millis;
  ADOT: Millis;
}

/** Pieces of the span, null where they are undefined. */
export interface IsoPieces {
  /** Σ ideal time of all pieces, and of the good ones, µs. */
  idealTotalUs: number | null;
  idealGoodUs: number | null;
  /** Produced and good quantity. */
  PQ: number | null;
  GQ: number | null;
}

/** No order is known to run: waiting for one, trials, and switched off (kept inside PBT, so that availability is ours). */
const ORDERLESS = ["idle", "engineering", "off"];

export function isoTimes(cells: readonly Cell[]): IsoTimes {
  const seen = cells.filter((cell) => cell.condition !== "unknown");
  const loading = seen.filter((cell) => cell.schedule === "scheduled");
  const PBT = sumMs(loading, () => true);
  const APT = sumMs(loading, (cell) => cell.condition === "producing");
  const AUST = sumMs(loading, (cell) => cell.condition === "setup");
  const ADOT = sumMs(loading, (cell) => ORDERLESS.includes(cell.condition));
  return {
    POT: sumMs(seen, (cell) => cell.schedule !== "unscheduled"),
    ...{ PBT, APT, AUST, ADET: PBT - APT - AUST - ADOT, ADOT },
  };
}

export interface Iso22400 {
  availability: number | null;
  effectiveness: number | null;
  qualityRatio: number | null;
  oee: number | null;
  /** OEE with set-up as no loss. */
  nee: number | null;
  allocationEfficiency: number | null;
  utilizationEfficiency: number | null;
  technicalEfficiency: number | null;
  setupRatio: number | null;
}

/** OEE and NEE weigh pieces by ideal time: the product of the printed factors for one recipe, and right for several. */
export function iso22400({ PBT, APT, AUST, ADET }: IsoTimes, pieces: IsoPieces): Iso22400 {
  const { idealTotalUs, idealGoodUs, PQ, GQ } = pieces;
  const AUPT = APT + AUST;
  const AUBT = AUPT + ADET;
  return {
    availability: share([APT], [PBT]),
    effectiveness: share([idealTotalUs], [APT, 1000]),
    qualityRatio: share([GQ], [PQ]),
    oee: share([idealGoodUs], [PBT, 1000]),
    nee: share([AUPT, idealGoodUs], [PBT, APT, 1000]),
    allocationEfficiency: share([AUBT], [PBT]),
    utilizationEfficiency: share([APT], [AUBT]),
    technicalEfficiency: share([APT], [APT + ADET]),
    setupRatio: share([AUST], [AUPT]),
  };
}
