/**
 * Whether a device is the one that was commissioned, from what it said and what was read. Pure. Silence decides
 * nothing: only an answer can show another device.
 */
import { fits, wantedText } from "../../config/check-value.ts";
import type { DeviceCheck, DeviceIdentity } from "../../config/guard.ts";
import type { Identification, Reading, Sample } from "../../drivers/driver.ts";
import type { Value } from "../core/model.ts";

export interface Mismatch {
  /** `vendor`, `product`, `version`, or the register. */
  what: string;
  expected: string;
  found: string;
}

export type Verdict =
  | { state: "match" }
  | { state: "mismatch"; mismatch: Mismatch }
  /** The device could not be asked: the reason code. */
  | { state: "undecided"; reason: string };

const MATCH: Verdict = { state: "match" };

/** Refusals say that the device lacks what the commissioned one had; all other trouble says nothing about it. */
const isRefusal = (reason: string): boolean => /^MODBUS_EXCEPTION_[123]$/.test(reason);

const other = (what: string, expected: string, found: string): Verdict => ({
  state: "mismatch",
  mismatch: { what, expected, found },
});

const OBJECTS = ["vendor", "product", "version"] as const;

/** What a device says of itself, by the names of the configuration. */
export function identityOf({ objects }: Identification): DeviceIdentity {
  const entries = OBJECTS.flatMap((key, id) => {
    const text = objects[id];
    return text === undefined ? [] : [[key, text]];
  });
  return Object.fromEntries(entries) as DeviceIdentity;
}

export function judgeIdentity(expected: DeviceIdentity, said: Identification): Verdict {
  const { failure } = said;
  if (failure !== null)
    return isRefusal(failure)
      ? other(
          "identity",
          OBJECTS.map((key) => expected[key] ?? "")
            .join(" ")
            .trim(),
          failure,
        )
      : { state: "undecided", reason: failure };
  const found = identityOf(said);
  const key = OBJECTS.find(
    (each) => expected[each] !== undefined && expected[each] !== found[each],
  );
  return key === undefined ? MATCH : other(key, expected[key] ?? "", found[key] ?? "nothing");
}

export function judgeChecks(checks: readonly DeviceCheck[], reading: Reading): Verdict {
  if (reading.failure !== null) return { state: "undecided", reason: reading.failure };
  let verdict = MATCH;
  for (const check of checks) {
    const sample = reading.samples.get(check.point.id);
    const judged = sample ? judgeSample(check, sample) : MATCH;
    if (judged.state === "mismatch") return judged;
    if (judged.state === "undecided") verdict = judged;
  }
  return verdict;
}

/** A register that is there and holds no value of its type is another register. */
function judgeSample(device: DeviceCheck, sample: Sample): Verdict {
  const { point, check } = device;
  const what = `${String(point["table"])} ${String(point["address"])}`;
  if (sample.quality === "good")
    return holds(device, sample.value)
      ? MATCH
      : other(what, wantedText(check), String(sample.value));
  const { reason } = sample;
  return isRefusal(reason) || reason.startsWith("VALUE_")
    ? other(what, wantedText(check), reason)
    : { state: "undecided", reason };
}

/** Floats as near as their digits go; all else to the last bit, because a checksum that is nearly right is wrong. */
export function holds({ point, check }: DeviceCheck, value: Value): boolean {
  if (check.between || String(point["type"]).startsWith("float")) return fits(check, value);
  const allowed = check.in ?? [check.equals];
  return allowed.some((each) => String(each) === String(value));
}
