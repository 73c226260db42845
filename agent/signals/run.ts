/**
 * The stream detectors over rows: novelty where there is one channel, MSPC where there are more, one learned model per
 * operating state. The verdict of a row depends on no later row. Refuses to print or to score.
 */
import {
  blindChannels,
  type MspcState,
  mspcContributions,
  newMspc,
  statisticOf,
  stepMspc,
} from "../core/signal/mspc.ts";
import {
  type NoveltyKind,
  type NoveltyState,
  newNovelty,
  noveltyKind,
  stepNovelty,
} from "../core/signal/novelty.ts";
import { quietVerdict, type RowVerdict } from "../core/signal/row.ts";
import type { StreamProfile } from "./profile.ts";

/** A detector at work on one operating state; its state inside is plain data. */
export interface Watch {
  step(x: ArrayLike<number>, verdict: RowVerdict): void;
  /** For evidence: channel shares that sum to 1, or what kind of novelty it is. */
  explain(): { shares: number[]; kind: NoveltyKind | null };
  /** The statistic on the scale of its limit. */
  statistic(): number;
  blind(): number[];
  model(): MspcState | NoveltyState;
}

export function newWatch(channels: number, profile: StreamProfile): Watch {
  return channels === 1 ? noveltyWatch(profile) : mspcWatch(channels, profile);
}

function mspcWatch(channels: number, profile: StreamProfile): Watch {
  const state = newMspc(channels, profile.mspc);
  return {
    step: (x, verdict) => stepMspc(state, x, verdict),
    explain: () => ({ shares: mspcContributions(state).map(({ share }) => share), kind: null }),
    statistic: () => statisticOf(state) / state.settings.on,
    blind: () => blindChannels(state),
    model: () => state,
  };
}

function noveltyWatch(profile: StreamProfile): Watch {
  const state = newNovelty(profile.novelty);
  return {
    step: (x, verdict) => stepNovelty(state, x, verdict),
    explain: () => ({ shares: [1], kind: noveltyKind(state) }),
    statistic: () => state.peak / state.settings.novel / state.settings.on,
    blind: () => [],
    model: () => state,
  };
}

/** Rows after a change of the operating state that are neither learned nor judged. */
export const SETTLING = 10;

export interface Runner {
  /** Takes a row with its operating state in; false where the row is not judged because the state settles. */
  row(x: ArrayLike<number>, state: string, verdict: RowVerdict): boolean;
  /** The detector of the newest row. */
  watch(): Watch;
  watches(): ReadonlyMap<string, Watch>;
}

export function newRunner(channels: number, profile: StreamProfile): Runner {
  const watches = new Map<string, Watch>();
  let current: string | null = null;
  let watch = newWatch(channels, profile);
  let settling = 0;
  return {
    row(x, state, verdict) {
      if (state !== current) {
        settling = current === null ? 0 : SETTLING;
        current = state;
        watch = watches.get(state) ?? (watches.size === 0 ? watch : newWatch(channels, profile));
        watches.set(state, watch);
      }
      if (settling > 0) {
        settling--;
        Object.assign(verdict, quietVerdict());
        return false;
      }
      watch.step(x, verdict);
      return true;
    },
    watch: () => watch,
    watches: () => watches,
  };
}
