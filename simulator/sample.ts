/**
 * The virtual-clock sampler: what a perfect agent would read from the machines of a scenario, as core inputs.
 * Uses no network, no timers and no clock; same scenario and options, same inputs.
 */
import type { AgentStartedInput, ClockInput, CycleInput } from "../agent/core/input.ts";
import type { Value } from "../agent/core/model.ts";
import type { Millis } from "../agent/core/time.ts";
import { countersAt, type Machine, runAt } from "./machine.ts";
import { failureAt, type Outage, outagesOf } from "./outage.ts";
import { keyOf, noiseAt } from "./random.ts";
import { oilTemp10, readingAt } from "./reading.ts";
import type { LinkFailure, Scenario } from "./scenario.ts";

export type Sampled = CycleInput | AgentStartedInput | ClockInput;

export interface SampleOptions {
  /** Milliseconds after the scenario's start at which the first poll is due. Default 250. */
  phaseMs?: Millis;
  /** Replies arrive up to this much later than due, seeded; below half of the poll. Default 0. */
  jitterMs?: Millis;
  /** A silent device is given up after this; at most half of the poll. Default half of the poll. */
  timeoutMs?: Millis;
  /** Assets that have the points vibration, current and pressure too. Default none. */
  channels?: readonly string[];
}

/** The agent as far as the scenario changes it. */
interface Agent {
  /** Agent clock minus plant time. */
  offset: Millis;
  dead: boolean;
  /** Its clock when it was last seen alive. */
  alive: Millis;
  /** Plant time of its last input. */
  last: Millis;
}

interface Link {
  machine: Machine;
  jitterKey: number;
  hasChannels: boolean;
  failing: boolean;
}

/**
 * Inputs in the order an agent would feed them; `at` is the agent's own clock, which the scenario may step.
 * `machines` are those of `machinesOf(scenario)`, or some of them; the source of every cycle is `main`.
 */
export function* sample(
  scenario: Scenario,
  machines: Machine[],
  options: SampleOptions = {},
): Generator<Sampled> {
  const { phaseMs = 250, jitterMs = 0, timeoutMs = scenario.pollMs / 2, channels = [] } = options;
  const links: Link[] = machines.map((machine) => {
    const hasChannels = channels.includes(machine.id);
    return { machine, jitterKey: keyOf(machine.key, "jitter"), hasChannels, failing: false };
  });
  const outages = outagesOf(scenario.events);
  const marks = marksOf(scenario);
  const agent: Agent = { offset: 0, dead: false, alive: scenario.from, last: scenario.from };
  let mark = 0;
  let slot = 0;
  for (let due = scenario.from + phaseMs; due < scenario.to; due += scenario.pollMs) {
    for (let next = marks[mark]; next && next.at <= due; next = marks[++mark]) {
      const input = strike(agent, next);
      if (input) yield input;
    }
    if (!agent.dead) {
      const batch = links.map((link) => {
        const replied = due + Math.floor(noiseAt(link.jitterKey, slot) * jitterMs);
        return poll(link, replied, due + timeoutMs, outages);
      });
      if (batch.length > 1) batch.sort((a, b) => a.at - b.at);
      yield* deliver(agent, batch, nextKill(marks, mark));
    }
    slot++;
  }
}

/** Stamps cycles with the agent's clock; what arrives after its death is lost. */
function* deliver(agent: Agent, batch: CycleInput[], death: Millis): Generator<CycleInput> {
  for (const cycle of batch) {
    if (cycle.at >= death) return;
    agent.last = cycle.at;
    cycle.at += agent.offset;
    agent.alive = cycle.at;
    yield cycle;
  }
}

interface Mark {
  at: Millis;
  does: "kill" | "revive" | "step";
  cause: "agent-stopped" | "power-lost";
  stepMs: Millis;
}

/** What happens to the agent, in order. */
function marksOf(scenario: Scenario): Mark[] {
  const marks = scenario.events.flatMap((event): Mark[] => {
    if (event.kind === "clock-step") {
      return [{ at: event.at, does: "step", cause: "agent-stopped", stepMs: event.stepMs }];
    }
    if (event.kind !== "agent-kill") return [];
    const { at, to, cause } = event;
    return [
      { at, does: "kill", cause, stepMs: 0 },
      { at: to, does: "revive", cause, stepMs: 0 },
    ];
  });
  return marks.sort((a, b) => a.at - b.at);
}

function nextKill(marks: Mark[], from: number): Millis {
  for (let i = from; i < marks.length; i++) {
    const next = marks[i];
    if (next?.does === "kill") return next.at;
  }
  return Number.POSITIVE_INFINITY;
}

function strike(agent: Agent, mark: Mark): Sampled | null {
  switch (mark.does) {
    case "kill":
      agent.dead = true;
      return null;
    case "revive": {
      if (!agent.dead) return null;
      agent.dead = false;
      agent.last = mark.at;
      const at = mark.at + agent.offset;
      return { kind: "agent-started", at, lastAlive: agent.alive, cause: mark.cause };
    }
    case "step": {
      const at = Math.max(mark.at, agent.last) + agent.offset;
      agent.offset += mark.stepMs;
      // A dead agent sees no step, only another time when it is back.
      return agent.dead ? null : { kind: "clock", at, quality: "synced", stepMs: mark.stepMs };
    }
  }
}

function poll(link: Link, replied: Millis, givenUp: Millis, outages: Outage[]): CycleInput {
  const { machine } = link;
  const how = outages.length === 0 ? null : failureAt(outages, machine.id, replied);
  const at = how === "silent" ? givenUp : replied;
  const failure = how === null ? null : reasonOf(how, link.failing);
  link.failing = failure !== null;
  const values = failure === null ? valuesAt(machine, at, link.hasChannels) : {};
  const bad = badOf(values);
  return { kind: "cycle", at, asset: machine.id, source: "main", values, bad, failure };
}

/** Takes out what lost sensors read as, and says why, as a driver does. */
function badOf(values: Record<string, Value>): Record<string, string> {
  const bad: Record<string, string> = {};
  for (const [point, value] of Object.entries(values)) {
    if (!Number.isNaN(value)) continue;
    delete values[point];
    bad[point] = "VALUE_NOT_FINITE";
  }
  return bad;
}

/** The reason code that a driver gives for a failed link. */
function reasonOf(how: LinkFailure, again: boolean): string {
  if (how === "silent") return "MODBUS_TIMEOUT";
  if (how === "absent") return "MODBUS_EXCEPTION_11";
  return again ? "MODBUS_REFUSED" : "MODBUS_CLOSED";
}

/** The points of the example configuration, decoded. */
function valuesAt(machine: Machine, t: Millis, channels: boolean): Record<string, Value> {
  const run = runAt(machine, t);
  const { total, good } = countersAt(machine, t);
  const { status, reason, recipe, guard } = run;
  const oilTemp = oilTemp10(machine, t, run) / 10;
  const values: Record<string, Value> = { status, reason, total, good, recipe, oilTemp, guard };
  if (channels) {
    const reading = readingAt(machine, t, run);
    values["vibration"] = Math.fround(reading.vibration);
    values["current"] = Math.fround(reading.current);
    values["pressure"] = reading.pressure100 / 100;
  }
  return values;
}
