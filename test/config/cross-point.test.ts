/** Connections, sources and points that contradict each other: message and place of each. */
import { describe, expect, test } from "vitest";
import { edited, linesOf, marks, parse, problemsOf } from "./plant-text.ts";

type Edit = [old: string, text: string];
type Case = [name: string, edits: Edit[], expected: string];

const STATUS = "status: { table: holding, address: 0, type: uint16 }";
const TOTAL = "total: { table: holding, address: 2, type: uint32, counter: { maxRate: 5/s } }";
const MAIN = "main: { connection: plc, unit: 1, poll: 1s }";
const at = "assets.press-01";
const inPoint = (options: string): Edit[] => [[STATUS, `${STATUS}\n      p: { ${options} }`]];
const inTotal = (options: string): Edit[] => [[TOTAL, `total: { ${options} }`]];

const ERRORS: Case[] = [
  [
    "unknown connection",
    [[MAIN, "main: { connection: ¦plcc, unit: 1 }"]],
    `${at}.sources.main.connection there is no connection plcc (did you mean \`plc\`?)`,
  ],
  [
    "missing unit",
    [[MAIN, "¦main: { connection: plc }"]],
    `${at}.sources.main.unit is missing (the Modbus unit id, as set in the device; often 1)`,
  ],
  [
    "unit 0 on a serial bus",
    [["unit: 7", "unit: ¦0"]],
    `${at}.sources.meter.unit must be from 1 to 247 on a serial bus, not 0`,
  ],
  [
    "unit of a GPIO chip",
    [["{ connection: panel }", "{ connection: panel, ¦unit: 1 }"]],
    `${at}.sources.lamps.unit a GPIO chip has no units`,
  ],
  [
    "poll too fast",
    [[MAIN, "main: { connection: plc, unit: 1, poll: ¦5ms }"]],
    `${at}.sources.main.poll must be at least 10ms, not 5ms`,
  ],
  [
    "poll too slow",
    [["{ connection: panel }", "{ connection: panel, poll: ¦25h }"]],
    `${at}.sources.lamps.poll must be at most 1d, not 25h`,
  ],
  [
    "poll not whole",
    [[MAIN, "main: { connection: plc, unit: 1, poll: ¦10.5ms }"]],
    `${at}.sources.main.poll must be whole milliseconds, not 10.5ms`,
  ],
  [
    "no timeout",
    [["timeout: 1s", "timeout: ¦0s"]],
    "connections.plc.timeout must be at least 1ms, not 0s",
  ],
  [
    "unknown source",
    inPoint("source: ¦mian, table: coil, address: 0, type: bool"),
    `${at}.points.p.source there is no source mian (did you mean \`main\`?)`,
  ],
  [
    "Modbus options on GPIO",
    [["red: { source: lamps, line: GPIO17 }", "red: { source: lamps, line: GPIO17, ¦address: 1 }"]],
    `${at}.points.red.address is an option of modbus-tcp points, and the source of this point uses gpio (name another \`source\`, or the options of this driver)`,
  ],
  [
    "GPIO options on Modbus",
    inPoint("table: coil, address: 0, type: bool, ¦line: GPIO1"),
    `${at}.points.p.line is an option of gpio points, and the source of this point uses modbus-tcp (name another \`source\`, or the options of this driver)`,
  ],
  [
    "address beyond",
    inPoint("table: coil, address: ¦65536, type: bool"),
    `${at}.points.p.address must be a whole number from 0 to 65535, not the number 65536`,
  ],
  [
    "value beyond",
    inPoint("table: input, address: ¦65533, type: float64"),
    `${at}.points.p.address the value ends at 65536, beyond the last address 65535`,
  ],
  [
    "text beyond",
    inPoint("table: input, address: ¦65530, type: string, length: 7"),
    `${at}.points.p.address the value ends at 65536, beyond the last address 65535`,
  ],
  [
    "number in a bit table",
    inPoint("table: coil, address: 0, type: ¦uint16"),
    `${at}.points.p.type must be bool in table coil, not uint16`,
  ],
  [
    "bit of a bit",
    inPoint("table: coil, address: 0, type: bool, ¦bit: 1"),
    `${at}.points.p.bit only goes with registers, not with table coil`,
  ],
  [
    "bit of a number",
    inPoint("table: holding, address: 0, type: uint16, ¦bit: 1"),
    `${at}.points.p.bit only goes with type bool, not with uint16`,
  ],
  [
    "bit 16",
    inPoint("table: holding, address: 0, type: bool, bit: ¦16"),
    `${at}.points.p.bit must be a whole number from 0 to 15, not the number 16`,
  ],
  [
    "text without length",
    [[STATUS, `${STATUS}\n      ¦p: { table: holding, address: 0, type: string }`]],
    `${at}.points.p.length is missing (the registers that the text takes)`,
  ],
  [
    "number with length",
    inPoint("table: holding, address: 0, type: uint16, ¦length: 1"),
    `${at}.points.p.length only goes with type string, not with uint16`,
  ],
  [
    "wide order",
    inPoint("table: holding, address: 0, type: uint32, order: ¦GHEFCDAB"),
    `${at}.points.p.order GHEFCDAB is an order of 64-bit values, and uint32 is none`,
  ],
  [
    "text order",
    inPoint("table: holding, address: 0, type: string, length: 2, order: ¦CDAB"),
    `${at}.points.p.order must be ABCD or BADC for a text, not CDAB`,
  ],
  [
    "scale 0",
    inPoint("table: holding, address: 0, type: uint16, scale: ¦0"),
    `${at}.points.p.scale must not be 0`,
  ],
  [
    "scaled bit",
    inPoint("table: coil, address: 0, type: bool, ¦scale: 2"),
    `${at}.points.p.scale only goes with numbers, not with bool`,
  ],
  [
    "negative debounce",
    [["line: GPIO17", "line: GPIO17, debounce: ¦-1ms"]],
    `${at}.points.red.debounce must be a duration such as 500ms, 1s or 5min, not "-1ms"`,
  ],
  [
    "long debounce",
    [["line: GPIO17", "line: GPIO17, debounce: ¦1min"]],
    `${at}.points.red.debounce must be at most 10s, not 1min`,
  ],
  [
    "float counter",
    inTotal("table: holding, address: 2, type: float32, ¦counter: { maxRate: 5/s }"),
    `${at}.points.total.counter a float32 point cannot be a counter (counters are whole numbers: int, uint or bcd)`,
  ],
  [
    "text counter",
    inTotal("table: holding, address: 2, type: string, length: 2, ¦counter: { maxRate: 5/s }"),
    `${at}.points.total.counter a string point cannot be a counter (counters are whole numbers: int, uint or bcd)`,
  ],
  [
    "scaled counter",
    inTotal("table: holding, address: 2, type: uint32, ¦scale: 10, counter: { maxRate: 5/s }"),
    `${at}.points.total.scale does not go with counter (counters are raw counts; use \`counter.pieces\` for pieces per count)`,
  ],
  [
    "shifted counter",
    inTotal("table: holding, address: 2, type: uint32, ¦offset: 1, counter: { maxRate: 5/s }"),
    `${at}.points.total.offset does not go with counter (counters are raw counts; use \`counter.pieces\` for pieces per count)`,
  ],
  [
    "modulus beyond the type",
    inTotal("table: holding, address: 2, type: uint16, counter: { maxRate: 5/s, modulus: ¦65537 }"),
    `${at}.points.total.counter.modulus is more than the type can hold: 65537 > 65536`,
  ],
  [
    "modulus 2^64 + 1",
    inTotal(
      "table: holding, address: 2, type: uint64, counter: { maxRate: 5/s, modulus: ¦18446744073709551617 }",
    ),
    `${at}.points.total.counter.modulus is more than the type can hold: 18446744073709551617 > 18446744073709551616`,
  ],
  [
    "modulus 1 as text",
    inTotal('table: holding, address: 2, type: uint16, counter: { maxRate: 5/s, modulus: ¦"1" }'),
    `${at}.points.total.counter.modulus must be at least 2`,
  ],
  [
    "no rate",
    inTotal("table: holding, address: 2, type: uint16, counter: { maxRate: ¦0.0/s }"),
    `${at}.points.total.counter.maxRate must be more than 0`,
  ],
  [
    "rate without unit",
    inTotal("table: holding, address: 2, type: uint16, counter: { maxRate: ¦5 }"),
    `${at}.points.total.counter.maxRate must be a rate such as 5/s, 420/min or 2.4/h, not the number 5`,
  ],
];

