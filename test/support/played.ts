/**
 * A gateway in the test's process, in lockstep with a simulated plant over Modbus TCP and a broker, with the socket
 * that the command line talks to: hours in seconds, and people who act meanwhile. Judges nothing.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serveControl } from "../../agent/control.ts";
import type { Millis } from "../../agent/core/time.ts";
import { type Broker, startBroker } from "../../simulator/broker.ts";
import { type Lockstep, lockstep } from "../../simulator/demo/lockstep.ts";
import { type Plant, startPlant } from "../../simulator/plant.ts";
import type { Scenario } from "../../simulator/scenario.ts";
import { until } from "../publisher/real-brokers.ts";
import { type Inside, startInside } from "./inside.ts";
import type { Payload } from "./records.ts";

export interface Stage {
  folder: string;
  config: string;
  database: string;
  plant: Plant;
  broker: Broker;
  agent: Inside;
  steps: Lockstep;
  /** Lets time run to `to`. */
  run(to: Millis): Promise<void>;
  /** Runs while `work` lasts, slowly: for acts, which are taken in the agent's time. */
  meanwhile<T>(work: Promise<T>): Promise<T>;
  /** Everything at the broker, in order of arrival. */
  arrived(): Payload[];
  /** The same as a subscriber writes it down. */
  stream(): string;
  /** Nothing waits for the broker. */
  sent(): Promise<void>;
  /** Stops the agent in order; the store stays. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

const host = "127.0.0.1";

export async function openStage(
  scenario: Scenario,
  yaml: (ports: { modbus: number; mqtt: number }) => string,
): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), "uptime-stage-"));
  const config = join(folder, "plant.yaml");
  const steps = lockstep(scenario.from);
  const broker = await startBroker({ host, port: 0 });
  const onTrouble = (error: Error): void => {
    throw error;
  };
  const plant = await startPlant({ scenario, time: steps.time, host, port: 0, broker, onTrouble });
  writeFileSync(config, yaml({ modbus: plant.port, mqtt: broker.port }));
  const agent = await startInside(config, { steps, chance: 0.1 });
  const server = await serveControl(join(folder, "data/agent.sock"), agent);
  const run = (to: Millis): Promise<void> => steps.run(to, 60_000, () => Promise.resolve());
  const stop = async (): Promise<void> => {
    server.close();
    await agent.stop();
  };
  return {
    ...{ folder, config, database: join(folder, "data/agent.db"), plant, broker, agent, steps },
    ...{ run, stop },
    async meanwhile(work) {
      let isOver = false;
      const over = work.finally(() => {
        isOver = true;
      });
      over.catch(() => {});
      while (!isOver) {
        await run(steps.time.now() + 250);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return await over;
    },
    arrived: () => broker.received.map(({ payload }) => JSON.parse(String(payload)) as Payload),
    stream: () =>
      broker.received
        .map(({ topic, payload }) => `{"topic":${JSON.stringify(topic)},"payload":${payload}}\n`)
        .join(""),
    sent: () => until(async () => (await agent.depth()) === 0, 30_000),
    async close() {
      await stop();
      await plant.close();
      await broker.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
