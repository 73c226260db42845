/** `upstream` of points: causes that exist, can be watched, and never lead back to where they came from. */
import type { DraftAsset } from "../draft.ts";
import type { Path } from "../problem.ts";
import type { Point } from "../types.ts";
import { isTimed, isWatchable, kindOfPoint, upstreamOf } from "../watchable.ts";
import { error, type Report } from "./report.ts";
import { findPoint } from "./when.ts";

/** `unwatchable` says why a point cannot be watched. */
export function checkUpstream(
  report: Report,
  path: Path,
  asset: DraftAsset,
  unwatchable: (point: Point) => string,
): void {
  for (const id of Object.keys(asset.points))
    for (const [index, cause] of upstreamOf(asset.points[id]).entries()) {
      const at = [...path, "points", id, "upstream", index];
      const point = findPoint(report, at, cause, asset);
      if (point === null) continue;
      if (!isWatchable(point) && !isTimed(point, kindOfPoint(point)))
        error(report, at, `${cause}: ${unwatchable(point)}`);
      if (leadsTo(asset, cause, id))
        error(report, at, `${cause} has ${id} upstream of it: each would wait for the other`);
    }
}

const pointIn = ({ points }: DraftAsset, id: string): Point | null =>
  Object.hasOwn(points, id) ? (points[id] ?? null) : null;

/** Whether `goal` is `from`, or upstream of it. */
function leadsTo(asset: DraftAsset, from: string, goal: string): boolean {
  const seen = new Set([from]);
  for (const id of seen) for (const cause of upstreamOf(pointIn(asset, id))) seen.add(cause);
  return seen.has(goal);
}