describe("errors", () => {
  test.each(ERRORS)("%s", (_, edits, expected) => {
    const text = edited(...edits);
    expect(linesOf(problemsOf(parse(text)))).toEqual([`${marks(text)[0]} ${expected}`]);
  });
});

const WARNINGS: Case[] = [
  [
    "adapter name",
    [["device: /dev/serial/by-id/usb-A1", "¦device: /dev/ttyUSB0"]],
    "connections.bus.device /dev/ttyUSB0 may name another adapter after a restart (use the name under /dev/serial/by-id/, which stays with the adapter)",
  ],
  [
    "long timeout",
    [
      ["timeout: 1s", "timeout: 3s"],
      [MAIN, "main: { connection: plc, unit: 1, ¦poll: 1s }"],
    ],
    `${at}.sources.main.poll plc may wait 3s for an answer, but values are stale after holdLast × poll = 3000 ms (lower \`timeout\` of the connection, or raise \`holdLast\`)`,
  ],
  [
    "ambiguous wrap",
    inTotal("table: holding, address: 2, type: bcd16, ¦counter: { maxRate: 3333/s }"),
    `${at}.points.total.counter at 3333/s the counter may wrap (10000) within holdLast × poll = 3000 ms (poll faster, or lower \`maxRate\`)`,
  ],
];

describe("warnings", () => {
  test.each(WARNINGS)("%s", (_, edits, expected) => {
    const text = edited(...edits);
    const loaded = parse(text);
    expect(loaded.ok).toBe(true);
    expect(linesOf(loaded.warnings)).toEqual([`${marks(text)[0]} ${expected}`]);
  });

  test("a rate just below what could wrap is fine", () => {
    const text = edited(
      ...inTotal("table: holding, address: 2, type: bcd16, counter: { maxRate: 3332/s }"),
    );
    expect(parse(text).warnings).toEqual([]);
  });

  test("drivers that this version does not have", () => {
    const loaded = parse(edited(), { drivers: ["modbus-tcp"] });
    expect(linesOf(loaded.warnings)).toEqual([
      "plant.yaml:6:10 connections.bus.driver this version checks modbus-rtu connections and does not read them (it reads: modbus-tcp)",
      "plant.yaml:7:12 connections.panel.driver this version checks gpio connections and does not read them (it reads: modbus-tcp)",
    ]);
  });
});
