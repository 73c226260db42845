/**
 * Scenario files: YAML to a checked {@link Scenario}. Times in a file are offsets from `start`; every
 * mistake is reported at once, with line and column. Plays nothing.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Fault } from "../agent/core/fault.ts";
import { parseSource, type SourceDocument } from "../config/document.ts";
import { type Finding, formatProblem, type Path, pathText } from "../config/problem.ts";
import { KINDS } from "./kinds.ts";
import type { MachineSpec } from "./machine.ts";
import type { Scenario, ScenarioEvent } from "./scenario.ts";
import { build, eventShapes } from "./scenario-event.ts";
import { readFields, type Shape, type Values } from "./scenario-fields.ts";

const TOP: Shape = {
  version: { is: "integer", min: 1, max: 1 },
  name: { is: "id" },
  start: { is: "instant" },
  duration: { is: "duration" },
  seed: { is: "integer", optional: true, min: 0, max: 4294967295 },
  speed: { is: "integer", optional: true, min: 1, max: 100_000 },
  poll: { is: "duration", optional: true },
  port: { is: "integer", optional: true, min: 0, max: 65535 },
  calendar: { is: "id", optional: true },
  machines: { is: "list" },
  events: { is: "list", optional: true },
};

const MACHINE: Shape = {
  id: { is: "id" },
  kind: { is: "word", of: [...KINDS.keys()] },
  unit: { is: "integer", min: 1, max: 247 },
  counterModulus: { is: "integer", optional: true, min: 2, max: 4294967296 },
  counterStart: { is: "integer", optional: true, min: 0, max: 4294967295 },
};

/** A scenario that ships with the simulator, by name (`demo`), or else a file. Throws Fault. */
export function loadScenario(nameOrFile: string): Scenario {
  const shipped = /^[a-z0-9-]+$/.test(nameOrFile);
  const file = shipped
    ? fileURLToPath(new URL(`./scenarios/${nameOrFile}.yaml`, import.meta.url))
    : nameOrFile;
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new Fault("CONFIG_UNREADABLE", `cannot read scenario ${file}`, { file }, cause);
  }
  return parseScenario(file, text);
}

/** Throws Fault CONFIG_INVALID that lists every mistake as `file:line:column path message (hint)`. */
export function parseScenario(file: string, text: string): Scenario {
  const source = parseSource(file, text);
  const findings: Finding[] = [];
  const scenario = source.problems.length === 0 ? compile(source.data, findings) : null;
  const lines = [
    ...source.problems.map(formatProblem),
    ...findings.map((one) => place(source, one)),
  ];
  if (!scenario || lines.length > 0) throw new Fault("CONFIG_INVALID", lines.join("\n"), { file });
  return scenario;
}

function place(source: SourceDocument, finding: Finding): string {
  const spot = source.locate(finding.path, finding.at ?? "value") ?? { line: 1, col: 1 };
  const { message, hint = null } = finding;
  return formatProblem({ file: source.file, ...spot, path: pathText(finding.path), message, hint });
}

function compile(data: unknown, findings: Finding[]): Scenario {
  const top = readFields(data, [], TOP, findings);
  const from = Number(top["start"] ?? 0);
  const machines = ((top["machines"] ?? []) as unknown[]).map((one, i) => {
    return machineOf(readFields(one, ["machines", i], MACHINE, findings));
  });
  noneTwice(
    machines.map(({ id }) => id),
    "id",
    findings,
  );
  noneTwice(
    machines.map(({ unit }) => unit),
    "unit",
    findings,
  );
  if (machines.length === 0) findings.push({ path: ["machines"], message: "needs at least one" });
  const ids = machines.map(({ id }) => id);
  const events = ((top["events"] ?? []) as unknown[])
    .flatMap((one, i) => eventOf(one, ["events", i], from, ids, findings))
    .sort((a, b) => a.at - b.at);
  return {
    name: String(top["name"]),
    from,
    to: from + Number(top["duration"] ?? 1),
    seed: Number(top["seed"] ?? 1),
    speed: Number(top["speed"] ?? 1),
    pollMs: Number(top["poll"] ?? 1_000),
    port: Number(top["port"] ?? 5020),
    calendar: (top["calendar"] as string | undefined) ?? null,
    machines,
    events,
  };
}

function machineOf(values: Values): MachineSpec {
  const kind = KINDS.get(String(values["kind"])) ?? [...KINDS.values()][0];
  if (!kind) throw new RangeError("no kinds of machine");
  return {
    id: String(values["id"]),
    unit: Number(values["unit"]),
    kind,
    modulus: Number(values["counterModulus"] ?? 4294967296),
    counterStart: (values["counterStart"] as number | undefined) ?? null,
  };
}

function noneTwice(values: (string | number)[], key: string, findings: Finding[]): void {
  for (const [i, value] of values.entries()) {
    if (values.indexOf(value) === i) continue;
    findings.push({ path: ["machines", i, key], message: `${key} ${value} is used twice` });
  }
}

function eventOf(
  data: unknown,
  path: Path,
  from: number,
  machines: string[],
  findings: Finding[],
): ScenarioEvent[] {
  const shapes = eventShapes(machines);
  const kind = { is: "word", of: Object.keys(shapes) } as const;
  const named = String((data as Values | null)?.["kind"]);
  const before = findings.length;
  const values = readFields(
    data,
    path,
    { kind, at: { is: "duration", zero: true }, ...(shapes[named] ?? {}) },
    Object.hasOwn(shapes, named) ? findings : [],
  );
  if (!Object.hasOwn(shapes, named)) readFields({ kind: named }, path, { kind }, findings);
  return findings.length > before ? [] : [build(values, from, machines)];
}
