/**
 * Start and stop of the wired parts, in order: store, pipeline, drivers, poller, then publisher. Polling begins
 * before the MQTT client is loaded. Decides nothing about machines; that is the core's.
 */
import { randomBytes } from "node:crypto";
import type { Driver } from "../drivers/driver.ts";
import { driverFor } from "../drivers/registry.ts";
import type { ActDesk } from "./acts/desk.ts";
import type { Clock } from "./clock.ts";
import { type Desk, openDesk } from "./commission/desk.ts";
import type { Millis } from "./core/time.ts";
import type { ClockQuality } from "./core/vocabulary.ts";
import { cycleOf } from "./cycle.ts";
import { openLedger, tellBreaks, tellDisagreements, tellKey } from "./evidence/begin.ts";
import type { GatewayKey } from "./evidence/key.ts";
import { guardReport } from "./guard/report.ts";
import type { Log } from "./log.ts";
import { type North, openNorth } from "./north.ts";
import { reportGap, reportStrays, tellContact, tellRecovery, tellTrouble } from "./notice.ts";
import type { Notifier } from "./notify.ts";
import { openPipeline, type Pipeline } from "./pipeline.ts";
import type { Plant } from "./plant.ts";
import { type PollEvents, startPoller } from "./poller.ts";
import { type Field, openField } from "./polling.ts";
import type { Publisher } from "./publisher/ports.ts";
import { countRefusals, type Refusals } from "./refusals.ts";
import type { StatusParts } from "./status.ts";
import { storePaths } from "./storage.ts";
import { type Heartbeat, lastAlive, openHeartbeat } from "./store/heartbeat.ts";
import type { Recovered } from "./store/port.ts";
import { watchStrays } from "./strays.ts";
import { openTimekeeper, type Timekeeper } from "./timekeeper.ts";

export interface AgentOptions {
  plant: Plant;
  /** Time of the machines: polls, accounting, commits. */
  clock: Clock;
  /** Time of sockets and broker; differs from `clock` only where a simulated plant runs faster than real time. */
  wire?: Clock;
  /** Where drivers come from; by default the registry. */
  driver?(name: string): Driver;
  log: Log;
  notifier: Notifier;
  version: string;
  boot: string;
  /** The trust that UTC deserves now. */
  quality(utc: Millis): ClockQuality;
  random(): number;
}

export interface Agent {
  /** Rejects when a part failed beyond repair. */
  done: Promise<void>;
  /** Ends polling, commits, says goodbye to the broker, closes. At most about 3 s. */
  stop(): Promise<void>;
  /** The status record, and beside it under `local` what only this gateway's technician needs. */
  status(): Promise<object>;
  /** Where people's acts come in. */
  acts: ActDesk;
  /** What the technician at this gateway may ask of the connections in use. */
  desk: Desk;
}

export async function startAgent(options: AgentOptions): Promise<Agent> {
  const { plant, clock, log, notifier, boot } = options;
  const defect = failing();
  const ledger = await openLedger(plant, clock.utc());
  const { store, recovered, key, breaks } = ledger;
  tellRecovery(log, recovered);
  const heartbeat = await openHeartbeat(storePaths(plant).heartbeat);
  let north: North | null = null;
  const pipeline: Pipeline = openPipeline(plant, recovered, {
    store,
    sign: key.sign,
    told: (fact) => tellContact(log, fact),
    // The heartbeat promises no more than a start will find: what was lost with the process is no silence of a device.
    kept: (utc) => heartbeat.beat({ boot, mono: clock.mono(), utc, clean: false }),
    committed: ({ records, gaps, note, disagreed }) => {
      notifier.progress("commit");
      if (note !== null) log.warn(note);
      for (const gap of gaps) reportGap(pipeline, gap, log);
      tellDisagreements({ store, pipeline }, disagreed, log);
      if (records > 0) north?.notify();
    },
    trouble: (fault) => tellTrouble(log, fault),
    failed: defect.fail,
  });
  const time = openTimekeeper({ clock, log, pipeline, quality: options.quality });
  beginRun(options, pipeline, recovered, time);
  tellBreaks(pipeline, time.now(), breaks, log);
  tellKey(pipeline, time.now(), ledger, log);

  const wire = options.wire ?? clock;
  const report = guardReport(pipeline, time.now, log);
  const field = openField(plant, options.driver ?? driverFor, wire, report);
  const refusals = countRefusals(pipeline.core);
  const poller = startPoller(clock, field.sources, field.stallMs, {
    ...pollEvents(options, pipeline, time, refusals),
    slot: slotOf(options, pipeline, time, field),
  });
  notifier.ready();
  log.info("polling", { assets: plant.model.assets.length, sources: field.sources.length });

  const status = statusOf(options, { pipeline, time, poller, field, heartbeat, refusals, key });
  const { random } = options;
  north = await openNorth({ plant, store, pipeline, time, wire, random, log, status });

  const end = async (): Promise<void> => {
    await notifier.stopping();
    await north?.closePage();
    await poller.stop();
    await field.close();
    const stopped = time.now();
    await endRun(pipeline, stopped);
    await north?.stop();
    await heartbeat.close({ boot, mono: clock.mono(), utc: stopped, clean: true });
    await store.close();
  };
  let ending: Promise<void> | null = null;
  const { acts } = north;
  return {
    done: Promise.race([defect.failed, Promise.all([poller.done, north.done]).then(() => {})]),
    stop: () => {
      ending ??= end();
      return ending;
    },
    status: north.status,
    acts,
    desk: openDesk(field.connections, pipeline.core, time.now, pipeline.offer),
  };
}

