/** A configuration file as everything that runs from it needs it: model, calendars, topics, connections. Opens nothing. */
import { dirname, resolve } from "node:path";
import { calendarsOf } from "../config/calendar.ts";
import { compile } from "../config/compile.ts";
import { type GuardPlan, guardsOf } from "../config/guard.ts";
import { configHash } from "../config/hash.ts";
import { loadConfig } from "../config/load.ts";
import type { LocalTime } from "../config/local-time.ts";
import { formatProblem, type Problem } from "../config/problem.ts";
import {
  type ConnectionPlan,
  connectionsOf,
  type SourcePlan,
  sourcesOf,
} from "../config/source.ts";
import type { Config } from "../config/types.ts";
import { DRIVER_NAMES } from "../drivers/registry.ts";
import type { FedCalendar } from "./calendar/feed.ts";
import { civilDay, zoneOf } from "./calendar/zone.ts";
import { Fault } from "./core/fault.ts";
import type { PlantModel } from "./core/model.ts";
import { readSaved } from "./guard/saved.ts";

export interface Plant {
  file: string;
  config: Config;
  warnings: Problem[];
  model: PlantModel;
  /** `sha256:…` of the resolved configuration. */
  hash: string;
  calendars: FedCalendar[];
  connections: ConnectionPlan[];
  sources: SourcePlan[];
  /** What must hold of the devices behind some of the sources. */
  guards: GuardPlan[];
}

/** Throws `CONFIG_UNREADABLE`, or `CONFIG_INVALID` whose message holds every problem, one a line. */
export function loadPlant(file: string): Plant {
  const loaded = loadConfig(file, { drivers: DRIVER_NAMES });
  if (!loaded.ok)
    throw new Fault("CONFIG_INVALID", loaded.problems.map(formatProblem).join("\n"), {
      problems: loaded.problems,
      warnings: loaded.warnings,
    });
  const { config, warnings } = loaded;
  return plantOf(file, config, warnings, guardsOf(config, dirname(file), readSaved(file)));
}

/** Of a configuration that is checked and whole already. */
export function plantOf(
  file: string,
  config: Config,
  warnings: Problem[] = [],
  guards: GuardPlan[] = [],
): Plant {
  const localTime: LocalTime = (date, zone, minutes = 0) =>
    zoneOf(zone).resolve(civilDay(date), minutes);
  const model = compile(config, localTime);
  const zone = config.gateway.timezone;
  const named = Object.entries(calendarsOf(config)).map(([id, spec]) => ({ id, spec, zone }));
  return {
    file,
    config,
    warnings,
    model,
    hash: configHash(config),
    calendars: [{ id: "", spec: null, zone }, ...named],
    connections: connectionsOf(config),
    sources: sourcesOf(config),
    guards,
  };
}

/** A path of the configuration; a relative one begins at the file's directory. */
export const besideConfig = (plant: Plant, path: string): string =>
  resolve(dirname(plant.file), path);
