/**
 * The Modbus image of a machine at an instant; the map is the same for every kind.
 *
 * holding  0 status (PackML number)   1 reason   2-3 total uint32 ABCD   4-5 good uint32 ABCD   6 recipe
 * input    0 oil temperature int16 ×10 degC   1 ambient int16 ×10 degC   2-3 vibration float32 ABCD mm/s
 *          4-5 motor current float32 ABCD A   6 pressure int16 ×100 bar   7 coolant flow int16 ×10 l/min
 *          8 pressure across the coolant filter int16 ×1000 bar   9 speed int16 1/min
 * discrete 0 producing   1 fault   2 setup   3 guard (outfeed occupied)
 * coil     0 main switch (always on)   1 under load
 *
 * Any other address does not exist (exception 2). There is nothing to write.
 */
import type { Millis } from "../agent/core/time.ts";
import { countersAt, type Machine, runAt } from "./machine.ts";
import { readingAt } from "./reading.ts";

export type Table = "coil" | "discrete" | "input" | "holding";

/** Number of addresses per table, from 0. */
export const SIZE: Readonly<Record<Table, number>> = {
  coil: 2,
  discrete: 4,
  input: 10,
  holding: 7,
};

/**
 * Values of `quantity` addresses from `address` on: 16-bit words, or 0 and 1 for bits.
 * One request sees one instant. Null when any address is outside the image.
 */
export function readTable(
  machine: Machine,
  table: Table,
  address: number,
  quantity: number,
  t: Millis,
): number[] | null {
  if (address + quantity > SIZE[table]) return null;
  return imageOf(machine, table, t).slice(address, address + quantity);
}

function imageOf(machine: Machine, table: Table, t: Millis): number[] {
  const run = runAt(machine, t);
  switch (table) {
    case "holding": {
      const { total, good } = countersAt(machine, t);
      return [run.status, run.reason, ...words32(total), ...words32(good), run.recipe];
    }
    case "input": {
      const reading = readingAt(machine, t, run);
      return [
        reading.oilTemp10 & 0xffff,
        reading.ambient10 & 0xffff,
        ...float32(reading.vibration),
        ...float32(reading.current),
        reading.pressure100 & 0xffff,
        reading.flow10 & 0xffff,
        reading.filterDp1000 & 0xffff,
        reading.speed & 0xffff,
      ];
    }
    case "discrete":
      return bits(
        run.condition === "producing",
        run.condition === "fault",
        run.condition === "setup",
        run.guard,
      );
    case "coil":
      return bits(true, run.load > 0.5);
  }
}

const bits = (...values: boolean[]): number[] => values.map(Number);

const words32 = (value: number): [number, number] => [
  Math.floor(value / 65536) & 0xffff,
  value % 65536,
];

const view = new DataView(new ArrayBuffer(4));

function float32(value: number): [number, number] {
  view.setFloat32(0, value);
  return [view.getUint16(0), view.getUint16(2)];
}
