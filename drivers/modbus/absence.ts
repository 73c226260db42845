/**
 * When to stop asking a unit that does not answer, and when to ask again, so that its neighbors on the bus do not
 * notice. Pure: times are arguments. Ports that are lost are none of its business.
 */
import type { FaultCode } from "../../agent/core/fault.ts";

export interface Absence {
  /** Beginning of the first cycle without an answer, or null. */
  since: number | null;
  /** Cycles in a row without one. */
  cycles: number;
  /** Why the last try failed. */
  reason: FaultCode;
  /** Tries since it was given up. */
  probes: number;
  /** Not to be asked before this. */
  notBefore: number;
  /** Last try that waited the whole timeout. */
  patientAt: number;
  /** The longest it lately took to answer, in ms. */
  slowestMs: number;
}

/** Given up only after so long and so many cycles: one lost frame is no death. */
const DEAD_AFTER_MS = 3000;
const DEAD_AFTER_CYCLES = 2;
const BACKOFF_MS = 500;
const BACKOFF_LIMIT_MS = 10_000;
/** Probes are spread by a fifth: several dead units of a bus are not asked in one row. */
const JITTER = 0.2;
/** The least a probe waits; and how many times what units of this bus take, or what this one lately took. */
const PROBE_MS = 50;
const TYPICAL_TIMES = 4;
const SLOWEST_TIMES = 2;
/** A probe that waits the whole timeout, for a unit slower than all that, may take this share of the time. */
const PATIENT_SHARE = 0.005;

/** Failures that say nothing came from this unit. Other exceptions are answers, and lost ports nobody's silence. */
const SILENT: ReadonlySet<string> = new Set<FaultCode>([
  "MODBUS_TIMEOUT",
  "MODBUS_FRAME",
  "MODBUS_EXCEPTION_10",
  "MODBUS_EXCEPTION_11",
]);

export function isSilence(reason: string): boolean {
  return SILENT.has(reason);
}

export function present(): Absence {
  return {
    since: null,
    cycles: 0,
    reason: "MODBUS_TIMEOUT",
    probes: 0,
    notBefore: Number.NEGATIVE_INFINITY,
    patientAt: Number.NEGATIVE_INFINITY,
    slowestMs: 0,
  };
}

export function isDead({ since, cycles }: Absence, now: number): boolean {
  return since !== null && cycles >= DEAD_AFTER_CYCLES && now - since >= DEAD_AFTER_MS;
}

/** A dead unit whose next probe is not due. */
export function isResting(absence: Absence, now: number): boolean {
  return now < absence.notBefore;
}

/** Something came: the unit is asked at its pace again. */
export function answered(absence: Absence): void {
  absence.since = null;
  absence.cycles = 0;
  absence.probes = 0;
  absence.notBefore = Number.NEGATIVE_INFINITY;
}

/** A cycle from `began` to `now` brought nothing. `random` is in [0, 1). */
export function missed(
  absence: Absence,
  reason: FaultCode,
  began: number,
  now: number,
  random: number,
): void {
  absence.since ??= began;
  absence.cycles += 1;
  absence.reason = reason;
  if (!isDead(absence, now)) return;
  const wait = Math.min(BACKOFF_MS * 2 ** absence.probes, BACKOFF_LIMIT_MS);
  absence.probes += 1;
  absence.notBefore = now + wait * (1 - JITTER * random);
}

/**
 * How long to wait for an answer, in ms: `timeoutMs`, but less for most probes of a dead unit, because waiting
 * for it is what it costs its neighbors. `typicalMs`: what an answer takes on this bus.
 */
export function patience(
  absence: Absence,
  timeoutMs: number,
  typicalMs: number,
  now: number,
): number {
  const short = Math.max(PROBE_MS, TYPICAL_TIMES * typicalMs, SLOWEST_TIMES * absence.slowestMs);
  const isPatient = now - absence.patientAt >= timeoutMs / PATIENT_SHARE;
  if (isDead(absence, now) && short < timeoutMs && !isPatient) return short;
  absence.patientAt = now;
  return timeoutMs;
}
