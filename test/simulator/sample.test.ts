import { describe, expect, test } from "vitest";
import type { CycleInput } from "../../agent/core/input.ts";
import { replayLine, replayLines } from "../../simulator/lines.ts";
import { countersAt, runAt } from "../../simulator/machine.ts";
import { type Sampled, type SampleOptions, sample } from "../../simulator/sample.ts";
import { machinesOf } from "../../simulator/scenario.ts";
import { loadScenario, parseScenario } from "../../simulator/scenario-file.ts";

const T0 = Date.parse("2026-11-23T05:00:00Z");
const MINUTE = 60_000;

const scenarioOf = (events: string, duration = "10min") =>
  parseScenario(
    "try.yaml",
    `version: 1
name: try
start: "2026-11-23T05:00:00Z"
duration: ${duration}
machines:
  - { id: press-01, kind: press, unit: 1 }
  - { id: pack-01, kind: packaging, unit: 2 }
events: ${events ? `\n${events}` : "[]"}`,
  );

function sampled(events: string, options: SampleOptions = {}): Sampled[] {
  const scenario = scenarioOf(events);
  return [...sample(scenario, machinesOf(scenario), options)];
}

const cyclesOf = (inputs: Sampled[], asset: string): CycleInput[] =>
  inputs.filter((input) => input.kind === "cycle").filter((input) => input.asset === asset);

const offsets = (inputs: Sampled[]): number[] => inputs.map(({ at }) => at - T0);

describe("a perfect agent", () => {
  test("sees what the machine shows at each instant", () => {
    const scenario = scenarioOf("");
    const machines = machinesOf(scenario);
    for (const cycle of cyclesOf([...sample(scenario, machines)], "pack-01")) {
      const pack = machines[1]!;
      const { status, guard, recipe, reason } = runAt(pack, cycle.at);
      expect(cycle.values).toMatchObject({
        status,
        guard,
        recipe,
        reason,
        ...countersAt(pack, cycle.at),
      });
    }
  });

  test("polls every machine once a second from the phase on, in order of arrival", () => {
    const inputs = sampled("", { phaseMs: 40, jitterMs: 300 });
    expect(inputs).toHaveLength(2 * 600);
    const at = offsets(inputs);
    expect(at).toEqual([...at].sort((a, b) => a - b));
    for (const [i, cycle] of cyclesOf(inputs, "press-01").entries()) {
      expect(cycle.at - T0 - i * 1000).toBeGreaterThanOrEqual(40);
      expect(cycle.at - T0 - i * 1000).toBeLessThan(340);
    }
    expect(new Set(at.map((ms) => ms % 1000)).size).toBeGreaterThan(100);
    expect(inputs).toEqual(sampled("", { phaseMs: 40, jitterMs: 300 }));
  });

  test("reads temperatures as the decoder gives them, and other channels when asked", () => {
    const [first] = sampled("", { channels: ["press-01"] }) as [CycleInput];
    const { oilTemp, vibration, current, pressure } = first.values;
    expect(oilTemp).toBe(Math.round(Number(oilTemp) * 10) / 10);
    for (const value of [vibration, current]) expect(Math.fround(Number(value))).toBe(value);
    expect(pressure).toBe(Math.round(Number(pressure) * 100) / 100);
    expect((sampled("")[0] as CycleInput).values).not.toHaveProperty("pressure");
  });
});

