/**
 * A CNC machining center: a part every minute or two, loaded by hand, worn tools changed every few dozen
 * parts, another program for every lot.
 */
import { fault, microStop, setup } from "../habits.ts";
import { type Kind, type Recipe, type Segment, segment } from "../kind.ts";
import { type Random, uniform } from "../random.ts";
import { STATUS } from "../status.ts";

const MINUTE = 60_000;
const RECIPES: readonly [Recipe, ...Recipe[]] = [
  { number: 11, idealCycleMs: 95_000 },
  { number: 12, idealCycleMs: 140_000 },
  { number: 13, idealCycleMs: 62_000 },
];

/** One part is cut; its end is the piece, so the stretch outlasts the longest jitter of the cycle. */
function cut(random: Random, recipe: Recipe, scrap: number): Segment {
  const cycleMs = recipe.idealCycleMs * uniform(random, 1.005, 1.05);
  const load = uniform(random, 0.55, 0.95);
  return segment(cycleMs * 1.05 + 1, STATUS.execute, {
    recipe: recipe.number,
    cycleMs,
    load,
    scrap,
  });
}

function planner(random: Random): () => Segment[] {
  let index = 0;
  let lotLeft = 30 + Math.floor(random() * 40);
  let toolLeft = 35 + Math.floor(random() * 25);
  let scrap = 0;
  return () => {
    const recipe = RECIPES[index] ?? RECIPES[0];
    if (lotLeft <= 0) {
      index = (index + 1 + Math.floor(random() * 2)) % RECIPES.length;
      lotLeft = 20 + Math.floor(random() * 60);
      scrap = 1;
      const next = RECIPES[index] ?? RECIPES[0];
      return setup(random, recipe.number, next.number, 8 * MINUTE, 25 * MINUTE);
    }
    if (toolLeft <= 0) {
      toolLeft = 35 + Math.floor(random() * 25);
      const ms = uniform(random, 2 * MINUTE, 7 * MINUTE);
      return [segment(ms, STATUS.starting, { recipe: recipe.number, reason: 33 })];
    }
    lotLeft--;
    toolLeft--;
    const part = cut(random, recipe, scrap);
    scrap = 0;
    const load = segment(uniform(random, 9_000, 25_000), STATUS.idle, { recipe: recipe.number });
    const luck = random();
    if (luck < 0.012) return [part, ...fault(random, recipe.number, 81, 14 * MINUTE), load];
    if (luck < 0.06) return [part, microStop(random, recipe.number, 24), load];
    return [part, load];
  };
}

export const cnc: Kind = {
  name: "cnc",
  product: "Machining center MC-5",
  recipes: RECIPES,
  rejectRate: 0.015,
  channels: {
    oil: { riseK: 22, tauMs: 40 * MINUTE },
    vibration: { base: 0.2, gain: 3.1, noise: 0.4 },
    current: { base: 4, gain: 31, noise: 2 },
    pressure: (load) => 60 + 8 * load,
  },
  planner,
};
