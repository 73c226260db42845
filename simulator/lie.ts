/**
 * Devices whose answers are sound and whose values are not: what a gateway fills in, a program that hangs, counters
 * that misbehave. Changes what is shown, never the machine's truth.
 */
import type { Device } from "./modbus-request.ts";
import type { Table } from "./registers.ts";

export type LieName = (typeof LIES)[number];

export const LIES = [
  /** Every word 0xFFFF, every bit 1; or the other filler, 0x7FFF. */
  "all-ones",
  "sentinel",
  /** Values as they were when the lie began. */
  "frozen",
  /** Total and good count on from five below the end of 32 bits, from 0, from one less, from a million more. */
  "rollover",
  "reset",
  "step-back",
  "jump",
] as const;

/** Total and good, uint32 ABCD, at these holding registers. */
const COUNTERS = [2, 4] as const;
const MODULUS = 4_294_967_296;
const FILLER: Partial<Record<LieName, number>> = { "all-ones": 0xffff, sentinel: 0x7fff };

/** The device, lying as `lie` says at each read. One lie lasts until `lie` says another, or null. */
export function lying(device: Device, lie: () => LieName | null): Device {
  let told: LieName | null = null;
  let frozen = new Map<string, number[] | null>();
  let offsets: number[] = [];

  const begin = (name: LieName | null): void => {
    if (name === told) return;
    told = name;
    frozen = new Map();
    offsets = name === null ? [] : COUNTERS.map((at) => offsetOf(name, counterAt(device, at)));
  };
  return {
    identity: device.identity,
    read(table, address, quantity) {
      begin(lie());
      if (told === "frozen") {
        const key = `${table} ${address} ${quantity}`;
        if (!frozen.has(key)) frozen.set(key, device.read(table, address, quantity));
        return frozen.get(key) ?? null;
      }
      const values = device.read(table, address, quantity);
      const filler = told && FILLER[told];
      if (filler) return values?.map(() => (isBits(table) ? 1 : filler)) ?? null;
      return table === "holding" && values ? moved(device, values, address, offsets) : values;
    },
  };
}

const isBits = (table: Table): boolean => table === "coil" || table === "discrete";

function counterAt(device: Device, at: number): number {
  const [high = 0, low = 0] = device.read("holding", at, 2) ?? [];
  return high * 65_536 + low;
}

function offsetOf(name: LieName, value: number): number {
  if (name === "rollover") return MODULUS - 5 - value;
  if (name === "reset") return -value;
  if (name === "step-back") return -1;
  return name === "jump" ? 1_000_000 : 0;
}

/** The words with the counters among them shifted. Both words of a counter are taken from one reading. */
function moved(device: Device, values: number[], address: number, offsets: number[]): number[] {
  const shown = [...values];
  for (const [i, offset] of offsets.entries()) {
    const at = COUNTERS[i] ?? 0;
    if (offset === 0 || at + 2 <= address || address + values.length <= at) continue;
    const value = (counterAt(device, at) + offset + MODULUS) % MODULUS;
    for (const [word, bits] of [Math.floor(value / 65_536), value % 65_536].entries()) {
      const position = at + word - address;
      if (position >= 0 && position < shown.length) shown[position] = bits;
    }
  }
  return shown;
}
