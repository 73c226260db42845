/** Reading raw tolerates what flash and power cuts do to it, and hides nothing of it. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Input } from "../../../agent/core/input.ts";
import { systemDisk } from "../../../agent/store/disk.ts";
import { createPacker, pack, restart, seal } from "../../../agent/store/pack.ts";
import { alignRaw, appendRaw, closeRaw, openRawLog } from "../../../agent/store/raw-log.ts";
import { type RawDamage, readRaw } from "../../../agent/store/raw-reader.ts";
import { cycle, START, temporary } from "./plant.ts";

let place: ReturnType<typeof temporary>;
let groups: Input[][];
/** Offset of each block, and the end of the last one. */
let offsets: number[];

/** Ten blocks of one segment; every fourth can be read alone. */
beforeEach(() => {
  place = temporary();
  const log = openRawLog(systemDisk, place.folder);
  alignRaw(log, { day: 0, offset: 0 });
  const packer = createPacker();
  groups = [];
  offsets = [0];
  for (let n = 0; n < 10; n += 1) {
    const inputs = [0, 1, 2].map((i) =>
      cycle(START + n * 1000 + i, { total: n * 10 + i, status: n }),
    );
    groups.push(inputs);
    for (const input of inputs) pack(packer, input);
    appendRaw(log, seal(packer), n + 1, n === 8);
    offsets.push(log.end.offset);
    if (n % 4 === 3) restart(packer);
  }
  closeRaw(log);
});
afterEach(() => place.remove());

const segment = (): string => join(place.folder, "2026-11-23.raw");
const block = (n: number): number => offsets[n] ?? -1;

function read(): { inputs: Input[]; damage: RawDamage[] } {
  const damage: RawDamage[] = [];
  return {
    inputs: [...readRaw(place.folder, { onDamage: (found) => damage.push(found) })],
    damage,
  };
}

function flip(offset: number): void {
  const bytes = readFileSync(segment());
  bytes.writeUInt8(bytes.readUInt8(offset) ^ 1, offset);
  writeFileSync(segment(), bytes);
}

const gap = { what: "gap", offset: 0, bytes: 0 };

describe("a raw log", () => {
  test("gives everything back, and tells of the gap", () => {
    const { inputs, damage } = read();
    expect(inputs).toEqual(groups.flat());
    expect(damage).toEqual([
      { ...gap, segment: "2026-11-23.raw", offset: block(8), from: START + 7002, to: START + 8000 },
    ]);
  });

  test("cut anywhere in its last block gives all blocks before it", () => {
    const whole = readFileSync(segment());
    for (let size = block(9) + 1; size < block(10); size += 3) {
      writeFileSync(segment(), whole.subarray(0, size));
      const { inputs, damage } = read();
      expect(inputs).toEqual(groups.slice(0, 9).flat());
      expect(damage.at(-1)).toMatchObject({
        what: "torn",
        offset: block(9),
        bytes: size - block(9),
        from: START + 8002,
        to: null,
      });
    }
  });

  test("with zeros behind its end has no damage", () => {
    writeFileSync(segment(), Buffer.concat([readFileSync(segment()), Buffer.alloc(9000)]));
    expect(read()).toMatchObject({ inputs: groups.flat(), damage: [{ what: "gap" }] });
  });

  test("with a flipped bit anywhere in a block goes on at the next that can be read alone", () => {
    for (let offset = block(5); offset < block(6); offset += 1) {
      flip(offset);
      const { inputs, damage } = read();
      expect(inputs).toEqual([...groups.slice(0, 5), ...groups.slice(8)].flat());
      expect(damage.map(({ what, offset: at }) => [what, at])).toEqual([
        ["damaged", block(5)],
        ["unreadable", block(6)],
        ["unreadable", block(7)],
        ["gap", block(8)],
      ]);
      expect(damage[0]).toMatchObject({
        bytes: block(6) - block(5),
        from: START + 4002,
        to: START + 6000,
      });
      flip(offset);
    }
  });

  test("can be read between two positions", () => {
    const day = START / 86_400_000;
    const from = { day: Math.floor(day), offset: block(4) };
    const to = { day: Math.floor(day), offset: block(7) };
    expect([...readRaw(place.folder, { from, to })]).toEqual(groups.slice(4, 7).flat());
    expect([...readRaw(place.folder, { from: to, to })]).toEqual([]);
  });

  test("that is not there is empty", () => {
    expect([...readRaw(join(place.folder, "nowhere"))]).toEqual([]);
  });

  test("is read in parts, whatever lies across their borders", () => {
    const folder = join(place.folder, "long");
    mkdirSync(folder);
    const log = openRawLog(systemDisk, folder);
    alignRaw(log, { day: 0, offset: 0 });
    const packer = createPacker();
    const all: Input[] = [];
    const begins: number[] = [];
    // Blocks of 0.3 MB, and one that is longer than a part.
    for (let n = 0; n < 12; n += 1) {
      const input = cycle(START + n, { text: `${n}`.repeat(n === 5 ? 2_500_000 : 300_000) });
      all.push(input);
      pack(packer, input);
      begins.push(log.end.offset);
      appendRaw(log, seal(packer), n + 1, false);
      restart(packer);
    }
    closeRaw(log);
    expect([...readRaw(folder)]).toEqual(all);
    const path = join(folder, "2026-11-23.raw");
    const bytes = readFileSync(path);
    for (const bad of [3, 5, 11]) {
      const at = (begins[bad] ?? 0) + 1000;
      const damaged = Buffer.from(bytes);
      damaged.writeUInt8(damaged.readUInt8(at) ^ 1, at);
      writeFileSync(path, damaged);
      const what: RawDamage[] = [];
      const left = [...readRaw(folder, { onDamage: (found) => what.push(found) })];
      expect(left.map((input) => input.at - START)).toEqual(
        all.map((_, n) => n).filter((n) => n !== bad),
      );
      const size = (begins[bad + 1] ?? bytes.length) - (begins[bad] ?? 0);
      const kind = bad === 11 ? "torn" : "damaged";
      expect(what).toMatchObject([{ what: kind, offset: begins[bad], bytes: size }]);
    }
  });
});
