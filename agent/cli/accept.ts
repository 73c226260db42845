/**
 * `accept`: a guided commissioning run at one machine: stop it, run it, make parts, pull the cable. Ends in a signed
 * record beside the store. An interrupted run stores nothing.
 */
import { writeFileSync } from "node:fs";
import { type Asking, openAsking } from "../accept/asking.ts";
import { isOther, type Met, meet, outcomeOf } from "../accept/identity.ts";
import {
  ACCEPTANCE,
  type AcceptedStep,
  acceptanceId,
  acceptedStep,
  devicesOf,
  identityStep,
  resultOf,
  type SealedAcceptance,
  seal,
} from "../accept/record.ts";
import { registerMapOf } from "../accept/register-map.ts";
import { firstContact, runSteps } from "../accept/run.ts";
import { keep, mustBeWritable, shelfOf, textOf } from "../accept/shelf.ts";
import { DEFAULT_STEPS, type Step, stepsOf } from "../accept/step.ts";
import { type Subject, subjectOf } from "../accept/subject.ts";
import { outcomeLine, sumLine } from "../accept/text.ts";
import { AGENT_MS, agentView, ownView } from "../accept/view.ts";
import { systemClock } from "../clock.ts";
import { openLine } from "../commission/line.ts";
import { duration, placeOf, usage, whole } from "../commission/target.ts";
import { askAgent, askStatus } from "../control.ts";
import { FAULTS, Fault, type FaultCode } from "../core/fault.ts";
import { openGatewayKey, readGatewayKey } from "../evidence/key.ts";
import { loadPlant, type Plant } from "../plant.ts";
import { iso } from "../record/iso.ts";
import { storePaths } from "../storage.ts";
import { showAccepted } from "./accepted.ts";
import { EXIT, type GlobalOptions, print, say } from "./output.ts";
import { agentVersion } from "./run.ts";

export interface AcceptOptions extends GlobalOptions {
  config: string;
  asset?: string;
  by?: string;
  customer?: string;
  steps?: string;
  pieces?: string;
  out?: string;
  yesFrom?: string;
  show?: boolean;
}

interface Run {
  options: AcceptOptions;
  plant: Plant;
  subject: Subject;
  /** A running agent is looked through; otherwise the run polls by itself. */
  isThrough: boolean;
}

/** 0 passed, 1 a step failed, 75 not done within `--timeout`, 130 or 143 interrupted. Throws `USAGE_INVALID`, the Faults of key and store, and that of the bus when no machine is there. */
export async function acceptCommand(options: AcceptOptions): Promise<number> {
  const plant = loadPlant(options.config);
  if (options.show) return showAccepted(plant, options);
  const subject = subjectOf(plant, assetOf(plant, options.asset));
  const pieces = whole("--pieces", options.pieces ?? "10", 1, 1_000_000);
  const steps = stepsOf(subject, options.steps ?? DEFAULT_STEPS, pieces);
  if (options.yesFrom === undefined && !(process.stdin.isTTY && process.stderr.isTTY))
    throw usage("accept asks a technician: use a terminal, or give answers with --yes-from FILE");
  mustBeWritable(shelfOf(plant));
  readGatewayKey(storePaths(plant).keys);
  const isThrough = await isRunning(plant);
  const run: Run = { options, plant, subject, isThrough };
  const asking = openAsking({
    ...{ subject, say, script: options.yesFrom ?? null },
    print: options.json ? say : print,
    limitMs: options.timeout === undefined ? null : duration("--timeout", options.timeout),
  });
  const done = await goThrough(run, steps, asking).finally(asking.close);
  if (done !== null) return conclude(run, done);
  say("interrupted: nothing was stored");
  return asking.exit();
}

/** Throws `USAGE_INVALID` where the agent runs with another configuration: what it sees is not what is accepted. */
async function isRunning(plant: Plant): Promise<boolean> {
  const answer = await askStatus(storePaths(plant).socket, AGENT_MS);
  const status = answer as { configHash: string } | null;
  if (status === null || status.configHash === plant.hash) return status !== null;
  throw usage(`the running agent has another configuration than ${plant.file}; restart it first`);
}

function assetOf({ model, file }: Plant, named: string | undefined): string {
  const ids = model.assets.map(({ id }) => id);
  const [only] = ids;
  if (named === undefined && only !== undefined && ids.length === 1) return only;
  if (named !== undefined && ids.includes(named)) return named;
  throw usage(`say which machine with --asset; ${file} has ${ids.join(", ")}`);
}

interface Done {
  met: Met[];
  steps: AcceptedStep[];
}

