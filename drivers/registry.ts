/** Which drivers this version has. An explicit table: nothing registers itself. */
import { Fault } from "../agent/core/fault.ts";
import type { Driver } from "./driver.ts";
import { gpio } from "./gpio/driver.ts";
import { modbusRtu, modbusRtuOverTcp, modbusTcp } from "./modbus/driver.ts";

const DRIVERS: readonly Driver[] = [
  modbusTcp(Math.random),
  modbusRtu(Math.random),
  modbusRtuOverTcp(Math.random),
  gpio,
];

/** Names for `connections.*.driver`. */
export const DRIVER_NAMES: readonly string[] = DRIVERS.map((driver) => driver.name);

/** Throws DRIVER_MISSING where this version has none of that name. */
export function driverFor(name: string): Driver {
  const driver = DRIVERS.find((known) => known.name === name);
  if (driver) return driver;
  throw new Fault("DRIVER_MISSING", `no driver "${name}"; known: ${DRIVER_NAMES.join(", ")}`, {
    driver: name,
  });
}
