/** Oracle: the cause of `unknown` that a reason stands for, accounting rule 3. Only reasons the tests use. */
import type { UnknownCause } from "../../agent/core/vocabulary.ts";

const CAUSES: Record<string, UnknownCause> = {
  MODBUS_CLOSED: "link-down",
  MODBUS_REFUSED: "link-down",
  MODBUS_ABSENT: "link-down",
  MODBUS_EXCEPTION_10: "link-down",
  MODBUS_TIMEOUT: "device-silent",
  MODBUS_EXCEPTION_11: "device-silent",
  MODBUS_EXCEPTION_2: "read-rejected",
  MODBUS_EXCEPTION_6: "read-rejected",
  VALUE_INVALID: "read-rejected",
  COUNT_JUMP: "read-rejected",
  IDENTITY_MISMATCH: "configuration",
};

export const REASONS = Object.keys(CAUSES).filter((reason) => reason !== "COUNT_JUMP");

export function causeOfReason(reason: string): UnknownCause {
  const cause = CAUSES[reason];
  if (!cause) throw new Error(`unlisted reason ${reason}`);
  return cause;
}
