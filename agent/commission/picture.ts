/** The machines as the core sees them now: values, quality, age and condition, for `watch`. Changes nothing. */
import type { AssetState, PointState } from "../core/asset.ts";
import type { Core } from "../core/core.ts";
import type { Value } from "../core/model.ts";
import type { AssetPlan } from "../core/plant.ts";
import type { Millis } from "../core/time.ts";
import { lastGood } from "../core/timeline/point.ts";
import { current } from "../core/timeline/track.ts";
import { iso, isoOrNull } from "../record/iso.ts";

export interface PointPicture {
  id: string;
  source: string;
  /** The last good value; whole numbers beyond 2^53 as text, null before the first. */
  value: Value | null;
  unit: string | null;
  /** `stale`: good once, and not heard of for longer than its hold. */
  quality: "good" | "bad" | "stale";
  /** Why it is bad. */
  reason: string | null;
  /** Milliseconds since it was last good, null when it never was. */
  ageMs: Millis | null;
}

export interface AssetPicture {
  id: string;
  condition: string;
  cause: string | null;
  reason: string | null;
  since: string | null;
  /** Where its edge may really lie: the previous good cycle of the deciding source; null: no uncertainty is known. */
  edgeFrom: string | null;
  points: PointPicture[];
}

export interface Picture {
  at: string;
  assets: AssetPicture[];
}

/** `now`: the axis. */
export function pictureOf(core: Core, now: Millis): Picture {
  const assets = [...core.byId.values()].flatMap((asset) => {
    const plan = core.plan.assets.get(asset.id);
    return plan ? [assetPicture(asset, plan, now - core.state.offset)] : [];
  });
  return { at: iso(now), assets };
}

function assetPicture(asset: AssetState, plan: AssetPlan, mono: Millis): AssetPicture {
  const { told } = asset;
  return {
    id: asset.id,
    condition: told?.condition ?? "unknown",
    cause: told?.cause ?? null,
    reason: told?.reason ?? null,
    since: told ? iso(told.since) : null,
    edgeFrom: isoOrNull(current(asset.track).edgeFrom),
    points: plan.model.points.map(({ id, source, unit }, i) => {
      const point = asset.points[i] as PointState;
      const good = lastGood(asset, plan, i);
      const ageMs = good ? Math.max(0, mono - good.mono) : null;
      const { id: name = "", holdMs = 0 } = plan.model.sources[source] ?? {};
      const isStale = ageMs !== null && ageMs > holdMs;
      return {
        id,
        source: name,
        value: typeof point.value === "bigint" ? String(point.value) : point.value,
        unit,
        quality: !point.tracking ? "bad" : isStale ? "stale" : "good",
        reason: point.failure,
        ageMs,
      };
    }),
  };
}
