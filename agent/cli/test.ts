/** `test`: polls every source once and shows what would be sent. Sends nothing, stores nothing. */
import type { Connection, Reading } from "../../drivers/driver.ts";
import { busReport } from "../../drivers/modbus/bustime.ts";
import { driverFor } from "../../drivers/registry.ts";
import { calendarFeeds } from "../calendar/feeds.ts";
import { driverClock, systemClock } from "../clock.ts";
import { duration } from "../commission/target.ts";
import { advance, finish } from "../core/advance.ts";
import { newCore } from "../core/core.ts";
import type { Fact } from "../core/fact.ts";
import { FAULTS, type FaultEntry } from "../core/fault.ts";
import type { Value } from "../core/model.ts";
import { cycleOf } from "../cycle.ts";
import { loadPlant, type Plant } from "../plant.ts";
import { message } from "../record/message.ts";
import { EXIT, type GlobalOptions, print, say } from "./output.ts";

interface Tested {
  asset: string;
  source: string;
  connection: string;
  plan: string[];
  /** Predicted milliseconds of bus time per poll; null where it costs none. */
  passMs: number | null;
  pollMs: number;
  reading: Reading;
  ms: number;
}

/** 0 when every point was read, 69 when something was not. */
export async function testCommand(options: GlobalOptions & { config: string }): Promise<number> {
  const plant = loadPlant(options.config);
  const limitMs = options.timeout === undefined ? 30_000 : duration("--timeout", options.timeout);
  const tested = await readAll(plant, limitMs);
  const records = wouldSend(plant, tested);
  const failed = tested.filter(({ reading }) => troubleOf(reading).length > 0);
  const buses = busLines(tested);
  if (options.json)
    print(JSON.stringify({ ok: failed.length === 0, sources: tested.map(plain), buses, records }));
  else show(tested, buses, records);
  for (const { asset, source, reading } of failed) {
    const reason = troubleOf(reading)[0] ?? "";
    const entry: FaultEntry | undefined = (FAULTS as Record<string, FaultEntry>)[reason];
    say(`${asset}/${source}: ${reason}: ${entry?.meaning ?? ""}`);
    say(`next: ${entry?.hint ?? "see docs/errors.md"}`);
  }
  return failed.length === 0 ? EXIT.done : EXIT.unreachable;
}

async function readAll(plant: Plant, limitMs: number): Promise<Tested[]> {
  const clock = driverClock(systemClock);
  const connections = new Map<string, Connection>();
  const ending = new AbortController();
  try {
    const reads = plant.sources.map(async (source): Promise<Tested> => {
      const options = plant.connections.find(({ id }) => id === source.connection);
      if (!connections.has(source.connection) && options)
        connections.set(
          source.connection,
          driverFor(options.driver).open(options.id, options.options, clock),
        );
      const connection = connections.get(source.connection) as Connection;
      const reader = connection.source(
        `${source.asset}/${source.source}`,
        source.unit,
        source.points,
      );
      const began = clock.now();
      const late: Reading = {
        samples: new Map(),
        failure: "MODBUS_TIMEOUT",
        at: began,
        requests: 0,
      };
      const reading = await Promise.race([
        reader.read(),
        clock.sleep(limitMs, ending.signal).then(() => late),
      ]);
      const { asset, source: id, connection: name } = source;
      return {
        asset,
        source: id,
        connection: name,
        plan: reader.plan(),
        passMs: reader.busTime?.() ?? null,
        pollMs: source.pollMs,
        reading,
        ms: clock.now() - began,
      };
    });
    return await Promise.all(reads);
  } finally {
    ending.abort();
    await Promise.all([...connections.values()].map((connection) => connection.close()));
  }
}

const troubleOf = ({ failure, samples }: Reading): string[] => [
  ...(failure === null ? [] : [failure]),
  ...[...samples.values()].flatMap((sample) => (sample.quality === "bad" ? [sample.reason] : [])),
];

/** The records of one cycle of everything, from a core that knows nothing else. */
function wouldSend(plant: Plant, tested: Tested[]): { topic: string; payload: unknown }[] {
  const at = systemClock.utc();
  const core = newCore();
  const facts: Fact[] = calendarFeeds(plant.calendars, {})
    .until(at)
    .flatMap((input) => advance(core, input));
  facts.push(...advance(core, { kind: "config", at, hash: plant.hash, model: plant.model }));
  for (const { asset, source, reading } of tested)
    facts.push(...advance(core, cycleOf(asset, source, reading, at)));
  facts.push(...finish(core));
  return facts.flatMap((fact) => {
    if (fact.kind !== "record") return [];
    const { topic, body } = message(fact, plant.model);
    return [{ topic, payload: body }];
  });
}

/** For reading: a float of 32 bits holds seven digits, the rest is noise. `--json` has the exact value. */
function text(value: Value): string {
  if (typeof value === "string") return JSON.stringify(value);
  const isFraction = typeof value === "number" && !Number.isInteger(value);
  return isFraction ? String(Number(value.toPrecision(7))) : String(value);
}

function plain({ asset, source, connection, plan, reading, ms }: Tested): object {
  const points = Object.fromEntries(
    [...reading.samples].map(([id, sample]) => [
      id,
      sample.quality === "good"
        ? {
            quality: "good",
            value: typeof sample.value === "bigint" ? String(sample.value) : sample.value,
            raw: sample.raw,
          }
        : sample,
    ]),
  );
  return { asset, source, connection, ms: Math.round(ms), failure: reading.failure, plan, points };
}

/** What reading takes of each bus, and which poll periods cannot be met. */
function busLines(tested: Tested[]): string[] {
  return [...new Set(tested.map(({ connection }) => connection))].flatMap((name) => {
    const demands = tested.flatMap(({ asset, source, connection, passMs, pollMs }) =>
      connection === name && passMs !== null ? [{ id: `${asset}/${source}`, passMs, pollMs }] : [],
    );
    return demands.length === 0 ? [] : busReport(name, demands);
  });
}

function show(
  tested: Tested[],
  buses: string[],
  records: { topic: string; payload: unknown }[],
): void {
  for (const { asset, source, connection, plan, reading, ms } of tested) {
    print(`${asset}/${source} on ${connection}: ${plan.length} requests, ${Math.round(ms)} ms`);
    for (const line of plan) print(`  reads ${line}`);
    if (reading.failure) print(`  failed: ${reading.failure}`);
    for (const [id, sample] of reading.samples) {
      const shown =
        sample.quality === "good"
          ? `${text(sample.value).padStart(14)}  raw ${sample.raw.map((word) => word.toString(16).padStart(4, "0")).join(" ")}`
          : `${"bad".padStart(14)}  ${sample.reason}`;
      print(`  ${id.padEnd(20)}${shown}`);
    }
  }
  for (const line of buses) print(line);
  print("would be sent:");
  for (const { topic, payload } of records) print(`  ${topic} ${JSON.stringify(payload)}`);
}
