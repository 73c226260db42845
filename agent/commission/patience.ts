/** `--timeout` of the commissioning verbs: the whole verb, not one request. */
import { systemClock } from "../clock.ts";
import { Fault } from "../core/fault.ts";
import { duration } from "./target.ts";

/** Runs `work` with what ends it. Throws `MODBUS_TIMEOUT` when it takes longer than `timeout`; null: as long as it takes. */
export async function within<T>(
  timeout: string | undefined,
  fallbackMs: number | null,
  work: Promise<T>,
): Promise<T> {
  const ms = timeout === undefined ? fallbackMs : duration("--timeout", timeout);
  if (ms === null) return work;
  const ending = new AbortController();
  const late = systemClock.sleep(systemClock.mono() + ms, ending.signal).then((): never => {
    throw new Fault("MODBUS_TIMEOUT", `not done within ${timeout ?? `${ms} ms`} (--timeout)`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    late.catch(() => {});
    ending.abort();
  }
}
