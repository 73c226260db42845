/** The demo without a terminal: one shift in lockstep, every record as it reaches the broker, then what it came to. */
import type { Millis } from "../../agent/core/time.ts";
import type { Driver } from "../../drivers/driver.ts";
import { loadScenario } from "../scenario-file.ts";
import { truth } from "../truth.ts";
import { lockstep } from "./lockstep.ts";
import {
  type ContractRecord,
  type IncidentRecord,
  incidentLine,
  standingLines,
} from "./outcome.ts";
import { type Rig, startRig } from "./rig.ts";

export interface ShiftDemo {
  seed: number;
  durationMs: Millis;
  driver(name: string): Driver;
}

interface HourRecord {
  asset: string;
  window: { kind: string; from: string; final: boolean };
  conditionMs: Record<string, Millis>;
  counts: { total: number | null; recovered: { total: number | null } };
  oee: { idealGoodUs: number | null; observedLoadingMs: Millis };
}

/** Longer than any settle time of the example's assets. */
const SETTLE_MS = 600_000;
/** Plant time between two looks at the broker, so that records arrive while the shift goes on. */
const PACE_MS = 60_000;
const PATIENCE_MS = 30_000;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

export async function shiftDemo({ seed, durationMs, driver }: ShiftDemo): Promise<number> {
  const scenario = { ...loadScenario("demo"), seed };
  const end = scenario.from + durationMs;
  const steps = lockstep(scenario.from);
  const began = performance.now();
  const rig = await startRig({
    scenario,
    clock: steps.clock,
    time: steps.time,
    driver: (name) => steps.paced(driver(name)),
    poll: "2s",
    // Plant time stands while a silent machine is waited for; a second for each poll would take minutes.
    timeout: "100ms",
    logLevel: "error",
    onEvent: (event) =>
      say(`${clockOf(event.at)} ${event.kind}${"machine" in event ? ` ${event.machine}` : ""}`),
  });
  say(
    `simulated shift from ${new Date(scenario.from).toISOString()}: 4 machines over Modbus TCP on port ${rig.plant.port}`,
  );
  const hours: HourRecord[] = [];
  const incidents: IncidentRecord[] = [];
  let standing: ContractRecord | null = null;
  const seen = new Set<string>();
  rig.broker.onMessage(({ topic, payload }) => {
    const record = JSON.parse(payload.toString());
    if (record.seq !== null && seen.has(record.id)) return;
    seen.add(record.id);
    process.stdout.write(`{"topic":${JSON.stringify(topic)},"payload":${payload.toString()}}\n`);
    if (record.window?.kind === "hour" && record.window.final) hours.push(record);
    if (record.incident) incidents.push(record);
    if (record.contract) standing = record;
  });
  try {
    await steps.run(end + SETTLE_MS, PACE_MS, () => Promise.resolve());
    // The shift may end while the broker is away.
    await rig.broker.setFault(null);
    await delivered(rig);
    summarize(rig, hours, scenario.from, end, seen.size, performance.now() - began);
    for (const line of ["", incidentLine(incidents), ...(standing ? standingLines(standing) : [])])
      say(line);
    say(
      "\nnext: `uptime-agent check -c FILE` with your own configuration; `uptime-agent --help` for all commands",
    );
    return hours.length > 0 ? 0 : 1;
  } finally {
    await rig.close();
  }
}

/** Waits until the outbox is empty; the broker was away for a part of the shift. */
async function delivered(rig: Rig): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const { status } = (await rig.agent.status()) as { status: { outbox: { depth: number } } };
    if (status.outbox.depth === 0) return;
    if (performance.now() > deadline)
      throw new Error(`${status.outbox.depth} records were not delivered`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const clockOf = (at: Millis): string => new Date(at).toISOString().slice(11, 19);
const minutes = (ms: Millis): string => (ms / 60_000).toFixed(1).padStart(8);

function summarize(
  rig: Rig,
  hours: HourRecord[],
  from: Millis,
  to: Millis,
  records: number,
  realMs: number,
): void {
  say("");
  say(
    `${records} records in ${(realMs / 1000).toFixed(0)} s for ${((to - from) / 3_600_000).toFixed(1)} h of plant time; every hour closed, by machine:`,
  );
  say("machine    producing     fault     other   unknown  pieces (true)        OEE");
  for (const machine of rig.plant.machines) {
    const own = hours.filter(
      ({ asset, window }) =>
        asset === machine.id && Date.parse(window.from) >= from && Date.parse(window.from) < to,
    );
    const sum = (pick: (hour: HourRecord) => number): number =>
      own.reduce((all, hour) => all + pick(hour), 0);
    const ms = (word: string): number => sum((hour) => hour.conditionMs[word] ?? 0);
    const length = sum((hour) => Object.values(hour.conditionMs).reduce((a, b) => a + b, 0));
    const other = length - ms("producing") - ms("fault") - ms("unknown");
    const pieces = sum(({ counts }) => (counts.total ?? 0) + (counts.recovered.total ?? 0));
    const known = truth(machine, from, to);
    const made = known.counts.total;
    const observed = sum((hour) => hour.oee.observedLoadingMs);
    const oee =
      observed === 0
        ? "  -"
        : `${((100 * sum((hour) => hour.oee.idealGoodUs ?? 0)) / (observed * 1000)).toFixed(1)} %`;
    say(
      `${machine.id.padEnd(10)}${minutes(ms("producing"))} min${minutes(ms("fault"))}  ${minutes(other)}  ${minutes(ms("unknown"))}  ${String(pieces).padStart(6)} (${made})  ${oee.padStart(10)}`,
    );
  }
}
