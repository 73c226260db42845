/** What `read` prints, letter by letter, and what it reads over a real socket. */
import { afterEach, describe, expect, test } from "vitest";
import { ownLine } from "../../../agent/commission/line.ts";
import { type ReadResult, readText } from "../../../agent/commission/read-text.ts";
import { readWords, referenceOf, type Table } from "../../../agent/commission/registers.ts";
import { targetOf } from "../../../agent/commission/target.ts";
import { VIEW_TYPES } from "../../../agent/commission/views.ts";
import type { ModbusServer } from "../../../simulator/modbus.ts";
import { deviceOf, serveUnits } from "./device.ts";

function result(
  table: Table,
  words: (number | null)[],
  changes: Partial<ReadResult> = {},
): ReadResult {
  return {
    table,
    address: 0,
    words: words.map((word, address) => ({
      address,
      reference: referenceOf(table, address),
      word,
      reason: word === null ? "MODBUS_EXCEPTION_2" : null,
    })),
    failure: null,
    label: "10.0.0.9:502",
    unit: 1,
    via: null,
    ms: 12,
    ...changes,
  };
}

describe("the text", () => {
  test("a float among words, beside every type and order", () => {
    expect(readText(result("holding", [6, 0x42f6, 0xe979]), VIEW_TYPES).join("\n")).toBe(
      `holding 0..2 (40001..40003), unit 1 at 10.0.0.9:502, function 3, 12 ms
wire  manual   hex  uint16  uint16 BADC  int16   float16  bcd16  bits
   0   40001  0006       6         1536      6         -      6  0000 0000 0000 0110
   1   40002  42f6   17142        63042  17142  3.480469      -  0100 0010 1111 0110
   2   40003  e979   59769        31209  -5767     -2802      -  1110 1001 0111 1001

wire  manual  order      uint32       int32  float32  bcd32
   0   40001   ABCD      410358      410358        -  -
   0   40001   CDAB  1123418118  1123418118      123  -
   0   40001   BADC   100726338   100726338        -  -
   0   40001   DCBA  4131522048  -163445248        -  -
   1   40002   ABCD  1123477881  1123477881  123.456  -
   1   40002   CDAB  3917038326  -377928970        -  -
   1   40002   BADC  4131551721  -163415575        -  -
   1   40002   DCBA  2045376066  2045376066        -  -`,
    );
  });

  test("one type alone, text, and what could not be read", () => {
    expect(readText(result("input", [0x5465, 0x7374]), ["uint32"])).toEqual([
      "input 0..1 (30001..30002), unit 1 at 10.0.0.9:502, function 4, 12 ms",
      "wire  manual   hex  bits",
      "   0   30001  5465  0101 0100 0110 0101",
      "   1   30002  7374  0111 0011 0111 0100",
      "",
      "wire  manual  order  uint32",
      "   0   30001   ABCD  1415934836",
      "   0   30001   CDAB  1937003621",
      "   0   30001   BADC  1700033651",
      "   0   30001   DCBA  1953719636",
      "",
      'as text: "Test"',
    ]);
    expect(readText(result("holding", [null], { via: "bus" }), VIEW_TYPES)).toEqual([
      "holding 0 (40001), unit 1 at 10.0.0.9:502 through the agent (bus), function 3, 12 ms",
      "wire  manual   hex  uint16  uint16 BADC  int16  float16  bcd16  bits",
      "   0   40001  ----  MODBUS_EXCEPTION_2: The device has no such address (exception 2).",
    ]);
  });

  test("bits", () => {
    expect(readText(result("coil", [1, 0]), VIEW_TYPES)).toEqual([
      "coil 0..1 (00001..00002), unit 1 at 10.0.0.9:502, function 1, 12 ms",
      "wire  manual  bit",
      "   0   00001  1",
      "   1   00002  0",
    ]);
  });
});

describe("over a socket", () => {
  let server: ModbusServer | null = null;
  afterEach(async () => {
    await server?.close();
  });

  async function read(table: Table, address: number, count: number, unit = 1) {
    server = await serveUnits(new Map([[1, deviceOf({ holding: [1, 2, 3, 4], bits: [1, 0, 1] })]]));
    const target = targetOf({ config: "none.yaml", host: "127.0.0.1", port: String(server.port) });
    const line = ownLine(target);
    const words = await readWords(line, unit, table, address, count);
    await line.close();
    return words;
  }

  test("words, bits, and a block that ends beyond the device", async () => {
    expect((await read("holding", 1, 2)).words.map(({ word }) => word)).toEqual([2, 3]);
    await server?.close();
    expect((await read("discrete", 0, 3)).words.map(({ word }) => word)).toEqual([1, 0, 1]);
    await server?.close();
    const cut = await read("holding", 2, 4);
    expect(cut.failure).toBeNull();
    expect(cut.words.map(({ word, reason }) => word ?? reason)).toEqual([
      3,
      4,
      "MODBUS_EXCEPTION_2",
      "MODBUS_EXCEPTION_2",
    ]);
  });

  test("a unit that is not there, and a device that refuses everything", async () => {
    expect((await read("holding", 0, 1, 9)).failure).toBe("MODBUS_EXCEPTION_11");
    await server?.close();
    expect((await read("input", 0, 2)).failure).toBe("MODBUS_EXCEPTION_2");
  });
});
