/**
 * A hydraulic press: 1.2 s a stroke, batches of hours, jams cleared by hand, now and then a fault that
 * takes minutes to an hour. Its oil is the channel to watch.
 */
import { fault, microStop, producing, setup, waiting } from "../habits.ts";
import { type Kind, type Recipe, type Segment, segment } from "../kind.ts";
import { exponential, pick, type Random, uniform } from "../random.ts";
import { STATUS } from "../status.ts";

const MINUTE = 60_000;
const RECIPES: readonly [Recipe, Recipe] = [
  { number: 7, idealCycleMs: 1_200 },
  { number: 2, idealCycleMs: 1_600 },
];

const ENDINGS = [
  { weight: 78, name: "micro-stop" },
  { weight: 10, name: "starved" },
  { weight: 6, name: "waiting" },
  { weight: 6, name: "fault" },
] as const;

function ending(random: Random, recipe: number): Segment[] {
  const { name } = pick(random, ENDINGS);
  switch (name) {
    case "micro-stop":
      return [microStop(random, recipe, 21 + Math.floor(random() * 4))];
    case "starved":
      return [waiting(random, recipe, false, 40_000)];
    case "waiting":
      return [segment(uniform(random, 20_000, 4 * MINUTE), STATUS.idle, { recipe, load: 0.05 })];
    case "fault":
      return fault(random, recipe, 41 + Math.floor(random() * 6), 8 * MINUTE);
  }
}

function planner(random: Random): () => Segment[] {
  let recipe = RECIPES[0];
  let batchLeft = uniform(random, 90 * MINUTE, 240 * MINUTE);
  let scrap = 0;
  return () => {
    if (batchLeft <= 0) {
      const next = recipe === RECIPES[0] ? RECIPES[1] : RECIPES[0];
      const segments = setup(random, recipe.number, next.number, 8 * MINUTE, 25 * MINUTE);
      recipe = next;
      batchLeft = uniform(random, 90 * MINUTE, 240 * MINUTE);
      scrap = 3 + Math.floor(random() * 6);
      return segments;
    }
    const ms = Math.min(batchLeft, 20_000 + exponential(random, 11 * MINUTE));
    batchLeft -= ms;
    const run = producing(random, recipe.number, recipe.idealCycleMs, ms, scrap);
    scrap = 0;
    return [run, ...ending(random, recipe.number)];
  };
}

export const press: Kind = {
  name: "press",
  product: "Hydraulic press HP-250",
  recipes: RECIPES,
  rejectRate: 0.006,
  channels: {
    oil: { riseK: 34, tauMs: 25 * MINUTE },
    vibration: { base: 0.4, gain: 2.4, noise: 0.25 },
    current: { base: 6, gain: 58, noise: 2.5 },
    pressure: (load) => 12 + 168 * load,
  },
  planner,
};
