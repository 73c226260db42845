/** Machines and hand-made histories for the tests of the simulator. */
import { KINDS } from "../../simulator/kinds.ts";
import { createMachine, type Machine, type MachineSpec } from "../../simulator/machine.ts";

export const START = Date.UTC(2026, 10, 23, 5);
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const KIND_NAMES = [...KINDS.keys()];

/** A machine that begins at START. */
export function machine(kind: string, seed = 7, more: Partial<MachineSpec> = {}): Machine {
  const found = KINDS.get(kind);
  if (!found) throw new Error(`no kind ${kind}`);
  const spec = { id: `${kind}-01`, unit: 1, kind: found, modulus: 2 ** 32, counterStart: 0 };
  return createMachine({ ...spec, ...more }, START, seed);
}
