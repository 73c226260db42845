/**
 * Start and stop of the wired parts, in order: store, pipeline, drivers, poller, then publisher. Polling begins
 * before the MQTT client is loaded. Decides nothing about machines; that is the core's.
 */
import { randomBytes } from "node:crypto";
import type { Connection, Driver } from "../drivers/driver.ts";
import { driverFor } from "../drivers/registry.ts";
import { type Axis, anchor, instantOf, tick as tickAxis } from "./axis.ts";
import { type Clock, driverClock } from "./clock.ts";
import type { Fault } from "./core/fault.ts";
import type { NoticeInput } from "./core/input.ts";
import type { Millis } from "./core/time.ts";
import type { ClockQuality } from "./core/vocabulary.ts";
import { cycleOf } from "./cycle.ts";
import { publisherOf } from "./delivery.ts";
import type { Log } from "./log.ts";
import type { Notifier } from "./notify.ts";
import { openPipeline, type Pipeline } from "./pipeline.ts";
import type { Plant } from "./plant.ts";
import { startPoller } from "./poller.ts";
import type { Publisher } from "./publisher/ports.ts";
import { iso } from "./record/message.ts";
import { localStatus, type StatusParts, statusPayload } from "./status.ts";
import { openPlantStore, storePaths } from "./storage.ts";
import { lastAlive, openHeartbeat } from "./store/heartbeat.ts";
import type { Gap, Store } from "./store/port.ts";

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
}

const QUALITY_EVERY_MS = 10_000;

export async function startAgent(options: AgentOptions): Promise<Agent> {
  const { plant, clock, log, notifier } = options;
  const { store, recovered } = await openPlantStore(plant, clock.utc());
  if (recovered.quarantined)
    log.error("the store was damaged and set aside; a new one was begun", {
      quarantined: recovered.quarantined,
    });
  if (recovered.lost) log.error("part of the journal is lost", { lost: recovered.lost });
  const heartbeat = await openHeartbeat(storePaths(plant).heartbeat);

  let publisher: Publisher | null = null;
  const pipeline = openPipeline(plant, recovered, {
    store,
    committed: ({ records, gaps }) => {
      notifier.progress("commit");
      for (const gap of gaps) reportGap(pipeline, gap, log);
      if (records > 0) publisher?.notify();
    },
    trouble: (fault) => logFault(log, "commit failed, kept in memory and tried again", fault),
  });

  const time = openAxis(options, pipeline);
  const start = time.now();
  const alive = lastAlive(recovered.marker, options.boot);
  if (alive && !recovered.firstStart) {
    const from = Math.min(alive.lastAlive, start);
    pipeline.enter({ kind: "agent-started", at: start, ...alive, lastAlive: from });
  }
  pipeline.configure(start);
  time.begin();

  const wire = options.wire ?? clock;
  const connections = openConnections(plant, options.driver ?? driverFor, wire);
  const sources = plant.sources.map((source) => {
    const connection = connections.get(source.connection) as Connection;
    const reader = connection.source(
      `${source.asset}/${source.source}`,
      source.unit,
      source.points,
    );
    const { asset, pollMs, connection: id } = source;
    return { asset, source: source.source, connection: id, pollMs, reader };
  });
  const stallMs = Math.min(...plant.sources.map((source) => source.holdMs), 60_000);
  const session = randomBytes(4).toString("hex");
  const began = clock.mono();
  const beat = (clean: boolean): Parameters<typeof heartbeat.beat>[0] => ({
    boot: options.boot,
    mono: clock.mono(),
    utc: time.now(),
    clean,
  });
  const poller = startPoller(clock, sources, stallMs, {
    deliver: (asset, source, reading) =>
      pipeline.offer(cycleOf(asset, source, reading, time.at(reading.at))),
    slot: () => {
      time.tick();
      pipeline.tick(time.now());
      heartbeat.beat(beat(false));
      notifier.progress("poll");
    },
    missed: () => {},
    stalled: (from, to) => {
      log.warn("the agent stood still", { ms: Math.round(to - from) });
      const at = time.at(to);
      pipeline.enter({
        kind: "agent-started",
        at,
        lastAlive: time.at(from),
        cause: "agent-stopped",
      });
    },
    defect: (asset, source, error) => log.error("a driver failed", { asset, source, error }),
  });
  notifier.ready();
  log.info("polling", { assets: plant.model.assets.length, sources: sources.length });

  const parts = (): StatusParts => ({
    plant,
    version: options.version,
    session,
    uptimeMs: Math.round(clock.mono() - began),
    now: time.now(),
    quality: pipeline.core.state.quality,
    pipeline,
    poller,
    publisher,
    connections,
    heartbeatFailure: heartbeat.failure(),
  });
  const status = async (): Promise<object> => statusPayload(parts(), await store.outbox());
  publisher = publisherOf(plant, {
    outbox: outboxOf(store),
    clock: wire,
    random: options.random,
    status,
    log,
    parked: (row, reason) => {
      const { seq } = row;
      pipeline.offer(dataNotice(time.now(), { what: "parked", fromSeq: seq, toSeq: seq, reason }));
    },
  });
  const publishing = publisher?.run() ?? Promise.resolve();

  let stopping: Promise<void> | null = null;
  const stop = (): Promise<void> => {
    stopping ??= (async () => {
      await notifier.stopping();
      await poller.stop();
      await Promise.all([...connections.values()].map((connection) => connection.close()));
      const now = time.now();
      pipeline.enter({ kind: "agent-stopped", at: now });
      await pipeline.drain(now);
      publisher?.notify();
      await publisher?.stop();
      await heartbeat.close(beat(true));
      await store.close();
    })();
    return stopping;
  };
  const done = Promise.all([poller.done, publishing]).then(() => undefined);
  const both = async (): Promise<object> => ({ ...(await status()), local: localStatus(parts()) });
  return { done, stop, status: both };
}