describe("trouble", () => {
  test("a silent unit times out, its neighbor does not notice", () => {
    const inputs = sampled("  - { kind: cable-pull, at: 2min, duration: 10s, machine: press-01 }");
    const failed = cyclesOf(inputs, "press-01").filter(({ failure }) => failure !== null);
    expect(failed.map(({ failure }) => failure)).toEqual(Array(10).fill("MODBUS_TIMEOUT"));
    expect(failed[0]?.at).toBe(T0 + 2 * MINUTE + 250 + 500);
    expect(cyclesOf(inputs, "pack-01").every(({ failure }) => failure === null)).toBe(true);
  });

  test("a refused endpoint closes first and refuses then; an absent unit has its exception", () => {
    const inputs = sampled(`  - { kind: cable-pull, at: 2min, duration: 3s, how: refused }
  - { kind: cable-pull, at: 4min, duration: 2s, how: absent, machine: press-01 }`);
    const reasons = cyclesOf(inputs, "press-01").flatMap(({ failure }) => failure ?? []);
    expect(reasons).toEqual([
      "MODBUS_CLOSED",
      "MODBUS_REFUSED",
      "MODBUS_REFUSED",
      "MODBUS_EXCEPTION_11",
      "MODBUS_EXCEPTION_11",
    ]);
  });

  test("a killed agent reads nothing and says when it was last alive", () => {
    const inputs = sampled(
      "  - { kind: agent-kill, at: 90500ms, duration: 20s, cause: power-lost }",
    );
    const start = inputs.findIndex(({ kind }) => kind === "agent-started");
    expect(inputs[start]).toEqual({
      kind: "agent-started",
      at: T0 + 110_500,
      lastAlive: T0 + 90_250,
      cause: "power-lost",
    });
    expect(inputs[start - 1]?.at).toBe(T0 + 90_250);
    expect(inputs[start + 1]?.at).toBe(T0 + 111_250);
  });

  test("a reply that arrives after the kill is lost", () => {
    const pull = "  - { kind: cable-pull, at: 60s, duration: 60s, machine: press-01 }";
    const inputs = sampled(`${pull}\n  - { kind: agent-kill, at: 90600ms, duration: 20s }`);
    expect(cyclesOf(inputs, "press-01").some(({ at }) => at === T0 + 90_750)).toBe(false);
    expect(cyclesOf(inputs, "pack-01").some(({ at }) => at === T0 + 90_250)).toBe(true);
  });

  test("a clock step is told at the old time, then time is the new one", () => {
    const inputs = sampled(`  - { kind: clock-step, at: 2min, step: 1h }
  - { kind: clock-step, at: 3min, step: -2h }`);
    const steps = inputs.filter(({ kind }) => kind === "clock");
    expect(steps).toEqual([
      { kind: "clock", at: T0 + 2 * MINUTE, quality: "synced", stepMs: 60 * MINUTE },
      { kind: "clock", at: T0 + 63 * MINUTE, quality: "synced", stepMs: -120 * MINUTE },
    ]);
    const after = inputs.indexOf(steps[1]!) + 1;
    expect(inputs[after]?.at).toBe(T0 - 57 * MINUTE + 250);
    expect(offsets(inputs).filter((ms) => ms < 0)).toHaveLength(2 * 7 * 60);
  });
});

describe("replay lines", () => {
  test("say the same in the replay format", () => {
    const inputs = sampled(`  - { kind: cable-pull, at: 1min, duration: 5s }
  - { kind: agent-kill, at: 2min, duration: 5s }
  - { kind: clock-step, at: 3min, step: 1h }`);
    const lines = inputs.map((input) => JSON.parse(replayLine(input)));
    const find = (key: string, value: string) => lines.find((line) => line[key] === value);
    expect(lines[0]).toEqual({
      at: T0 + 250,
      asset: "press-01",
      source: "main",
      values: (inputs[0] as CycleInput).values,
    });
    expect(find("reason", "MODBUS_TIMEOUT")).toEqual({
      at: T0 + MINUTE + 750,
      asset: "press-01",
      source: "main",
      quality: "bad",
      reason: "MODBUS_TIMEOUT",
    });
    expect(find("event", "agent-started")).toMatchObject({ cause: "agent-stopped" });
    expect(find("event", "clock")).toMatchObject({ quality: "synced", stepMs: 3_600_000 });
    expect(lines.every((line) => Number.isInteger(line.at))).toBe(true);
  });

  test("a day of one machine takes a fraction of a second, the same bytes each time", () => {
    const scenario = loadScenario("shift");
    scenario.to = scenario.from + 24 * 60 * MINUTE;
    const run = (): string[] => [...replayLines(scenario, machinesOf(scenario).slice(0, 1))];
    const lines = run();
    expect(lines).toHaveLength(86_400);
    const begin = performance.now();
    let cycles = 0;
    for (const input of sample(scenario, machinesOf(scenario).slice(0, 1))) {
      cycles += Number(input.kind === "cycle");
    }
    const took = performance.now() - begin;
    expect(cycles).toBe(86_400);
    // About 60 ms on an idle computer; the bound leaves room for a busy one.
    expect(took).toBeLessThan(600);
    expect(run()).toEqual(lines);
  });
});
