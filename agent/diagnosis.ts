/**
 * What can be said about a configuration on this computer without touching a machine: the plan of each source and its
 * share of the bus, sizes on disk, clock, broker, and whether an agent runs. Reads and connects, changes nothing.
 */
import { accessSync, constants, existsSync, statfsSync } from "node:fs";
import { connect } from "node:net";
import { dirname } from "node:path";
import { durationMs, sizeBytes } from "../config/units.ts";
import { busReport, shareOf } from "../drivers/modbus/bustime.ts";
import { driverFor } from "../drivers/registry.ts";
import { standingsOf, warningOf } from "./accept/shelf.ts";
import { systemClock } from "./clock.ts";
import { askStatus } from "./control.ts";
import type { Plant } from "./plant.ts";
import { type Field, openField } from "./polling.ts";
import { endpointOf, nameOf } from "./publisher/endpoint.ts";
import { storePaths } from "./storage.ts";
import { predictSizes } from "./store/sizes.ts";
import { clockQuality, probeClock } from "./synchronization.ts";

export interface Finding {
  /** What was looked at. */
  about: string;
  ok: boolean;
  /** What was found, one line each. */
  lines: string[];
  /** What to do, null when all is well. */
  next: string | null;
}

const MIB = 1024 * 1024;
const mib = (bytes: number): string => `${Math.max(1, Math.round(bytes / MIB))} MiB`;

/** Every finding, in the order a technician works through them. */
export async function diagnose(plant: Plant, timeoutMs: number): Promise<Finding[]> {
  const field = openField(plant, driverFor, systemClock);
  try {
    return [
      ...buses(plant, field),
      store(plant),
      acceptance(plant),
      clock(),
      await agent(plant, timeoutMs),
      await broker(plant, timeoutMs),
    ];
  } finally {
    await field.close();
  }
}

/** Plans are made without a connection, so that a running agent keeps its bus. */
function buses(plant: Plant, field: Field): Finding[] {
  return [...field.connections.keys()].map((id) => {
    const own = field.sources.filter(({ connection }) => connection === id);
    const demands = own.flatMap(({ asset, source, pollMs, reader }) => {
      const passMs = reader.busTime?.() ?? null;
      return passMs === null ? [] : [{ id: `${asset}/${source}`, passMs, pollMs }];
    });
    const plans = own.flatMap(({ asset, source, reader }) =>
      reader.plan().map((line) => `${asset}/${source} reads ${line}`),
    );
    const report = demands.length > 0 ? busReport(id, demands) : [];
    const ok = shareOf(demands) <= 1 && demands.every(({ passMs, pollMs }) => passMs <= pollMs);
    const driver = plant.connections.find((connection) => connection.id === id)?.driver ?? "";
    return {
      about: `connection ${id} (${driver})`,
      ok,
      lines: [...plans, ...report],
      next: ok ? null : "poll more slowly, or spread the units over more connections",
    };
  });
}

function store(plant: Plant): Finding {
  const { database } = storePaths(plant);
  const options = plant.config.store;
  const sizes = predictSizes(plant.model, {
    rawKeepMs: durationMs(options.raw.keep),
    aggregatesKeepMs: durationMs(options.aggregates),
    journalKeepMs: durationMs(options.retention),
  });
  const raw = Math.min(sizes.rawAtRest, sizeBytes(options.raw.maxSize));
  const rest = Math.min(sizes.databaseAtRest, sizeBytes(options.maxSize)) + raw;
  const folder = existing(dirname(database));
  const disk = statfsSync(folder);
  const free = disk.bavail * disk.bsize;
  const growth = sizes.rawPerDay + sizes.databasePerDay;
  const lines = [
    `${database}: grows by ${mib(growth)} a day to ${mib(rest)}; ${mib(sizes.flashPerDay)} a day are written to flash`,
    `${mib(free)} free: ${free > rest ? "enough for all that is kept" : `full in about ${Math.floor(free / growth)} days`}`,
  ];
  const isWritable = mayWrite(folder);
  if (!isWritable) lines.push(`${folder} cannot be written by this user`);
  const ok = isWritable && free > rest;
  const next = isWritable
    ? "free space, or lower store.maxSize, store.raw.maxSize or the keeping times"
    : `install -d -o uptime-agent ${dirname(database)}`;
  return { about: "store", ok, lines, next: ok ? null : next };
}

/** The nearest folder that exists. */
const existing = (folder: string): string =>
  existsSync(folder) || dirname(folder) === folder ? folder : existing(dirname(folder));

function mayWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function acceptance(plant: Plant): Finding {
  const standings = standingsOf(plant);
  const warnings = standings.flatMap((each) => warningOf(each) ?? []);
  const lines = standings.map(({ asset, state, time }) =>
    state === "none" ? `${asset}: not accepted yet` : `${asset}: ${state}, ${time}`,
  );
  return { about: "acceptance", ok: warnings.length === 0, lines, next: warnings[0] ?? null };
}

function clock(): Finding {
  const quality = clockQuality(probeClock(systemClock.utc()));
  const ok = quality !== "unsynced";
  return {
    about: "clock",
    ok,
    lines: [`${new Date(systemClock.utc()).toISOString()}, ${quality}`],
    next: ok
      ? null
      : "`timedatectl`; no window is final before the clock was synchronized (or set clock.source: rtc)",
  };
}

async function agent(plant: Plant, timeoutMs: number): Promise<Finding> {
  const isRunning = (await askStatus(storePaths(plant).socket, timeoutMs)) !== null;
  const line = isRunning ? "runs; `uptime-agent status` tells how it does" : "does not run";
  return { about: "agent", ok: true, lines: [line], next: null };
}

async function broker(plant: Plant, timeoutMs: number): Promise<Finding> {
  const { url } = plant.config.mqtt;
  if (url === undefined)
    return {
      about: "broker",
      ok: true,
      lines: ["none configured: records wait in the outbox"],
      next: null,
    };
  const endpoint = endpointOf(url);
  const trouble = await reach(endpoint.host, endpoint.port, timeoutMs);
  return {
    about: "broker",
    ok: trouble === null,
    lines: [`${nameOf(endpoint)}: ${trouble ?? "accepts connections"}`],
    next:
      trouble === null
        ? null
        : "check mqtt.url and the network; records wait in the outbox meanwhile",
  };
}

/** null when a TCP connection could be made, else why not. */
function reach(host: string, port: number, timeoutMs: number): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const give = (trouble: string | null): void => {
      socket.destroy();
      resolve(trouble);
    };
    socket.setTimeout(timeoutMs, () => give(`no answer within ${timeoutMs} ms`));
    socket.on("connect", () => give(null));
    socket.on("error", (error: NodeJS.ErrnoException) => give(error.code ?? error.message));
  });
}