function openConnections(
  plant: Plant,
  driverOf: (name: string) => Driver,
  wire: Clock,
): Map<string, Connection> {
  const used = new Set(plant.sources.map((source) => source.connection));
  return new Map(
    plant.connections
      .filter(({ id }) => used.has(id))
      .map(({ id, driver, options }) => [
        id,
        driverOf(driver).open(id, options, driverClock(wire)),
      ]),
  );
}

interface Time {
  now(): Millis;
  at(mono: number): Millis;
  tick(): void;
  begin(): void;
}

/** The axis of this run: anchored at UTC, never before what the core already knows. */
function openAxis({ clock, quality, log }: AgentOptions, pipeline: Pipeline): Time {
  const known = pipeline.core.state.now;
  // A gateway without a battery-backed clock may start earlier than it stopped; it is called unsynced until set.
  let behind = Math.max(0, known + 1 - clock.utc());
  let axis: Axis = anchor(clock.mono(), clock.utc() + behind);
  let probed = Number.NEGATIVE_INFINITY;
  let told: ClockQuality | null = null;
  const measured = (): ClockQuality => (behind > 0 ? "unsynced" : quality(clock.utc()));
  const tell = (at: Millis, stepMs: Millis): void => {
    const now = measured();
    if (now === told && stepMs === 0) return;
    if (stepMs !== 0) log.warn("the clock stepped", { stepMs, at: iso(at) });
    told = now;
    pipeline.enter({ kind: "clock", at, quality: now, stepMs });
  };
  return {
    now: () => instantOf(axis, clock.mono()),
    at: (mono) => instantOf(axis, mono),
    begin() {
      told = measured();
      const { quality: before } = pipeline.core.state;
      if (told !== before)
        pipeline.enter({
          kind: "clock",
          at: instantOf(axis, clock.mono()),
          quality: told,
          stepMs: 0,
        });
    },
    tick() {
      const mono = clock.mono();
      if (behind > 0 && clock.utc() > instantOf(axis, mono)) behind = 0;
      const next = tickAxis(axis, mono, clock.utc() + behind);
      axis = next.axis;
      const due = mono - probed >= QUALITY_EVERY_MS;
      if (due) probed = mono;
      if (due || next.stepMs !== 0) tell(next.at, next.stepMs);
    },
  };
}

const outboxOf = (store: Store): Parameters<typeof publisherOf>[1]["outbox"] => ({
  take: (after, limit) => store.take(after, limit),
  settle: (seqs) => store.settle(seqs),
  park: (seq, reason) => store.park(seq, reason),
  stats: () => store.outbox(),
});

function logFault(log: Log, message: string, fault: Fault): void {
  log.error(message, { code: fault.code, error: fault, hint: fault.hint });
}

function reportGap(pipeline: Pipeline, gap: Gap, log: Log): void {
  const { n, what, from, to, rows, why } = gap;
  log.error("recorded data was given up", { gap: n, what, rows, why });
  const at = pipeline.core.state.now;
  pipeline.offer(dataNotice(at, { what, gap: n, from: iso(from), to: iso(to), rows, reason: why }));
}

function dataNotice(
  at: Millis,
  detail: Record<string, string | number | boolean | null>,
): NoticeInput {
  return { kind: "notice", at, start: at, end: at, detail };
}
