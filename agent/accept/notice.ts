/** An acceptance as the journal tells of it: one `event/config` of the asset. The record itself stays in its file. */
import { Fault } from "../core/fault.ts";
import type { NoticeInput } from "../core/input.ts";
import type { Millis } from "../core/time.ts";
import { isSigned, publicKeyOf } from "../evidence/signature.ts";
import type { SealedAcceptance } from "./record.ts";
import { faultsOf } from "./verify.ts";

/**
 * `document`: an acceptance record as it came over the socket. Throws `USAGE_INVALID` unless it is sound, signed by
 * the key it names, and about an asset in `assets`.
 */
export function acceptanceNotice(
  at: Millis,
  document: unknown,
  assets: readonly string[],
): NoticeInput {
  const record = soundOf(document);
  const { asset, id, hash, result, by, customer, registerMap, steps } = record;
  if (!assets.includes(asset)) throw refused(`there is no asset ${asset}`);
  const failed = steps.filter((step) => step.result === "fail").map((step) => step.id);
  const skipped = steps.filter((step) => step.result === "skipped").map((step) => step.id);
  const detail = {
    ...{ what: "acceptance", acceptance: id, hash, result, by, customer },
    ...{ failed: failed.join(","), skipped: skipped.join(",") },
    registerMap: registerMap.fingerprint,
  };
  return { kind: "notice", type: "config", asset, at, start: at, end: at, detail };
}

const refused = (why: string): Fault =>
  new Fault("USAGE_INVALID", `the acceptance record is refused: ${why}`);

function soundOf(document: unknown): SealedAcceptance {
  if (typeof document !== "object" || document === null) throw refused("it is no record");
  const [fault] = faultsOf({ ...document });
  if (fault) throw refused(fault.detail);
  const record = document as SealedAcceptance;
  const key = publicKeyOf(record.key.publicKey);
  if (key && isSigned(key, record.hash, record.signature)) return record;
  throw refused("its key did not sign it");
}
