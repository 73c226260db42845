/** One look at a machine: what the core makes of it and the values behind that, at one instant. Decides nothing. */
import type { AssetPicture, Picture, PointPicture } from "../commission/picture.ts";
import { Fault } from "../core/fault.ts";
import type { Millis } from "../core/time.ts";
import { iso, isoOrNull } from "../record/iso.ts";

export interface PointSight extends Pick<PointPicture, "id" | "value" | "quality" | "reason"> {
  /** Its last good cycle on the axis, null when it never was good. */
  goodAt: Millis | null;
}

export interface Sight {
  at: Millis;
  condition: string;
  cause: string | null;
  reason: string | null;
  since: Millis | null;
  /** Previous good cycle of the source that decided: the edge lies in (edgeFrom, since]. */
  edgeFrom: Millis | null;
  points: PointSight[];
}

/** Throws `USAGE_INVALID` where the picture does not show the asset: the agent runs with another configuration. */
export function sightOf(picture: Picture, asset: string): Sight {
  const shown = picture.assets.find(({ id }) => id === asset);
  if (shown) return seen(Date.parse(picture.at), shown);
  throw new Fault("USAGE_INVALID", `the agent that runs knows no asset ${asset}: restart it first`);
}

function seen(at: Millis, shown: AssetPicture): Sight {
  const { condition, cause, reason, since, edgeFrom, points } = shown;
  return {
    ...{ at, condition, cause, reason },
    since: since === null ? null : Date.parse(since),
    edgeFrom: edgeFrom === null ? null : Date.parse(edgeFrom),
    points: points.map(({ id, value, quality, reason: why, ageMs }) => ({
      ...{ id, value, quality, reason: why },
      goodAt: ageMs === null ? null : Math.round(at - ageMs),
    })),
  };
}

/** A sight as a record keeps it: instants as text, points by id. */
export interface KeptSight {
  at: string;
  condition: string;
  cause: string | null;
  reason: string | null;
  since: string | null;
  edgeFrom: string | null;
  /** Last good values. */
  values: Record<string, string | number | boolean | null>;
  /** Points that are not good, and why. */
  bad: Record<string, string>;
}

/** `matters`: the points to keep. */
export function keptSight(sight: Sight, matters: readonly string[]): KeptSight {
  const { at, condition, cause, reason, since, edgeFrom } = sight;
  const points = sight.points.filter(({ id }) => matters.includes(id));
  const bad = points.filter(({ quality }) => quality !== "good");
  return {
    ...{ at: iso(at), condition, cause, reason },
    ...{ since: isoOrNull(since), edgeFrom: isoOrNull(edgeFrom) },
    values: Object.fromEntries(points.map(({ id, value }) => [id, plain(value)])),
    bad: Object.fromEntries(bad.map(({ id, quality, reason: why }) => [id, why ?? quality])),
  };
}

const plain = (value: PointSight["value"]): string | number | boolean | null =>
  typeof value === "bigint" ? String(value) : value;
