/**
 * What must hold of the device behind each guarded source: configured, saved at commissioning, or told by the
 * template. Says what to read and what to expect; reads no device.
 */
import type { PointOptions } from "../drivers/driver.ts";
import { isModbus } from "./point.ts";
import { pointOptions } from "./source.ts";
import { openTemplate, readTemplate } from "./template.ts";
import type { Asset, Config, ModbusPoint, TemplateCheck } from "./types.ts";
import { durationMs } from "./units.ts";

/** As the device says it; keys that are left out may be anything. */
export interface DeviceIdentity {
  vendor?: string;
  product?: string;
  version?: string;
}

/** One register and what it must hold. */
export interface DeviceCheck {
  point: PointOptions;
  check: TemplateCheck;
}

export interface GuardPlan {
  asset: string;
  source: string;
  everyMs: number;
  identity: DeviceIdentity | null;
  checks: DeviceCheck[];
}

/** Identities saved at commissioning, by `connection/unit`. */
export type SavedIdentities = Readonly<Record<string, DeviceIdentity>>;

export const identityKey = (connection: string, unit: number): string => `${connection}/${unit}`;

const DEFAULT_EVERY_MS = 600_000;

/** Guards of all sources that have one or a saved identity. `directory` is that of the configuration file. */
export function guardsOf(config: Config, directory: string, saved: SavedIdentities): GuardPlan[] {
  return Object.entries(config.assets).flatMap(([id, asset]) =>
    Object.entries(asset.sources).flatMap(([name, source]) => {
      const { driver } = config.connections[source.connection]!;
      const known = saved[identityKey(source.connection, source.unit ?? 0)] ?? null;
      const isGuarded = driver !== "gpio" && (source.guard !== undefined || known !== null);
      const checks = isGuarded ? checksOf(asset, name, driver, directory) : [];
      const everyMs = source.guard ? durationMs(source.guard.every) : DEFAULT_EVERY_MS;
      const identity = source.guard?.identity ?? known;
      return isGuarded ? [{ asset: id, source: name, everyMs, identity, checks }] : [];
    }),
  );
}

function checksOf(asset: Asset, source: string, driver: string, directory: string): DeviceCheck[] {
  const guard = asset.sources[source]?.guard;
  const canaries = (guard?.canary ?? []).map((check) => ({ point: check.read, check }));
  const probes = guard?.probe ? probesOf(asset, source, directory) : [];
  return [...canaries, ...probes].map(({ point, check }, i) => ({
    point: pointOptions(`check-${i}`, point, driver),
    check,
  }));
}

interface Probe {
  point: ModbusPoint;
  check: TemplateCheck;
}

/** What the asset's template knows to tell its machine from others by, as far as it is read through this source. */
function probesOf(asset: Asset, source: string, directory: string): Probe[] {
  const document = asset.template === undefined ? null : openTemplate(asset.template, directory);
  const template = document && readTemplate(document).template;
  return (template?.probe ?? []).flatMap((check) => {
    const point = check.read ?? asset.points[check.point ?? ""];
    return point && isModbus(point) && point.source === source ? [{ point, check }] : [];
  });
}
