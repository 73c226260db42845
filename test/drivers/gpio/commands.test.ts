/** Command lines and output of gpiod's tools, both versions, with texts as the tools print them. */
import { describe, expect, test } from "vitest";
import {
  getArgs,
  infoArgs,
  majorOf,
  monitorArgs,
  parseChips,
  parseEdge,
  parseLevels,
  parseLines,
} from "../../../drivers/gpio/commands.ts";
import { gather } from "../../../drivers/gpio/gather.ts";
import { instantOfStamp, newStampClock } from "../../../drivers/gpio/stamp.ts";

test.each([
  ["gpiomon (libgpiod) v1.6.3\nCopyright (C) 2017-2018 Bartosz Golaszewski\n", 1],
  ["gpiodetect (libgpiod) v2.2.1\nCopyright", 2],
  ["gpiodetect (libgpiod) 2.1\n", 2],
  ["gpiodetect (libgpiod) v3.0\n", null],
  ["", null],
])("the version of %j", (text, major) => expect(majorOf(text)).toBe(major));

describe("command lines", () => {
  const options = { bias: "pull-up", debounceMs: 20 } as const;
  test("1.x", () => {
    expect(infoArgs(1, "gpiochip0")).toEqual(["gpiochip0"]);
    expect(getArgs(1, "gpiochip0", [17, 4], "disabled").join(" ")).toBe(
      "-B disable gpiochip0 17 4",
    );
    expect(monitorArgs(1, "gpiochip0", [17], options)).toEqual([
      ...["-b", "-B", "pull-up", "-F", "%e %o %s.%n", "gpiochip0", "17"],
    ]);
  });
  test("2.x", () => {
    expect(infoArgs(2, "gpiochip0").join(" ")).toBe("-c gpiochip0");
    expect(getArgs(2, "gpiochip0", [17], "as-is").join(" ")).toBe("-c gpiochip0 --numeric 17");
    expect(monitorArgs(2, "gpiochip0", [17, 4], options)).toEqual([
      ...["-c", "gpiochip0", "-e", "both", "-b", "pull-up", "-p", "20000us"],
      ...["-E", "monotonic", "-F", "%e %o %S", "17", "4"],
    ]);
    const plain = monitorArgs(2, "gpiochip0", [17], { bias: "as-is", debounceMs: 0 });
    expect(plain).not.toContain("-p");
    expect(plain).not.toContain("-b");
  });
});

test.each<[1 | 2, string, ReturnType<typeof parseEdge>]>([
  [1, "1 17 1234.5000000", { offset: 17, level: true, stamp: 1_234_005 }],
  [1, "0 4 1234.5", { offset: 4, level: false, stamp: 1_234_000.000005 }],
  [2, "1 17 1234.005000000", { offset: 17, level: true, stamp: 1_234_005 }],
  [2, "2 17 1234.999999999", { offset: 17, level: false, stamp: 1_234_999.999999 }],
  [1, "2 17 1234.5", null],
  [2, "0 17 1234.000000005", null],
  [2, "1 17 1234", null],
  [2, "Monitoring line '17'...", null],
  [1, "1 17", null],
])("%i.x prints %j", (major, line, edge) => expect(parseEdge(major, line)).toEqual(edge));

test.each([
  ["1 0 1\n", 3, [true, false, true]],
  ["0\n", 1, [false]],
  ["1 0\n", 3, null],
  ["active\n", 1, null],
  ["", 1, null],
])("levels %j", (text, count, levels) => expect(parseLevels(text, count)).toEqual(levels));

test("chips by label", () => {
  const text =
    "gpiochip0 [pinctrl-bcm2711] (58 lines)\ngpiochip1 [raspberrypi-exp-gpio] (8 lines)\n";
  expect(parseChips(text)).toEqual([
    { name: "gpiochip0", label: "pinctrl-bcm2711", lines: 58 },
    { name: "gpiochip1", label: "raspberrypi-exp-gpio", lines: 8 },
  ]);
});

describe("lines", () => {
  const free = { name: "GPIO17", isOutput: false, consumer: null };
  test("1.x", () => {
    const text = [
      "gpiochip0 - 58 lines:",
      '\tline   0:     "ID_SDA"       unused   input  active-high ',
      '\tline  17:     "GPIO17"       unused   input  active-high ',
      '\tline  42: "STATUS_LED_G_CLK" "led0" output active-high [used]',
      "\tline  43:      unnamed       kernel   input   active-low [used]",
    ].join("\n");
    expect(parseLines(text)).toEqual([
      { offset: 0, name: "ID_SDA", isOutput: false, consumer: null },
      { offset: 17, ...free },
      { offset: 42, name: "STATUS_LED_G_CLK", isOutput: true, consumer: "led0" },
      { offset: 43, name: null, isOutput: false, consumer: "kernel" },
    ]);
  });
  test("2.x", () => {
    const text = [
      "gpiochip0 - 54 lines:",
      '\tline   0:\t"ID_SDA"        \tinput',
      '\tline  17:\t"GPIO17"        \tinput bias=pull-up edges=both debounce-period=20ms consumer="gpiomon"',
      '\tline  18:\tunnamed         \toutput drive=open-drain consumer="output"',
    ].join("\n");
    expect(parseLines(text)).toEqual([
      { offset: 0, name: "ID_SDA", isOutput: false, consumer: null },
      { offset: 17, ...free, consumer: "gpiomon" },
      { offset: 18, name: null, isOutput: true, consumer: "output" },
    ]);
  });
});

describe("kernel stamps on the driver's clock", () => {
  test("of the same clock are taken as they are, however late they arrive", () => {
    const clock = newStampClock();
    expect(instantOfStamp(clock, 5000, 5001)).toBe(5000);
    expect(instantOfStamp(clock, 6000, 9500)).toBe(6000);
    expect(instantOfStamp(clock, 9600.5, 9600)).toBe(9600);
  });
  test("of another clock are moved as the fastest of them came", () => {
    const clock = newStampClock();
    expect(instantOfStamp(clock, 1e12, 5010)).toBe(5010);
    expect(instantOfStamp(clock, 1e12 + 100, 5105)).toBe(5105);
    expect(instantOfStamp(clock, 1e12 + 200, 5300)).toBe(5205);
  });
});

describe("changes that belong together", () => {
  const change = (id: string, at: number, value: number | boolean) => ({ id, at, value });
  const text = (changes: ReturnType<typeof change>[]) =>
    gather(changes).map(({ at, values }) => `${at} ${JSON.stringify(Object.fromEntries(values))}`);
  test("within 10 ms are one reading, dated at the last", () => {
    expect(text([change("red", 103, true), change("green", 100, false)])).toEqual([
      '103 {"green":false,"red":true}',
    ]);
    expect(text([change("red", 110, true), change("green", 100, false)])).toHaveLength(2);
  });
  test("a level that changes twice is two, a count that rises twice is one", () => {
    expect(text([change("red", 1, true), change("red", 4, false)])).toHaveLength(2);
    expect(text([change("pieces", 1, 7), change("pieces", 4, 8)])).toEqual(['4 {"pieces":8}']);
  });
});
