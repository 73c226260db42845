/** Oracle, step 7: counts booked into one window. Accounting rules 8 and 9. */
import type { AssetModel, PointModel } from "../../agent/core/model.ts";
import type { PointHistory } from "./points.ts";
import type { Piece, Recipe } from "./timeline.ts";
import { type Planned, scheduleAt } from "./window.ts";

export type Place = "loading" | "recovered" | "outside";
export type Role = "total" | "good" | "reject";

export interface Booking {
  at: number;
  since: number;
  role: Role;
  pieces: number;
  extra: number;
  place: Place;
  recipe: Recipe;
  flag: string | null;
}

export const ROLES: Role[] = ["total", "good", "reject"];

/** Every step of the asset's configured counters, booked at the sample that shows it. */
export function bookings(
  asset: AssetModel,
  points: PointHistory[],
  pieces: Piece[],
  recipes: Recipe[],
  schedule: Planned[],
): Booking[] {
  return ROLES.flatMap((role) => {
    const index = asset.counts?.[role];
    if (index === null || index === undefined) return [];
    const point = asset.points[index] as PointModel;
    const each = point.counter?.pieces ?? 1;
    const hold = asset.sources[point.source]?.holdMs ?? 0;
    return (points[index]?.counts ?? []).map((step): Booking => {
      const found = step.at - step.since > hold || blind(pieces, step.since, step.at);
      const inside = scheduleAt(schedule, step.at) === "scheduled";
      return {
        at: step.at,
        since: step.since,
        role,
        pieces: Number(step.delta) * each,
        extra: Number(step.extra) * each,
        place: inside ? (found ? "recovered" : "loading") : "outside",
        recipe: recipes[step.i] as Recipe,
        flag: step.flag,
      };
    });
  });
}

/** Whether `[from, to)` touches unknown time. */
const blind = (pieces: Piece[], from: number, to: number): boolean =>
  pieces.some(
    (piece) =>
      piece.condition === "unknown" && piece.to > piece.from && piece.from < to && piece.to > from,
  );

/**
 * Whether the unknown span is bridged: every counter was read before it and after it, inside the window, without doubt;
 * and what it moved in loading time was booked as recovered, not outside.
 */
export function bridged(
  asset: AssetModel,
  booked: Booking[],
  schedule: Planned[],
  span: { from: number; to: number },
  to: number,
): boolean {
  const loading = schedule.filter((one) => one.schedule === "scheduled");
  return ROLES.every((role) => {
    const index = asset.counts?.[role];
    if (index === null || index === undefined) return true;
    const over = booked.filter(
      (one) => one.role === role && one.since < span.to && one.at > span.from,
    );
    const first = over[0];
    const last = over.at(-1);
    if (!first || !last) return false;
    const astray = over.some(
      (one) =>
        one.place === "outside" &&
        loading.some(
          (load) => Math.min(load.to, span.to, one.at) > Math.max(load.from, span.from, one.since),
        ),
    );
    const sure = over.every((one) => one.flag === null);
    return first.since <= span.from && last.at >= span.to && last.at < to && sure && !astray;
  });
}
