/** The real agent inside the test's process, with chance, and where wanted time, in the test's hand. */
import { type Agent, startAgent } from "../../agent/agent.ts";
import { systemClock } from "../../agent/clock.ts";
import { openLog } from "../../agent/log.ts";
import { silentNotifier } from "../../agent/notify.ts";
import { loadPlant } from "../../agent/plant.ts";
import { driverFor } from "../../drivers/registry.ts";
import type { Lockstep } from "../../simulator/demo/lockstep.ts";

export interface Inside extends Agent {
  /** Lines of its log. */
  log: string[];
  depth(): Promise<number>;
}

/** `chance` in [0, 1) stands for every random wait; with `steps` the machines' time is theirs. */
export async function startInside(
  config: string,
  { chance = 0.01, steps = null }: { chance?: number; steps?: Lockstep | null } = {},
): Promise<Inside> {
  const log: string[] = [];
  const agent = await startAgent({
    plant: loadPlant(config),
    clock: steps?.clock ?? systemClock,
    wire: systemClock,
    driver: (name) => steps?.paced(driverFor(name)) ?? driverFor(name),
    log: openLog({
      level: "info",
      to: { write: (line) => void log.push(line) },
      clock: systemClock,
    }),
    notifier: silentNotifier,
    version: "0.0.0-test",
    boot: "test",
    quality: () => "synced",
    random: () => chance,
  });
  return {
    ...agent,
    log,
    depth: async () =>
      ((await agent.status()) as { status: { outbox: { depth: number } } }).status.outbox.depth,
  };
}
