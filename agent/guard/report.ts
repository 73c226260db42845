/** Another device in a machine's place, on record: one `event/config` when it is noticed, one when it is over. */
import { FAULTS } from "../core/fault.ts";
import type { Millis } from "../core/time.ts";
import type { Log } from "../log.ts";
import type { Pipeline } from "../pipeline.ts";
import type { Mismatch } from "./judge.ts";

export type GuardReport = (asset: string, source: string, mismatch: Mismatch | null) => void;

/** `now`: the axis. */
export function guardReport(
  pipeline: Pick<Pipeline, "offer">,
  now: () => Millis,
  log: Log,
): GuardReport {
  const since = new Map<string, Millis>();
  return (asset, source, mismatch) => {
    const at = now();
    const key = `${asset}/${source}`;
    const start = since.get(key) ?? at;
    const about = mismatch ?? { what: null, expected: null, found: null };
    const detail = { code: "IDENTITY_MISMATCH", source, ...about };
    const end = mismatch ? null : at;
    pipeline.offer({ kind: "notice", type: "config", asset, at, start, end, detail });
    if (mismatch) {
      since.set(key, at);
      const { meaning, hint } = FAULTS.IDENTITY_MISMATCH;
      log.error(meaning, { asset, ...detail, hint });
    } else {
      since.delete(key);
      log.info("the device is the commissioned one again", { asset, source });
    }
  };
}
