/**
 * Everything in one process: simulated plant, embedded broker, and the real agent over real sockets, SQLite and MQTT.
 * An entry point for the demo and for end-to-end tests; the agent knows nothing of it.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Agent, startAgent } from "../../agent/agent.ts";
import { type Clock, systemClock } from "../../agent/clock.ts";
import { type Log, type LogLevel, openLog } from "../../agent/log.ts";
import { silentNotifier } from "../../agent/notify.ts";
import { loadPlant } from "../../agent/plant.ts";
import type { Driver } from "../../drivers/driver.ts";
import { type Broker, startBroker } from "../broker.ts";
import { type Plant, startPlant } from "../plant.ts";
import type { PlantTime } from "../plant-time.ts";
import type { Scenario, ScenarioEvent } from "../scenario.ts";

export interface RigOptions {
  scenario: Scenario;
  clock: Clock;
  time: PlantTime;
  driver?(name: string): Driver;
  /** Poll period of every source, such as "1s"; the example's when left out. */
  poll?: string;
  /** Deadline of a Modbus request, such as "100ms", in real time; the example's when left out. */
  timeout?: string;
  /** Chance of the publisher's waits, [0, 1). */
  random?(): number;
  logLevel: LogLevel;
  onEvent?(event: ScenarioEvent): void;
}

export interface Rig {
  folder: string;
  plant: Plant;
  broker: Broker;
  agent: Agent;
  log: Log;
  /** Stops agent, plant and broker, in that order, and removes the folder. */
  close(): Promise<void>;
}

const EXAMPLE = fileURLToPath(new URL("../../config/examples/plant.yaml", import.meta.url));

/** Starts all three; the configuration is the shipped example on free ports, its store in a folder of its own. */
export async function startRig(options: RigOptions): Promise<Rig> {
  const { scenario, clock, time } = options;
  const host = "127.0.0.1";
  const folder = mkdtempSync(join(tmpdir(), "uptime-agent-"));
  const log = openLog({ level: options.logLevel, to: "stderr", clock: systemClock });
  const broker = await startBroker({ host, port: 0 });
  const plant = await startPlant({
    scenario,
    time,
    host,
    port: 0,
    broker,
    onTrouble: (error) => log.warn("the simulated plant has trouble", { error }),
    ...(options.onEvent ? { onEvent: options.onEvent } : {}),
  });
  const file = join(folder, "plant.yaml");
  writeFileSync(file, adapted(readFileSync(EXAMPLE, "utf8"), plant.port, broker.port, options));
  const agent = await startAgent({
    plant: loadPlant(file),
    clock,
    wire: systemClock,
    ...(options.driver ? { driver: options.driver } : {}),
    log,
    notifier: silentNotifier,
    version: "simulated",
    boot: "simulated",
    quality: () => "synced",
    random: options.random ?? Math.random,
  });
  return {
    folder,
    plant,
    broker,
    agent,
    log,
    async close() {
      await agent.stop();
      await plant.close();
      await broker.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function adapted(
  text: string,
  modbus: number,
  mqtt: number,
  { poll, timeout }: Pick<RigOptions, "poll" | "timeout">,
): string {
  const moved = text
    .replace(/port: 5020/g, `port: ${modbus}`)
    .replace(/mqtt:\/\/127\.0\.0\.1:1883/g, `mqtt://127.0.0.1:${mqtt}`)
    .replace(/timeout: 1s/g, `timeout: ${timeout ?? "1s"}`);
  return poll === undefined
    ? moved
    : moved
        .replace(/^( {4}connection: plc.*)$/gm, `$1\n    poll: ${poll}`)
        .replace(/^ {4}poll: 1s$/gm, "");
}
