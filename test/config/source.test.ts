/** What the shell is given: sources with driver options, connections in milliseconds, calendars, the longest topic. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { calendarsOf } from "../../config/calendar.ts";
import { loadConfig } from "../../config/load.ts";
import { longestTopicOf } from "../../config/longest-topic.ts";
import { connectionsOf, sourcesOf } from "../../config/source.ts";
import { weekdaysOf } from "../../config/weekday.ts";

const loaded = loadConfig(join(import.meta.dirname, "../../config/examples/full.yaml"));
if (!loaded.ok) throw new Error("the example does not load");
const { config } = loaded;

test("connections carry their driver's options, durations in milliseconds", () => {
  const limits = { maxRegisters: 125, maxBits: 2000, gap: 10 };
  expect(connectionsOf(config)).toEqual([
    {
      id: "plc",
      driver: "modbus-tcp",
      options: { host: "127.0.0.1", port: 5020, timeout: 1000, ...limits },
    },
    {
      id: "bus",
      driver: "modbus-rtu",
      options: {
        device: "/dev/serial/by-id/usb-FTDI-A1",
        baudRate: 19200,
        parity: "even",
        stopBits: 1,
        framing: "rtu",
        turnaround: 5,
        timeout: 1000,
        ...limits,
      },
    },
    {
      id: "moxa",
      driver: "modbus-rtu-over-tcp",
      options: {
        host: "10.0.0.9",
        port: 4001,
        framing: "rtu",
        turnaround: 5,
        timeout: 1000,
        ...limits,
      },
    },
    { id: "panel", driver: "gpio", options: { chip: "pinctrl-rp1" } },
  ]);
});

test("sources carry the options of their points, and nothing that is the core's", () => {
  const [main, meter, lamps, ...others] = sourcesOf(config);
  expect(others).toEqual([]);
  expect(main).toMatchObject({
    asset: "press-01",
    source: "main",
    connection: "plc",
    unit: 1,
    pollMs: 1000,
    holdMs: 3000,
  });
  expect(main?.points.map(({ id }) => id)).toEqual([
    "status",
    "reason",
    "total",
    "good",
    "recipe",
    "oilTemp",
    "guard",
  ]);
  expect(main?.points[5]).toEqual({
    id: "oilTemp",
    table: "input",
    address: 0,
    type: "int16",
    order: "ABCD",
    scale: 0.1,
    offset: 0,
    invalid: [-32768],
  });
  expect(Object.keys(main?.points[2] ?? {})).not.toContain("counter");
  expect(meter).toMatchObject({ source: "meter", unit: 7, pollMs: 5000, holdMs: 15_000 });
  expect(lamps).toEqual({
    asset: "press-01",
    source: "lamps",
    connection: "panel",
    unit: 0,
    pollMs: 1000,
    holdMs: 3000,
    points: [
      { id: "red", line: "GPIO17", activeLow: true, debounce: 20 },
      { id: "onSite", line: "GPIO22", activeLow: true, debounce: 20 },
    ],
  });
});

test("raw sentinels of 64 bits keep every digit", () => {
  const wide = structuredClone(config);
  wide.assets["press-01"]!.points["oilTemp"] = {
    source: "main",
    table: "input",
    address: 0,
    type: "uint64",
    order: "ABCD",
    scale: 1,
    offset: 0,
    invalid: ["18446744073709551615", "7", 0],
  };
  const point = sourcesOf(wide)[0]?.points.find(({ id }) => id === "oilTemp");
  expect(point?.["invalid"]).toEqual([18446744073709551615n, 7, 0]);
});

test("calendars have days as numbers and the zone as configured", () => {
  expect(calendarsOf(config)).toEqual({
    "two-shift": {
      dayStart: "00:00",
      zone: null,
      holidays: ["2026-12-25"],
      shifts: [
        {
          id: "early",
          days: [1, 2, 3, 4, 5],
          start: "06:00",
          end: "14:00",
          breaks: [{ start: "10:00", end: "10:30" }],
        },
        { id: "night", days: [1, 2, 3, 4], start: "22:00", end: "06:00", breaks: [] },
      ],
    },
  });
});

test.each([
  ["mon", [1]],
  ["mon-fri", [1, 2, 3, 4, 5]],
  ["sat-mon", [1, 6, 7]],
  ["mon-sun", [1, 2, 3, 4, 5, 6, 7]],
  [
    ["sun", "mon-tue", "mon"],
    [1, 2, 7],
  ],
])("days %s", (days, expected) => expect(weekdaysOf(days)).toEqual(expected));

test("the longest topic is reported", () => {
  expect(longestTopicOf(config)).toBe("uptime1/acme/ulm/_gateway/gw-ulm-01/event/config");
});
