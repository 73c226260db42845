/** Where an acceptance run looks: at the core of the running agent, or at one that it polls for itself. */
import type { Clock } from "../clock.ts";
import { openLookout } from "../commission/lookout.ts";
import type { Picture } from "../commission/picture.ts";
import { askAgent } from "../control.ts";
import { Fault } from "../core/fault.ts";
import type { Plant } from "../plant.ts";
import { storePaths } from "../storage.ts";
import { type Sight, sightOf } from "./sight.ts";

export interface View {
  look(): Promise<Sight>;
  /** Rejects when polling broke down; never resolves before `close`. */
  done: Promise<void>;
  close(): Promise<void>;
}

export const AGENT_MS = 5000;

export function agentView(plant: Plant, asset: string): View {
  const { socket } = storePaths(plant);
  return {
    async look() {
      const answer = await askAgent(socket, { ask: "picture" }, AGENT_MS);
      if (answer) return sightOf(answer as Picture, asset);
      throw new Fault("AGENT_HOLDS_BUS", "the agent that was looked at does not answer any more");
    },
    done: new Promise(() => {}),
    close: async () => {},
  };
}

/** Polls the sources of this asset alone; nothing is stored and nothing is sent. */
export function ownView(plant: Plant, asset: string, clock: Clock): View {
  const sources = plant.sources.filter((source) => source.asset === asset);
  const guards = plant.guards.filter((guard) => guard.asset === asset);
  const { picture, done, close } = openLookout({ ...plant, sources, guards }, clock);
  return { look: async () => sightOf(picture(), asset), done, close };
}
