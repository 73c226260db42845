/**
 * `uptime-agent simulate`: serves the plant of a scenario until it is told to stop, then writes its truth.
 * Takes arguments and streams as values, so that tests run it in their own process; ends no process.
 */
import { parseArgs } from "node:util";
import { Fault } from "../agent/core/fault.ts";
import { type Plant, startPlant } from "./plant.ts";
import { type PlantTime, runningTime } from "./plant-time.ts";
import type { Scenario } from "./scenario.ts";
import { durationOf } from "./scenario-fields.ts";
import { loadScenario } from "./scenario-file.ts";
import type { SimulateIo } from "./simulate-io.ts";
import { simulateTemplate } from "./template-device.ts";
import { writeTruth } from "./truth-file.ts";

export const USAGE = `usage: uptime-agent simulate [--scenario FILE|NAME] [--host 127.0.0.1] [--port 5020]
         [--seed N] [--speed X] [--truth FILE] [--duration D] [--pty LINK] [--json]
Serves a simulated plant over Modbus TCP until it is interrupted (or for D of plant time), and
writes its exact truth per hour as NDJSON (also on SIGUSR2). --pty serves the same machines as
Modbus RTU over a pseudo terminal linked there (needs socat).
With --template NAME [--fixture NAME] [--unit 1] it serves the registers of a machine template instead.
Scenarios that ship: demo, shift, fault, cable-pull, plc-reboot, agent-kill, broker-outage, clock-step,
sick-bus, wear
Example: uptime-agent simulate --scenario shift --speed 60 --truth truth.ndjson
`;

interface Wishes {
  scenario: string;
  host: string;
  port: number | null;
  seed: number | null;
  speed: number | null;
  truth: string | null;
  pty: string | null;
  durationMs: number | null;
  json: boolean;
}

/** Returns the exit code: 0 done, 64 usage, 73 the port cannot be opened, 74 truth not written, 78 scenario. */
export async function simulate(args: string[], io: SimulateIo): Promise<number> {
  if (args.some((arg) => /^--template(=|$)/.test(arg))) return await simulateTemplate(args, io);
  let wishes: Wishes | null;
  try {
    wishes = wishesOf(args);
  } catch (error) {
    io.stderr(`${(error as Error).message}\n${USAGE}`);
    return 64;
  }
  if (!wishes) {
    io.stdout(USAGE);
    return 0;
  }
  let scenario: Scenario;
  try {
    scenario = adapted(loadScenario(wishes.scenario), wishes);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    io.stderr(`${error.message}\n`);
    return 78;
  }
  const time = runningTime(scenario.from, scenario.speed);
  let plant: Plant;
  try {
    plant = await startPlant({
      scenario,
      time,
      host: wishes.host,
      ...(wishes.pty === null ? {} : { pty: wishes.pty }),
      onTrouble: (error) => io.stderr(`${error.message}\n`),
      onEvent: (event) => io.stderr(`${new Date(time.now()).toISOString()} ${event.kind}\n`),
    });
  } catch (error) {
    const where = `${wishes.host}:${scenario.port}`;
    io.stderr(`cannot listen on ${where}: ${(error as Error).message}; choose another --port\n`);
    return 73;
  }
  return await serve(plant, wishes, time, io);
}

async function serve(
  plant: Plant,
  wishes: Wishes,
  time: PlantTime,
  io: SimulateIo,
): Promise<number> {
  announce(plant, wishes, io);
  const write = (): boolean => writeIfWanted(plant, wishes.truth, io);
  io.onTruthRequest?.(write);
  await until(plant.scenario.from, wishes.durationMs, time, io.stop);
  await plant.close();
  const { requests, refused } = plant.stats;
  const isWritten = write();
  const ended = new Date(plant.now()).toISOString();
  if (wishes.json)
    io.stdout(`${JSON.stringify({ event: "ended", at: ended, requests, refused })}\n`);
  io.stderr(`${ended} ended after ${requests} requests, ${refused} of them refused writes\n`);
  return isWritten ? 0 : 74;
}

function wishesOf(args: string[]): Wishes | null {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args,
    options: {
      scenario: text,
      host: text,
      port: text,
      seed: text,
      speed: text,
      truth: text,
      pty: text,
      duration: text,
      json: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return null;
  return {
    scenario: values.scenario ?? "demo",
    host: values.host ?? "127.0.0.1",
    port: integer("--port", values.port, 0, 65535),
    seed: integer("--seed", values.seed, 0, 4294967295),
    speed: integer("--speed", values.speed, 1, 100_000),
    truth: values.truth ?? null,
    pty: values.pty ?? null,
    durationMs: duration(values.duration),
    json: values.json ?? false,
  };
}

function integer(name: string, text: string | undefined, min: number, max: number): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new RangeError(`${name} must be an integer from ${min} to ${max}`);
}

function duration(text: string | undefined): number | null {
  if (text === undefined) return null;
  const ms = durationOf(text);
  if (ms !== null && ms > 0) return ms;
  throw new RangeError("--duration must be a duration such as 90s, 12min or 8h");
}

const adapted = (scenario: Scenario, wishes: Wishes): Scenario => ({
  ...scenario,
  port: wishes.port ?? scenario.port,
  seed: wishes.seed ?? scenario.seed,
  speed: wishes.speed ?? scenario.speed,
});

function announce(plant: Plant, wishes: Wishes, io: SimulateIo): void {
  const { scenario, port } = plant;
  const units = plant.machines.map(({ id, unit, kind }) => ({ unit, asset: id, kind: kind.name }));
  const { name, seed, speed } = scenario;
  const start = new Date(scenario.from).toISOString();
  if (wishes.json) {
    const served = {
      event: "serving",
      host: wishes.host,
      port,
      scenario: name,
      seed,
      speed,
      start,
    };
    io.stdout(`${JSON.stringify({ ...served, units })}\n`);
  }
  const lines = units.map(({ unit, asset, kind }) => `  unit ${unit}  ${asset} (${kind})\n`);
  io.stderr(
    `serving ${name} at modbus-tcp ${wishes.host}:${port}, plant time from ${start}, ` +
      `speed ${speed}, seed ${seed}\n${lines.join("")}`,
  );
}

function writeIfWanted(plant: Plant, file: string | null, io: SimulateIo): boolean {
  if (file === null) return true;
  try {
    writeTruth(file, plant.machines, plant.now());
    io.stderr(`truth written to ${file}\n`);
    return true;
  } catch (error) {
    io.stderr(`cannot write the truth: ${(error as Error).message}\n`);
    return false;
  }
}

/** Resolves when told to stop or when the duration has passed. */
function until(
  from: number,
  durationMs: number | null,
  time: PlantTime,
  stop: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const forget = durationMs === null ? () => {} : time.when(from + durationMs, resolve);
    const end = (): void => {
      forget();
      resolve();
    };
    if (stop.aborted) end();
    else stop.addEventListener("abort", end, { once: true });
  });
}
