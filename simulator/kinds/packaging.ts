/**
 * A packaging line in the middle of a bigger one: hundreds of packs a minute, starved by what comes before
 * and blocked by what comes after, with a micro-stop every few minutes.
 */
import { fault, microStop, producing, setup, waiting } from "../habits.ts";
import type { Kind, Recipe, Segment } from "../kind.ts";
import { exponential, pick, type Random, uniform } from "../random.ts";

const MINUTE = 60_000;
const RECIPES: readonly [Recipe, ...Recipe[]] = [
  { number: 2, idealCycleMs: 60_000 / 420 },
  { number: 3, idealCycleMs: 60_000 / 360 },
  { number: 5, idealCycleMs: 60_000 / 240 },
];

const ENDINGS = [
  { weight: 46, name: "micro-stop" },
  { weight: 27, name: "starved" },
  { weight: 24, name: "blocked" },
  { weight: 3, name: "fault" },
] as const;

function ending(random: Random, recipe: number): Segment[] {
  const { name } = pick(random, ENDINGS);
  switch (name) {
    case "micro-stop":
      return [microStop(random, recipe, 21 + Math.floor(random() * 8))];
    case "starved":
      return [waiting(random, recipe, false, 35_000)];
    case "blocked":
      return [waiting(random, recipe, true, 45_000)];
    case "fault":
      return fault(random, recipe, 61 + Math.floor(random() * 5), 5 * MINUTE);
  }
}

function planner(random: Random): () => Segment[] {
  let index = 0;
  let batchLeft = uniform(random, 60 * MINUTE, 200 * MINUTE);
  let scrap = 0;
  return () => {
    const recipe = RECIPES[index] ?? RECIPES[0];
    if (batchLeft <= 0) {
      index = (index + 1) % RECIPES.length;
      const next = RECIPES[index] ?? RECIPES[0];
      batchLeft = uniform(random, 60 * MINUTE, 200 * MINUTE);
      scrap = 8 + Math.floor(random() * 20);
      return setup(random, recipe.number, next.number, 5 * MINUTE, 18 * MINUTE);
    }
    const ms = Math.min(batchLeft, 8_000 + exponential(random, 3.5 * MINUTE));
    batchLeft -= ms;
    const run = producing(random, recipe.number, recipe.idealCycleMs, ms, scrap);
    scrap = 0;
    return [run, ...ending(random, recipe.number)];
  };
}

export const packaging: Kind = {
  name: "packaging",
  product: "Flow packer FP-420",
  recipes: RECIPES,
  rejectRate: 0.012,
  channels: {
    oil: { riseK: 18, tauMs: 15 * MINUTE },
    vibration: { base: 0.3, gain: 1.5, noise: 0.15 },
    current: { base: 3, gain: 14, noise: 0.8 },
    pressure: (load) => 6.1 - 0.4 * load,
  },
  planner,
};
