/**
 * What wears how: the ways a machine or a sensor goes bad, by progress from 0 (onset) to 1 (failure). One physics for the
 * fast traces and for the machines on the wire. Knows no time, no sensors and no machines.
 */

export const WEARS = ["bearing", "filter", "tool", "cavitation", "belt"] as const;
export const SENSOR_FAULTS = ["sensor-stuck", "sensor-drift", "sensor-lost"] as const;

export type WearKind = (typeof WEARS)[number];
export type SensorFault = (typeof SENSOR_FAULTS)[number];
export type Degradation = WearKind | SensorFault;

/** Factors on the healthy value; 1 is healthy. */
export interface Effects {
  vibration: number;
  /** Of the temperature above ambient. */
  rise: number;
  current: number;
  cycle: number;
  filterDp: number;
  flow: number;
  pressure: number;
  /** Of the scatter of the pressure. */
  scatter: number;
  speed: number;
}

export const healthy = (): Effects => ({
  vibration: 1,
  rise: 1,
  current: 1,
  cycle: 1,
  filterDp: 1,
  flow: 1,
  pressure: 1,
  scatter: 1,
  speed: 1,
});

/** Running days (of 16 h) from onset to failure of the nominal degradation. */
export const LIFE_DAYS: Record<Degradation, number> = {
  bearing: 7.9,
  filter: 10,
  tool: 10,
  cavitation: 3,
  belt: 8,
  "sensor-stuck": 3,
  "sensor-drift": 10,
  "sensor-lost": 3,
};

/** Vibration at failure as a multiple of that at onset: 1.8 to 7.1 mm/s, a doubling every 4 d in 7.9 d. */
const BEARING_GROWTH = 7.1 / 1.8;

/**
 * Sets `effects` to those of `kind` at `progress`. `isBurst` matters to cavitation alone, which comes and goes with the
 * suction head. Sensor faults touch no physics.
 */
export function wearTo(
  effects: Effects,
  kind: Degradation,
  progress: number,
  isBurst: boolean,
): void {
  switch (kind) {
    case "bearing": {
      // Spalls grow in proportion to their size, so does the velocity; friction heat follows the excess.
      effects.vibration = BEARING_GROWTH ** progress;
      effects.rise = 1 + 0.15 * (effects.vibration - 1);
      return;
    }
    case "filter": {
      // Pores that are left carry the more flow and clog the sooner: a compounding rise to the change pressure, 2x.
      const rise = 2 ** progress;
      effects.flow = 1 - 0.03 * (rise - 1);
      effects.pressure = 1 + 0.01 * (rise - 1);
      // The drop goes with the square of the flow, which is left.
      effects.filterDp = rise / effects.flow ** 2;
      return;
    }
    case "tool": {
      // Flank wear adds cutting force about linearly in cutting time; the feed override answers with longer cycles.
      effects.current = 1 + 0.2 * progress;
      effects.cycle = 1 + 0.08 * progress;
      effects.vibration = 1 + 0.1 * progress;
      return;
    }
    case "cavitation": {
      effects.vibration = isBurst ? 1.5 : 1;
      effects.scatter = isBurst ? 3 : 1;
      effects.flow = isBurst ? 0.95 : 1;
      return;
    }
    case "belt": {
      // A belt that has lost its tension creeps more under the same load, and heats pulley and bearing.
      effects.speed = 1 - 0.05 * progress;
      effects.cycle = 1 + 0.05 * progress;
      effects.rise = 1 + 0.25 * progress;
      return;
    }
    case "sensor-stuck":
    case "sensor-drift":
    case "sensor-lost":
      return;
  }
}