/** What every wake-up of the poller drives. */
function slotOf(
  { log, notifier }: AgentOptions,
  pipeline: Pipeline,
  time: Timekeeper,
  field: Field,
): (mono: number) => void {
  const strays = watchStrays(field.connections, (id, frames) =>
    reportStrays(pipeline, time.now(), id, frames, log),
  );
  return (mono) => {
    time.tick();
    strays.look(mono);
    pipeline.tick(time.now());
    notifier.progress("poll");
  };
}

/** Everything that moves, as the status needs it. */
type Moving = Pick<StatusParts, "pipeline" | "poller" | "refusals"> & {
  time: Timekeeper;
  field: Field;
  heartbeat: Heartbeat;
  key: GatewayKey;
};

function statusOf(
  { plant, clock, version }: AgentOptions,
  { pipeline, time, poller, field, heartbeat, refusals, key }: Moving,
): (publisher: Publisher | null) => StatusParts {
  const session = randomBytes(4).toString("hex");
  const began = clock.mono();
  return (publisher) => ({
    plant,
    version,
    session,
    uptimeMs: Math.round(clock.mono() - began),
    now: time.now(),
    quality: pipeline.core.state.quality,
    pipeline,
    poller,
    refusals,
    publisher,
    connections: field.connections,
    heartbeatFailure: heartbeat.failure(),
    key,
  });
}

/** One more millisecond ends the instant of the stop, so that what it tells is committed and sent. */
async function endRun(pipeline: Pipeline, at: Millis): Promise<void> {
  pipeline.enter({ kind: "agent-stopped", at });
  pipeline.enter({ kind: "tick", at: at + 1 });
  await pipeline.drain(at + 1);
}

/** A promise that only ever rejects, and what rejects it. */
function failing(): { failed: Promise<never>; fail: (error: unknown) => void } {
  let fail: (error: unknown) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => {});
  return { failed, fail };
}

/** The first inputs of a run: since when nothing was observed, the configuration, the clock's worth. */
function beginRun(
  { boot }: AgentOptions,
  pipeline: Pipeline,
  { marker, firstStart }: Recovered,
  time: Timekeeper,
): void {
  const at = time.now();
  const alive = lastAlive(marker, boot, pipeline.core.state.now);
  if (alive && !firstStart) {
    const from = Math.min(alive.lastAlive, at);
    pipeline.enter({ kind: "agent-started", at, cause: alive.cause, lastAlive: from });
  }
  pipeline.configure(at);
  time.begin();
}

function pollEvents(
  { log, clock, wire }: AgentOptions,
  pipeline: Pipeline,
  time: Timekeeper,
  refusals: Refusals,
): Omit<PollEvents, "slot"> {
  return {
    deliver(asset, source, reading) {
      // A reading is dated by the wire's clock; where that is another one, by its delivery.
      const mono = wire === undefined ? reading.at : clock.mono();
      const cycle = cycleOf(asset, source, reading, time.at(mono));
      refusals.book(cycle);
      pipeline.offer(cycle);
    },
    // Counted by the poller; a source that is missed for longer than its hold is silent all the same.
    missed: () => {},
    stalled: (from, to) => {
      log.warn("the agent stood still", { ms: Math.round(to - from) });
      const at = time.at(to);
      const cause = "agent-stopped";
      pipeline.enter({ kind: "agent-started", at, lastAlive: time.at(from), cause });
    },
    defect: (asset, source, error) => log.error("a driver failed", { asset, source, error }),
  };
}
