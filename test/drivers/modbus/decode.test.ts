import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decoder } from "../../../drivers/modbus/decode.ts";
import { parsePoint } from "../../../drivers/modbus/point.ts";
import { scaler } from "../../../drivers/modbus/scale.ts";

type Options = Record<string, unknown>;

function sample(bytes: number[] | string, options: Options) {
  const data =
    typeof bytes === "string" ? Buffer.from(bytes.replaceAll(" ", ""), "hex") : Buffer.from(bytes);
  const point = parsePoint({ id: "p", table: "holding", address: 0, ...options });
  return decoder(point)(data, 0);
}

function value(bytes: number[] | string, options: Options) {
  const read = sample(bytes, options);
  return read.quality === "good" ? read.value : read.reason;
}

describe("decode", () => {
  it.each([
    ["8001", "uint16", 32_769],
    ["8001", "int16", -32_767],
    ["0000", "bool", false],
    ["0100", "bool", true],
    ["FFFFFFFE", "uint32", 4_294_967_294],
    ["FFFFFFFE", "int32", -2],
    ["41ADD70A", "float32", Math.fround(21.73)],
    ["3C00", "float16", 1],
    ["C500", "float16", -5],
    ["0001", "float16", 2 ** -24],
    ["4035BAE147AE147B", "float64", 21.73],
    ["1234", "bcd16", 1234],
    ["12345678", "bcd32", 12_345_678],
    ["000000000000002A", "uint64", 42],
    ["FFFFFFFFFFFFFFFF", "int64", -1],
  ])("%s as %s is %s", (bytes, type, expected) => {
    expect(value(bytes, { type })).toBe(expected);
  });

  it("keeps 64-bit integers exact: numbers up to 2^53 - 1, then bigint", () => {
    expect(value("001FFFFFFFFFFFFF", { type: "uint64" })).toBe(Number.MAX_SAFE_INTEGER);
    expect(value("0020000000000000", { type: "uint64" })).toBe(9_007_199_254_740_992n);
    expect(value("FFFFFFFFFFFFFFFF", { type: "uint64" })).toBe(18_446_744_073_709_551_615n);
    expect(value("8000000000000000", { type: "int64" })).toBe(-9_223_372_036_854_775_808n);
    expect(value("0020000000000001", { type: "uint64", scale: 10 })).toBe(90_071_992_547_409_930n);
  });

  it("orders 32 bits", () => {
    for (const [order, bytes] of Object.entries({
      ABCD: "01020304",
      DCBA: "04030201",
      BADC: "02010403",
      CDAB: "03040102",
    })) {
      expect(value(bytes, { type: "uint32", order })).toBe(0x01020304);
      expect(value(bytes, { type: "bcd32", order })).toBe(1_020_304);
    }
  });

  it("orders 64 bits, by long and by short name", () => {
    for (const [order, short, bytes] of [
      ["ABCDEFGH", "ABCD", "0102030405060708"],
      ["HGFEDCBA", "DCBA", "0807060504030201"],
      ["BADCFEHG", "BADC", "0201040306050807"],
      ["GHEFCDAB", "CDAB", "0708050603040102"],
    ] as const) {
      expect(value(bytes, { type: "uint64", order })).toBe(0x0102030405060708n);
      expect(value(bytes, { type: "uint64", order: short })).toBe(0x0102030405060708n);
    }
  });

  it("swaps the bytes of a single register", () => {
    expect(value("3412", { type: "uint16", order: "BADC" })).toBe(0x1234);
    expect(value("3412", { type: "uint16", order: "DCBA" })).toBe(0x1234);
    expect(value("1234", { type: "uint16", order: "CDAB" })).toBe(0x1234);
  });

  it("picks one bit of a register, 0 the lowest", () => {
    expect(value("0100", { type: "bool", bit: 8 })).toBe(true);
    expect(value("0100", { type: "bool", bit: 0 })).toBe(false);
    expect(value("8000", { type: "bool", bit: 15 })).toBe(true);
  });

  it("picks coils by their place in the answer", () => {
    const decode = decoder(parsePoint({ id: "c", table: "coil", address: 0, type: "bool" }));
    const data = Buffer.from([0b0000_0100, 0b0000_0001]);
    const states = Array.from({ length: 10 }, (_, i) => decode(data, i)).map(
      (s) => "value" in s && s.value,
    );
    expect(states.flatMap((on, i) => (on ? [i] : []))).toEqual([2, 8]);
  });

  it("reads text in both byte orders, up to NUL and without trailing blanks", () => {
    expect(value("48616C6C6F20", { type: "string", length: 3 })).toBe("Hallo");
    expect(value("6148 6C6C 206F", { type: "string", length: 3, order: "BADC" })).toBe("Hallo");
    expect(value("4142 0043 4445", { type: "string", length: 3 })).toBe("AB");
    expect(value("B0430000", { type: "string", length: 2 })).toBe("°C");
  });

  it("scales as written in decimal", () => {
    expect(String(value([0, 217], { type: "uint16", scale: 0.1 }))).toBe("21.7");
    expect(value([0, 217], { type: "uint16", scale: 0.1, offset: -40.05 })).toBe(-18.35);
    expect(value([0, 3], { type: "uint16", scale: 1e-7 })).toBe(3e-7);
    expect(Object.is(value([0, 0], { type: "int16", scale: -0.1 }), 0)).toBe(true);
    expect(value("41ADD70A", { type: "float32", scale: 2 })).toBe(Math.fround(21.73) * 2);
  });

  it("compares sentinels on the raw value, before scale", () => {
    const temperature = { type: "int16", scale: 0.1, invalid: [-32_768] };
    expect(value("8000", temperature)).toBe("VALUE_INVALID");
    expect(value("8001", temperature)).toBe(-3276.7);
    expect(value("7FFF7FFF", { type: "uint32", invalid: ["0x7FFF7FFF"] })).toBe("VALUE_INVALID");
    expect(value("C61C3C00", { type: "float32", invalid: [-9999] })).toBe("VALUE_INVALID");
    expect(value("3DCCCCCD", { type: "float32", invalid: [0.1] })).toBe("VALUE_INVALID");
    expect(value("FFFF", { type: "bcd16", invalid: [65_535] })).toBe("VALUE_INVALID");
    expect(value("FFFF", { type: "bool", bit: 3, invalid: [65_535] })).toBe("VALUE_INVALID");
    expect(value("2D2D", { type: "string", length: 1, invalid: ["--"] })).toBe("VALUE_INVALID");
  });

  it("compares 64-bit sentinels exactly as text, and as far as a number goes", () => {
    const type = "uint64";
    const text = { type, invalid: ["0xFFFFFFFFFFFFFFFF"] };
    expect(value("FFFFFFFFFFFFFFFF", text)).toBe("VALUE_INVALID");
    expect(value("FFFFFFFFFFFFFFFE", text)).toBe(18_446_744_073_709_551_614n);
    expect(value("FFFFFFFFFFFFFFFF", { type, invalid: [2 ** 64] })).toBe("VALUE_INVALID");
    expect(value("8000000000000000", { type: "int64", invalid: ["-9223372036854775808"] })).toBe(
      "VALUE_INVALID",
    );
  });

  it("gives no number where there is none", () => {
    for (const [bytes, type] of [
      ["7FC00000", "float32"],
      ["FF800000", "float32"],
      ["7FF0000000000000", "float64"],
      ["7C00", "float16"],
      ["7E00", "float16"],
      ["12A4", "bcd16"],
      ["00010F00", "bcd32"],
    ] as const) {
      expect(value(bytes, { type })).toBe("VALUE_NOT_FINITE");
    }
    expect(value("7F7FFFFF", { type: "float32", scale: 1e300 })).toBe("VALUE_NOT_FINITE");
  });

  it("keeps the registers beside the value, and follows them from poll to poll", () => {
    const decode = decoder(parsePoint({ id: "p", table: "input", address: 0, type: "uint32" }));
    const first = decode(Buffer.from([0, 1, 0, 2]), 0);
    expect(first).toEqual({ quality: "good", value: 65_538, raw: [1, 2] });
    expect(decode(Buffer.from([9, 9, 0, 1, 0, 2]), 2)).toBe(first);
    expect(decode(Buffer.from([0, 1, 0, 3]), 0)).toMatchObject({ value: 65_539 });
    expect(first).toMatchObject({ value: 65_538, raw: [1, 2] });
  });

  it("refuses points that no device could serve", () => {
    const bad: Options[] = [
      { table: "coil", type: "uint16" },
      { type: "string" },
      { type: "string", length: 2, order: "CDAB" },
      { address: 65_535, type: "uint32" },
    ];
    for (const options of bad) expect(() => sample([], options)).toThrow(/^point p /);
  });
});

describe("scaler", () => {
  it("gives the double nearest to the decimal product, for any decimal scale", () => {
    const digits = fc.integer({ min: 0, max: 4 });
    const raw = fc.integer({ min: -2_147_483_648, max: 4_294_967_295 });
    fc.assert(
      fc.property(
        raw,
        fc.integer({ min: -9999, max: 9999 }),
        digits,
        (number, mantissa, places) => {
          const scaled = scaler(Number(`${mantissa}e-${places}`), 0)(number);
          expect(scaled).toBe(Number(`${BigInt(number) * BigInt(mantissa)}e-${places}`) + 0);
        },
      ),
    );
  });
});