/** Null when it was interrupted. */
async function goThrough(run: Run, steps: Step[], asking: Asking): Promise<Done | null> {
  const { options, plant, subject, isThrough } = run;
  const { asset } = subject;
  if (!options.quiet)
    say(isThrough ? "through the running agent" : "no agent runs: polling for this run alone");
  const met = await meetAll(plant, asset);
  const identity = identityStep(outcomeOf(met));
  (options.json ? say : print)(outcomeLine(identity));
  const isStrange = met.some(isOther);
  const view = isThrough ? agentView(plant, asset) : ownView(plant, asset, systemClock);
  try {
    if (!isStrange) await mustBeThere(run, view.look, asking);
    const impossible = "another device stands in its place";
    const own = isStrange ? steps.map((step) => ({ ...step, impossible })) : steps;
    const ports = { ...asking, look: view.look };
    const trials = await Promise.race([runSteps(own, subject, ports), broken(view.done)]);
    if (trials === null || asking.interrupted.aborted) return null;
    return { met, steps: [identity, ...trials.map((trial) => acceptedStep(trial, subject))] };
  } finally {
    await view.close();
  }
}

/** Only ever rejects. */
const broken = async (done: Promise<void>): Promise<never> => {
  await done;
  return new Promise(() => {});
};

async function meetAll(plant: Plant, asset: string): Promise<Met[]> {
  const met: Met[] = [];
  for (const source of plant.sources.filter((each) => each.asset === asset)) {
    const found = plant.connections.find(({ id }) => id === source.connection);
    if (!found || found.driver === "gpio") continue;
    const { id, driver, options } = found;
    const line = await openLine(plant, {
      connection: id,
      driver,
      options,
      label: placeOf(options),
    });
    const isOwn = (guard: { asset: string; source: string }): boolean =>
      guard.asset === asset && guard.source === source.source;
    try {
      met.push(await meet(line, source, plant.guards.find(isOwn) ?? null));
    } finally {
      await line.close();
    }
  }
  return met;
}

const CONNECTING_MS = 3000;

async function mustBeThere(
  { subject }: Run,
  look: Parameters<typeof firstContact>[0],
  { sleep, interrupted }: Asking,
): Promise<void> {
  const reason = await firstContact(look, sleep, subject.reactionMs + CONNECTING_MS);
  if (reason === null || interrupted.aborted) return;
  const code = reason in FAULTS ? (reason as FaultCode) : "MODBUS_TIMEOUT";
  const { asset } = subject;
  throw new Fault(code, `${asset} does not answer: ${reason}`, { asset, reason });
}

async function conclude(run: Run, done: Done): Promise<number> {
  const { options, plant } = run;
  const record = sealed(run, done);
  const file = keep(shelfOf(plant), record);
  if (options.out !== undefined) write(options.out, textOf(record));
  if (run.isThrough) await tell(plant, record);
  if (options.json) print(JSON.stringify({ file, record }));
  else print(sumLine(record));
  say(`stored as ${file}; check it with \`uptime-agent verify ${file}\``);
  return record.result === "passed" ? EXIT.done : EXIT.failed;
}

function sealed(
  { options, plant, subject, isThrough }: Run,
  { met, steps }: Done,
): SealedAcceptance {
  const at = systemClock.utc();
  const { agent } = plant.model;
  const { asset } = subject;
  const { sign, id, publicKey } = openGatewayKey(storePaths(plant).keys);
  const { env } = process;
  return seal(
    {
      ...{ schema: ACCEPTANCE, id: acceptanceId(agent, asset, at), agent, asset, time: iso(at) },
      ...{ version: agentVersion(), configHash: plant.hash },
      by: options.by ?? env["SUDO_USER"] ?? env["USER"] ?? "technician",
      customer: options.customer ?? null,
      through: isThrough ? "agent" : "own",
      ...{ registerMap: registerMapOf(plant, asset), devices: devicesOf(met) },
      ...{ steps, result: resultOf(steps), key: { id, publicKey } },
    },
    sign,
  );
}

/** Into the journal of the agent, and from there to the broker. The record is kept already: trouble is told, no more. */
async function tell(plant: Plant, acceptance: SealedAcceptance): Promise<void> {
  const answer = await askAgent(
    ...([storePaths(plant).socket, { ask: "accepted", acceptance }, AGENT_MS] as const),
  ).catch((error: unknown) => {
    say(`the agent did not take it on record: ${(error as Error).message}`);
    return {};
  });
  if (answer === null) say("the agent is gone and did not take it on record");
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new Fault("FILE_UNWRITABLE", `cannot write ${file}`, { file }, error);
  }
}
