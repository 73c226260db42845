/** `template test`: a template against its own fixtures, or with `--host` against a device. Reads only, stores nothing. */
import { wantedText } from "../../config/check-value.ts";
import { chainOf, expectationOf } from "../../config/fixture.ts";
import { formatProblem } from "../../config/problem.ts";
import { readTemplate } from "../../config/template.ts";
import type { Sample } from "../../drivers/driver.ts";
import { driverFor } from "../../drivers/registry.ts";
import { driverClock, systemClock } from "../clock.ts";
import { duration } from "../commission/target.ts";
import { FAULTS, Fault, type FaultEntry } from "../core/fault.ts";
import { type DeviceReading, hasRegisters, readDevice } from "../template/device.ts";
import { lintTemplate } from "../template/lint.ts";
import { type Trial, trialOf } from "../template/trial.ts";
import { shown, type Tried, tryFixture } from "../template/try-fixture.ts";
import { EXIT, type GlobalOptions, print, say } from "./output.ts";
import { namedTemplate } from "./template.ts";

export interface TestOptions extends GlobalOptions {
  config: string;
  host?: string;
  port?: string;
  unit?: string;
}

/** 0 as expected, 1 something differs, 69 no answer, 78 the template cannot be used. */
export async function testTemplate(name: string, options: TestOptions): Promise<number> {
  const document = namedTemplate(name, options.config);
  const { template, problems } = readTemplate(document);
  const result = template && trialOf(document, template);
  if (!result?.trial) {
    const all = result?.problems ?? problems;
    throw new Fault("CONFIG_INVALID", all.map(formatProblem).join("\n"), { problems: all });
  }
  if (options.host !== undefined) return await testDevice(name, result.trial, options);
  const { errors } = lintTemplate(document);
  const tried = result.trial.template.fixtures.flatMap((each) => {
    return tryFixture(result.trial!, each) ?? [];
  });
  if (options.json) {
    print(JSON.stringify({ ok: errors.length === 0, fixtures: tried.map(plain), errors }));
  } else {
    for (const each of tried) showFixture(result.trial, each);
    for (const problem of errors) say(formatProblem(problem));
    say(errors.length === 0 ? "all as expected" : `${errors.length} not as expected`);
  }
  return errors.length === 0 ? EXIT.done : EXIT.failed;
}

const plain = ({ fixture, samples, condition }: Tried): object => ({
  name: fixture.name,
  condition,
  points: Object.fromEntries([...samples].map(([id, sample]) => [id, plainSample(sample)])),
});

const plainSample = (sample: Sample): object =>
  sample.quality === "good" && typeof sample.value === "bigint"
    ? { ...sample, value: String(sample.value) }
    : sample;

function showFixture(trial: Trial, { fixture, samples, condition }: Tried): void {
  const { values, bad } = expectationOf(chainOf(trial.template, fixture.name));
  print(`${fixture.name}: ${condition}`);
  for (const [id, sample] of samples) {
    const expected = values[id] ?? bad[id];
    print(`  ${row(id, sample)}${expected === undefined ? "" : `  expected ${String(expected)}`}`);
  }
}

/** `power                 2705.5  raw 4529 1800`. */
function row(id: string, sample: Sample): string {
  const words = sample.quality === "good" ? sample.raw : [];
  const raw = words.map((word) => word.toString(16).padStart(4, "0")).join(" ");
  return `${id.padEnd(20)}${shown(sample).padStart(14)}${raw === "" ? "" : `  raw ${raw}`}`;
}

async function testDevice(name: string, trial: Trial, options: TestOptions): Promise<number> {
  if (!hasRegisters(trial)) {
    say(`template ${name} leaves the addresses to the asset`);
    say("next: put it into a configuration with its points and run `uptime-agent test`");
    return EXIT.config;
  }
  const port = whole("--port", options.port ?? "502", 65_535);
  const unit = whole("--unit", options.unit ?? "1", 255);
  if (port === null || unit === null) return EXIT.usage;
  const timeout = options.timeout === undefined ? 1000 : duration("--timeout", options.timeout);
  const clock = driverClock(systemClock);
  const endpoint = { host: options.host, port, timeout };
  const connection = driverFor("modbus-tcp").open("template", endpoint, clock);
  try {
    const reading = await readDevice(trial, connection, unit);
    return options.json ? printDevice(name, reading) : showDevice(name, reading);
  } finally {
    await connection.close();
  }
}

function whole(option: string, text: string, most: number): number | null {
  if (/^\d+$/.test(text) && Number(text) <= most) return Number(text);
  say(`${option} must be a whole number from 0 to ${most}, not ${text}`);
  return null;
}

function verdict({ failure, checks, samples }: DeviceReading): number {
  if (failure !== null) return EXIT.unreachable;
  const isWhole = [...samples.values()].every(({ quality }) => quality === "good");
  return isWhole && checks.every((check) => check.fits) ? EXIT.done : EXIT.failed;
}

function printDevice(name: string, reading: DeviceReading): number {
  const { samples, failure, plan, checks, condition } = reading;
  const points = Object.fromEntries([...samples].map(([id, each]) => [id, plainSample(each)]));
  const code = verdict(reading);
  print(
    JSON.stringify({ ok: code === 0, template: name, failure, condition, points, checks, plan }),
  );
  return code;
}

function showDevice(name: string, reading: DeviceReading): number {
  const { samples, failure, plan, checks, condition } = reading;
  for (const line of plan) print(`reads ${line}`);
  for (const [id, sample] of samples) {
    const check = checks.find((each) => each.id === id);
    const judged = check && `  ${check.fits ? "plausible" : "NOT"} ${wantedText(check.check)}`;
    print(`  ${row(id, sample)}${judged ?? ""}`);
  }
  if (condition !== null) print(`condition, if it stays so: ${condition}`);
  const code = verdict(reading);
  if (failure !== null) {
    const entry: FaultEntry | undefined = (FAULTS as Record<string, FaultEntry>)[failure];
    say(`${failure}: ${entry?.meaning ?? ""}`);
    say(`next: ${entry?.hint ?? "see docs/errors.md"}`);
  } else if (code === EXIT.done) say(`answers like ${name}`);
  else {
    say(`does not answer like ${name} in every point`);
    say(`next: \`uptime-agent template show ${name}\` (caveats), or another unit id or template`);
  }
  return code;
}
