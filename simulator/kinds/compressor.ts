/**
 * A screw compressor: loads until the net has its pressure, idles unloaded, and stops when nobody needs
 * air. Running is producing, loaded or not; it counts cubic meters, and every one of them is good.
 */
import { fault } from "../habits.ts";
import { type Kind, type Segment, segment } from "../kind.ts";
import { exponential, type Random, uniform } from "../random.ts";
import { STATUS } from "../status.ts";

const MINUTE = 60_000;
const RECIPE = 1;
/** 12 cubic meters a minute while loaded. */
const CUBIC_METER_MS = 5_000;
/** Load while unloaded: the screw turns, the inlet valve is shut. */
export const UNLOADED = 0.3;

function cycle(random: Random): Segment[] {
  const loaded = segment(uniform(random, 40_000, 140_000), STATUS.execute, {
    recipe: RECIPE,
    cycleMs: CUBIC_METER_MS * uniform(random, 1, 1.04),
    load: uniform(random, 0.92, 1),
  });
  const unloaded = segment(uniform(random, 30_000, 100_000), STATUS.execute, {
    recipe: RECIPE,
    load: UNLOADED,
  });
  return [loaded, unloaded];
}

function planner(random: Random): () => Segment[] {
  let cyclesLeft = 8 + Math.floor(random() * 25);
  return () => {
    const luck = random();
    if (luck < 0.002) return fault(random, RECIPE, 91, 25 * MINUTE);
    if (cyclesLeft > 0) {
      cyclesLeft--;
      return cycle(random);
    }
    cyclesLeft = 8 + Math.floor(random() * 25);
    return [
      segment(2 * MINUTE + exponential(random, 6 * MINUTE), STATUS.idle, { recipe: RECIPE }),
      // Star-delta start with the inlet shut.
      segment(uniform(random, 8_000, 12_000), STATUS.starting, { recipe: RECIPE, load: 0.4 }),
    ];
  };
}

export const compressor: Kind = {
  name: "compressor",
  product: "Screw compressor SC-75",
  recipes: [{ number: RECIPE, idealCycleMs: CUBIC_METER_MS }],
  rejectRate: 0,
  channels: {
    oil: { riseK: 58, tauMs: 9 * MINUTE },
    vibration: { base: 0.3, gain: 3.6, noise: 0.3 },
    current: { base: 0.5, gain: 128, noise: 3 },
    pressure: (load, share) => {
      if (load > UNLOADED) return 7 + 0.6 * share;
      return load === UNLOADED ? 7.6 - 0.5 * share : 7.1 - 0.3 * share;
    },
  },
  planner,
};
