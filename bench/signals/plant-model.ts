/**
 * The machining cell of `simulator/wear` as a technician would put it down: kinds of channels, what loads them, and the
 * values that mean failure. All else is the one frozen setting.
 */
import type { BankModel } from "../../agent/core/signal/model.ts";
import { autoChannel, countedChannel } from "../../agent/core/signal/settings-plant.ts";
import { AT, CHANNELS, type TraceChannelId } from "../../simulator/wear/channels.ts";

/** Values that mean failure at nominal load, as the plans of the faults have them. */
const THRESHOLDS: Partial<Record<TraceChannelId, number>> = {
  vibration: 7.1,
  filterDp: 0.7,
  current: 31.2,
};

/** ISO 20816-3 group 2, flexible: check against your licensed copy. */
const ZONE = { name: "iso20816-3/2/flexible", ab: 2.3, bc: 4.5, cd: 7.1 };

export const ALL = Object.keys(AT) as TraceChannelId[];

/** Load and ambient explain the others and are not watched for wear themselves. */
const EXPLAINS: readonly TraceChannelId[] = ["load", "ambient"];

/** The cell's cycle time told by a counter of pieces alone, beside its load and ambient. */
export function countedModel(): BankModel {
  const model = cellModel(["load", "ambient"]);
  model.channels.push({ ...countedChannel("cycleTime") });
  return model;
}

/** The model of the channels `ids`, in that order; load and ambient come first. */
export function cellModel(ids: readonly TraceChannelId[] = ALL): BankModel {
  const channels = ids.map((id) => {
    const { kind, unit } = CHANNELS[AT[id]];
    const channel = autoChannel(id, kind, unit);
    if (EXPLAINS.includes(id)) return { ...channel, drift: null, step: null };
    const threshold = THRESHOLDS[id] ?? null;
    return {
      ...channel,
      zone: id === "vibration" ? ZONE : null,
      drift: channel.drift && { ...channel.drift, threshold },
    };
  });
  const worn = ids.flatMap((id, i) => (EXPLAINS.includes(id) ? [] : [i]));
  return {
    channels,
    load: ids.indexOf("load"),
    ambient: ids.indexOf("ambient"),
    flow: ids.includes("flow") ? ids.indexOf("flow") : null,
    nominalLoad: 100,
    together: worn.length > 1 ? worn : null,
    settings: "sha256:plant",
  };
}
