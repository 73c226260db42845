// Loaded into an agent with --import: how long its event loop stood still, whatever the cause, written when it ends.
import { writeFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { isMainThread } from "node:worker_threads";

/** Start-up (loading modules, the first connects) is measured elsewhere. */
const SETTLE_MS = 5_000;
const RESOLUTION_MS = 1;

if (isMainThread && process.env.BENCH_LOOP_DELAY) {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  setTimeout(() => delay.reset(), SETTLE_MS).unref();
  process.once("SIGTERM", () => delay.disable());
  process.on("exit", () => {
    const ms = (nanoseconds) => Math.max(nanoseconds / 1e6 - RESOLUTION_MS, 0);
    const found = {
      p50: ms(delay.percentile(50)),
      p99: ms(delay.percentile(99)),
      max: ms(delay.max),
    };
    writeFileSync(process.env.BENCH_LOOP_DELAY, JSON.stringify(found));
  });
}
