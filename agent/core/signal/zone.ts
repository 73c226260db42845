/**
 * Evaluation zones of broad-band vibration as data. The numbers are from general knowledge of ISO 20816-3:2022, ISO
 * 10816-1 and ISO 10816-7: CHECK AGAINST YOUR LICENSED COPY; a configuration may give its own. Velocity only, steady
 * running only; an acceleration channel must not be zoned.
 */
import { ZONE, ZONE_BLOCKS } from "./cells.ts";
import type { ZoneModel } from "./model.ts";

const zone = (name: string, ab: number, bc: number, cd: number): ZoneModel => ({
  name,
  ab,
  bc,
  cd,
});

/** R.m.s. velocity in mm/s, 10 to 1000 Hz, on non-rotating parts: boundaries A/B, B/C, C/D. */
export const ZONES = [
  zone("group-1-rigid", 2.3, 4.5, 7.1),
  zone("group-1-flexible", 3.5, 7.1, 11),
  zone("group-2-rigid", 1.4, 2.8, 4.5),
  zone("group-2-flexible", 2.3, 4.5, 7.1),
  zone("group-3-rigid", 2.3, 4.5, 7.1),
  zone("group-3-flexible", 3.5, 7.1, 11),
  zone("group-4-rigid", 1.4, 2.8, 4.5),
  zone("group-4-flexible", 2.3, 4.5, 7.1),
  zone("class-1", 0.71, 1.8, 4.5),
  zone("class-2", 1.12, 2.8, 7.1),
  zone("class-3", 1.8, 4.5, 11.2),
  zone("class-4", 2.8, 7.1, 18),
  zone("pump-1-small", 2.5, 4, 6.6),
  zone("pump-1-large", 3.5, 5, 7.6),
  zone("pump-2-small", 3.2, 5.1, 8.5),
  zone("pump-2-large", 4.2, 6.1, 9.5),
] as const;

/** A change is significant when it exceeds this part of boundary B/C, whatever the zone (criterion II). */
const CHANGE = 0.25;
/** Blocks a zone must hold to count, and the part of a boundary by which it must be left again. */
const HOLD = 3;
const BACK = 0.05;

/** Zone level: 3 zone D, 2 zone C, 1 a significant change within A or B, 0 none of these. */
export function judgeZone(
  model: ZoneModel,
  cell: number[],
  value: number,
  change: number,
): boolean {
  const held = cell[ZONE]!;
  const level = levelOf(model, value, change, held);
  if (level === held) {
    cell[ZONE_BLOCKS] = 0;
    return false;
  }
  cell[ZONE_BLOCKS]! += 1;
  if (cell[ZONE_BLOCKS]! < HOLD) return false;
  cell[ZONE] = level;
  cell[ZONE_BLOCKS] = 0;
  return true;
}

function levelOf(model: ZoneModel, value: number, change: number, held: number): number {
  const bound = (limit: number, level: number): number => limit * (held >= level ? 1 - BACK : 1);
  if (value >= bound(model.cd, 3)) return 3;
  if (value >= bound(model.bc, 2)) return 2;
  return Math.abs(change) >= bound(CHANGE * model.bc, 1) ? 1 : 0;
}

export const ZONE_REASONS = ["inside", "change", "zone-c", "zone-d"] as const;

/** The boundary that a level stands for. */
export const boundaryOf = (model: ZoneModel, level: number): number => {
  if (level === 3) return model.cd;
  return level === 2 ? model.bc : CHANGE * model.bc;
};
