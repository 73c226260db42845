/**
 * Channels that no longer go together: MSPC over the residuals of 10-minute blocks, in baseline sd, with the channels that
 * carry it. Keeps silent while a channel of its own has said the same. The statistics are those of `mspc.ts`.
 */
import type { Millis } from "../time.ts";
import type { SignalChange } from "./change.ts";
import type { Diary } from "./diary.ts";
import { raise, relent, type Signals } from "./life.ts";
import type { BankModel } from "./model.ts";
import { type MspcState, mspcContributions, newMspc, statisticOf, stepMspc } from "./mspc.ts";
import { evidenceAt } from "./report.ts";
import { quietVerdict } from "./row.ts";
import { MSPC, type MspcSettings } from "./settings-stream.ts";

/** Blocks, not samples: learned from weeks, told after hours, and never for a hair's breadth. */
const BLOCKWISE: MspcSettings = {
  ...MSPC,
  train: 600,
  detrend: 0.002,
  budget: 2,
  on: 3.3,
  rowsOn: 6,
  rowsOff: 48,
};

const ID = "machine-pattern";
const SHOWN = 3;

export interface Patterned {
  diary: Diary;
  signals: Signals;
  pattern: MspcState | null;
}

/** One row: `z` by channel of the model, NaN where there was no block or no baseline. */
export function judgePattern(
  model: BankModel,
  bank: Patterned,
  z: readonly number[],
): SignalChange | null {
  const { together } = model;
  if (together === null || together.length < 2) return null;
  if (bank.pattern?.channels !== together.length)
    bank.pattern = newMspc(together.length, BLOCKWISE);
  const row = together.map((channel) => z[channel]!);
  if (row.some((one) => !(one - one === 0))) return null;
  const verdict = quietVerdict();
  stepMspc(bank.pattern, row, verdict);
  const at = bank.diary.ranAt;
  if (!verdict.alarm) return relent(bank.signals, ID, at);
  return tellPattern(model, bank, bank.pattern, together, at);
}

function tellPattern(
  model: BankModel,
  bank: Patterned,
  pattern: MspcState,
  together: readonly number[],
  at: Millis,
): SignalChange | null {
  const shares = mspcContributions(pattern)
    .map(({ channel, share }) => ({ channel: model.channels[together[channel]!]!.id, share }))
    .sort((a, b) => b.share - a.share)
    .slice(0, SHOWN);
  const said = Object.values(bank.signals).some(
    ({ stage, channel }) => stage === "raised" && channel === shares[0]?.channel,
  );
  // What a channel has said is not told anew while it fades.
  const fades = statisticOf(pattern) <= BLOCKWISE.on;
  if ((said || fades) && bank.signals[ID]?.stage !== "raised") return null;
  const { state, recipe, runMs } = bank.diary;
  const evidence = evidenceAt(model, { at, runMs, state, recipe, observed: true }, "together");
  evidence.statistic = statisticOf(pattern);
  evidence.against = BLOCKWISE.on;
  evidence.contributions = shares;
  return raise(
    bank.signals,
    {
      id: ID,
      kind: "pattern",
      detector: "mspc",
      channel: null,
      severity: "advisory",
      onset: null,
      baseline: null,
      evidence,
    },
    at,
  );
}
