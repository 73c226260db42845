/** `run`: the agent until SIGTERM or SIGINT. */
import { readFileSync } from "node:fs";
import { startAgent } from "../agent.ts";
import { systemClock } from "../clock.ts";
import { serveControl } from "../control.ts";
import { levelOf, openLog } from "../log.ts";
import { startNotifier, systemdNotify } from "../notify.ts";
import { loadPlant } from "../plant.ts";
import { storePaths } from "../storage.ts";
import { bootId, clockQuality, probeClock } from "../synchronization.ts";
import type { GlobalOptions } from "./output.ts";

const SIGNAL_EXIT = { SIGINT: 130, SIGTERM: 143 } as const;

/** Resolves with 0 after SIGTERM or SIGINT: stopping on request is success. Throws Faults of start-up. */
export async function runCommand(options: GlobalOptions & { config: string }): Promise<number> {
  const plant = loadPlant(options.config);
  const clock = systemClock;
  const log = openLog({
    level: levelOf(options.verbose ?? 0, options.quiet ?? 0),
    to: "stderr",
    clock,
  });
  for (const warning of plant.warnings)
    log.warn(warning.message, { path: warning.path, line: warning.line });
  const notifier = startNotifier({
    env: process.env as Record<string, string | undefined>,
    pid: process.pid,
    clock,
    send: systemdNotify,
    due: () => ["poll", "commit"],
    failed: (error) => log.warn("systemd could not be told", { error }),
  });
  const agent = await startAgent({
    plant,
    clock,
    log,
    notifier,
    version: agentVersion(),
    boot: bootId(),
    quality: (utc) => clockQuality(probeClock(utc)),
    random: Math.random,
  });
  const server = await serveControl(storePaths(plant).socket, agent).catch((error) => {
    log.warn("no local status socket", { error });
    return null;
  });
  const signal = await Promise.race([signalled(), agent.done.then(() => null)]).finally(() =>
    server?.close(),
  );
  log.info("stopping", { signal });
  await agent.stop();
  log.info("stopped");
  return 0;
}

export const agentVersion = (): string =>
  (
    JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")) as {
      version: string;
    }
  ).version;

/** The first signal stops in order; a second one at once. */
function signalled(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const)
      process.once(signal, () => {
        process.once(signal, () => process.exit(SIGNAL_EXIT[signal]));
        resolve(signal);
      });
  });
}
