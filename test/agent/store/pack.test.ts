/** Whatever enters the raw log comes out of it, bit by bit. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CycleInput, Input } from "../../../agent/core/input.ts";
import type { Value } from "../../../agent/core/model.ts";
import {
  createPacker,
  discard,
  type PackedBlock,
  pack,
  restart,
  seal,
} from "../../../agent/store/pack.ts";
import { createUnpacker, unpack } from "../../../agent/store/unpack.ts";

const names = ["status", "total", "good", "oilTemp", "guard", "constructor", "7", "a b/ü"];

const value: fc.Arbitrary<Value> = fc.oneof(
  fc.integer(),
  fc.integer({ min: -3, max: 3 }),
  fc.integer({ min: -3276, max: 3276 }).map((raw) => raw * 0.1),
  fc.integer({ min: -9999, max: 9999 }).map((raw) => raw / 1000),
  fc.float({ noNaN: true }),
  fc.double({ noNaN: true }),
  fc.constantFrom(0, -0, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 2 ** 50, 5e-324),
  fc.boolean(),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
  fc.constantFrom(0n, 2n ** 64n - 1n, 2n ** 50n),
  fc.string(),
);

const cycle: fc.Arbitrary<CycleInput> = fc
  .record({
    at: fc.integer({ min: 0, max: 400_000_000 }),
    asset: fc.constantFrom("press-01", "press-02"),
    source: fc.constantFrom("main", "meter"),
    values: fc.dictionary(fc.constantFrom(...names), value),
    bad: fc.dictionary(fc.constantFrom(...names), fc.constantFrom("MODBUS_TIMEOUT", "X")),
    failure: fc.option(fc.constantFrom("MODBUS_CLOSED", "MODBUS_TIMEOUT"), { freq: 6 }),
    lone: fc.boolean(),
    tookMs: fc.option(fc.oneof(fc.nat({ max: 300 }), fc.nat()), { nil: undefined }),
  })
  .map(({ lone, tookMs, ...c }) => {
    if (c.failure !== null) return { kind: "cycle", ...c, values: {}, bad: {} };
    const took = tookMs === undefined ? {} : { tookMs };
    return { kind: "cycle", ...c, ...took, ...(lone ? { lone: true as const } : {}) };
  });

const other: fc.Arbitrary<Input> = fc.oneof(
  fc.record({ kind: fc.constant("tick" as const), at: fc.integer({ min: 0, max: 4e12 }) }),
  fc.record({
    kind: fc.constant("reason" as const),
    at: fc.nat(),
    asset: fc.string(),
    from: fc.nat(),
    to: fc.nat(),
    reason: fc.option(fc.string()),
    attribution: fc.constantFrom(null, "supplier" as const),
    by: fc.string(),
    why: fc.string(),
  }),
);

function packAll(
  groups: Input[][],
  afterGroup: (n: number) => boolean = () => false,
): PackedBlock[] {
  const packer = createPacker();
  return groups.flatMap((inputs, n) => {
    for (const input of inputs) pack(packer, input);
    if (afterGroup(n)) restart(packer);
    return seal(packer);
  });
}

function unpackAll(blocks: PackedBlock[]): Input[] {
  const unpacker = createUnpacker();
  return blocks.flatMap(({ body, fresh }) => unpack(unpacker, Buffer.from(body), fresh));
}

describe("packed inputs", () => {
  test("come out as they went in, however they are grouped", () => {
    const groups = fc.array(fc.array(fc.oneof({ weight: 5, arbitrary: cycle }, other)));
    fc.assert(
      fc.property(groups, fc.nat({ max: 7 }), (inputs, every) => {
        const blocks = packAll(inputs, (n) => n % (every + 1) === every);
        expect(unpackAll(blocks)).toEqual(inputs.flat());
      }),
      { numRuns: 300 },
    );
  });

  test("hold every value of a point that drifts, wraps or changes its type", () => {
    fc.assert(
      fc.property(fc.array(value), (values) => {
        const inputs = values.map((v, at): Input => cycleOf(at, { x: v }));
        expect(unpackAll(packAll([inputs]))).toEqual(inputs);
      }),
      { numRuns: 300 },
    );
  });

  test("carry bigints and awkward keys of a configuration", () => {
    const model = { counter: { modulus: 2n ** 64n }, $big: "5", $$x: { $big: 7n } };
    const input = { kind: "config", at: 5, hash: "sha256:0", model } as unknown as Input;
    expect(unpackAll(packAll([[input]]))).toEqual([input]);
  });
});

describe("blocks", () => {
  const quiet = cycleOf(1000, { status: 6, oilTemp: 41.3 });

  test("a quiet cycle costs four bytes", () => {
    const packer = createPacker();
    pack(packer, quiet);
    seal(packer);
    pack(packer, { ...quiet, at: 2000 });
    expect(seal(packer)[0]?.body.length).toBe(4);
  });

  test("what its answers took costs one byte more while it is much the same", () => {
    const packer = createPacker();
    pack(packer, { ...quiet, tookMs: 240 });
    seal(packer);
    pack(packer, { ...quiet, at: 2000, tookMs: 190 });
    expect(seal(packer)[0]?.body.length).toBe(5);
  });

  test("a restart and a new UTC day begin a block that can be read alone", () => {
    const packer = createPacker();
    pack(packer, quiet);
    pack(packer, { ...quiet, at: 86_400_000 });
    pack(packer, { ...quiet, at: 86_400_001 });
    const blocks = seal(packer);
    expect(
      blocks.map(({ day, fresh, from, to, inputs }) => ({ day, fresh, from, to, inputs })),
    ).toEqual([
      { day: 0, fresh: true, from: 1000, to: 1000, inputs: 1 },
      { day: 1, fresh: true, from: 86_400_000, to: 86_400_001, inputs: 2 },
    ]);
    restart(packer);
    pack(packer, { ...quiet, at: 86_400_002 });
    expect(seal(packer)).toMatchObject([{ day: 1, fresh: true }]);
  });

  test("days never go back with the clock", () => {
    const packer = createPacker();
    pack(packer, { ...quiet, at: 86_400_000 });
    pack(packer, { ...quiet, at: 5 });
    expect(seal(packer)).toMatchObject([{ day: 1, from: 86_400_000, to: 5 }]);
  });

  test("a discarded block leaves nothing behind", () => {
    const packer = createPacker();
    pack(packer, quiet);
    expect(discard(packer)).toBe(1000);
    expect(discard(packer)).toBeNull();
    pack(packer, { ...quiet, at: 2000 });
    expect(unpackAll(seal(packer))).toEqual([{ ...quiet, at: 2000 }]);
  });
});

function cycleOf(at: number, values: Record<string, Value>): CycleInput {
  return { kind: "cycle", at, asset: "press-01", source: "main", values, bad: {}, failure: null };
}
