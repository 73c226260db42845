/** The `gpio` driver: lines of a GPIO chip of the gateway itself. Reads only, and opens nothing before the first read. */
import type { Driver, DriverClock } from "../driver.ts";
import type { Backend } from "./backend.ts";
import { GpioChip } from "./chip.ts";
import { gpiodBackend } from "./gpiod.ts";
import { hasSysfs, sysfsBackend } from "./sysfs.ts";

/**
 * Options: `chip` (label or name), `tools` (folder of the gpiod tools; default: PATH),
 * `backend` (`gpiomon` or `onoff`; default: the tools where there are any, else sysfs).
 */
export const gpio: Driver = {
  name: "gpio",
  open(_id, options, clock) {
    return new GpioChip(backendOf(options, clock), clock);
  },
};

function backendOf(options: Record<string, unknown>, clock: DriverClock): Backend {
  const chip = String(options["chip"]);
  const tools = (options["tools"] as string | undefined) ?? null;
  const gpiod = gpiodBackend(chip, tools, clock);
  const sysfs = sysfsBackend(chip, clock);
  if (options["backend"] === "onoff") return sysfs;
  if (options["backend"] === "gpiomon") return gpiod;
  return {
    async open(lines, events, signal) {
      const opened = await gpiod.open(lines, events, signal);
      return opened === "GPIO_TOOLS" && hasSysfs() ? sysfs.open(lines, events, signal) : opened;
    },
  };
}
