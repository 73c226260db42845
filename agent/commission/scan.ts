/**
 * A look at what is connected: every unit id in question on a serial line at each setting, or behind explicit TCP
 * hosts. Never a sweep of a network, and never beside a running agent.
 */
import { dirname } from "node:path";
import { Fault, type FaultCode } from "../core/fault.ts";
import type { Plant } from "../plant.ts";
import { type Examined, examine } from "./examine.ts";
import { type Candidate, candidatesIn } from "./fingerprint.ts";
import { heldBy, ownLine } from "./line.ts";
import {
  duration,
  oneOf,
  type Target,
  type TargetOptions,
  targetOf,
  usage,
  wholes,
} from "./target.ts";
import { scanUnits } from "./units.ts";

export interface ScanOptions extends TargetOptions {
  units?: string;
}

export interface Place {
  target: Target;
  units: number[];
}

export interface FoundUnit extends Examined {
  label: string;
}

export interface ScanResult {
  found: FoundUnit[];
  /** Places that could not be used, with the reason code. */
  unreachable: { label: string; reason: string }[];
  /** Units that were asked, all settings counted. */
  asked: number;
}

/** Told before each unit. */
export type Progress = (step: { label: string; unit: number; found: number }) => void;

const SCAN_PATIENCE = "300ms";
const SERIAL_UNITS = "1-32";
const TCP_UNITS = "0-10,255";
const BAUDS = "19200,9600";
const PARITIES = "even,none";

/** What is to be scanned; empty when no bus was named. Throws `USAGE_INVALID`. */
export function placesOf(options: ScanOptions): Place[] {
  const { connection, host, device } = options;
  const patience = options.patience ?? SCAN_PATIENCE;
  duration("--patience", patience);
  if (connection !== undefined) {
    const target = targetOf(options);
    if (target.driver === "gpio") throw usage(`${connection} is a GPIO chip and has no units`);
    const isSerial = target.driver !== "modbus-tcp";
    return [{ target, units: unitsOf(options, isSerial) }];
  }
  if (host !== undefined)
    return host.split(",").map((each) => ({
      target: targetOf({ ...options, host: each.trim(), patience }),
      units: unitsOf(options, options.framing !== undefined),
    }));
  if (device === undefined) return [];
  const bauds = (options.baud ?? BAUDS).split(",");
  const parities = (options.parity ?? PARITIES)
    .split(",")
    .map((each) => oneOf("--parity", each, ["none", "even", "odd"]));
  return bauds.flatMap((baud) =>
    parities.map((parity) => ({
      target: targetOf({ ...options, baud, parity, patience }),
      units: unitsOf(options, true),
    })),
  );
}

const unitsOf = ({ units }: ScanOptions, isSerial: boolean): number[] =>
  isSerial
    ? wholes("--units", units ?? SERIAL_UNITS, 1, 247)
    : wholes("--units", units ?? TCP_UNITS, 0, 255);

/** Throws `AGENT_HOLDS_BUS` before anything is asked when a running agent holds one of the places. */
export async function scanPlaces(
  places: readonly Place[],
  plant: Plant | null,
  config: string,
  progress: Progress,
): Promise<ScanResult> {
  for (const { target } of places) await refuseHeld(plant, target);
  const result: ScanResult = { found: [], unreachable: [], asked: 0 };
  const candidates = candidatesIn(dirname(config));
  for (const place of places) await scanPlace(place, candidates, result, progress);
  return result;
}

async function scanPlace(
  { target, units }: Place,
  candidates: readonly Candidate[],
  result: ScanResult,
  progress: Progress,
): Promise<void> {
  const { label } = target;
  const before = (unit: number): void => progress({ label, unit, found: result.found.length });
  await scanUnits(
    () => ownLine(target),
    units,
    before,
    async (unit, presence, line) => {
      result.asked += 1;
      if (presence.state === "unreachable")
        result.unreachable.push({ label, reason: presence.reason });
      if (presence.state === "answers")
        result.found.push({ label, ...(await examine(line, unit, candidates)) });
    },
  );
}

async function refuseHeld(plant: Plant | null, target: Target): Promise<void> {
  const held = await heldBy(plant, target);
  if (held !== null)
    throw new Fault(
      "AGENT_HOLDS_BUS" satisfies FaultCode,
      `a running agent holds ${held} (${target.label}): a scan would disturb its polls`,
      { connection: held },
    );
}
