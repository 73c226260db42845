/** Golden lines of a stack light: lamps are edges, and a replay decides them as the running agent did. */
import { describe, expect, test } from "vitest";
import { replay } from "../../agent/replay/replay.ts";
import { HOUR, type Printed, part, plantOf, SIX } from "../support/line-plant.ts";
import { violations } from "../support/records.ts";

const PLANT = plantOf(`version: 1
gateway: { id: gw-1, enterprise: acme, site: ulm, timezone: Europe/Berlin }
mqtt: { url: "mqtt://127.0.0.1:1883" }
connections:
  panel: { driver: gpio, chip: pinctrl-rp1 }
assets:
  press-01:
    area: press
    line: l1
    connection: panel
    poll: 1s
    points:
      red: { line: GPIO17 }
      yellow: { line: GPIO27 }
      green: { line: GPIO22 }
      pieces: { line: GPIO23, counter: { maxRate: 5/s } }
    condition:
      - { is: fault, when: { lamp: { red: on, yellow: off, green: off } } }
      - { is: maintenance, when: { lamp: { red: flashing, yellow: off, green: off } } }
      - { is: setup, when: { lamp: { red: off, yellow: flashing, green: off } } }
      - { is: starved, when: { lamp: { red: off, yellow: off, green: flashing } } }
      - { is: producing, when: { lamp: { red: off, yellow: off, green: on } } }
    counts: { total: pieces }
    idealCycle: 1s
    microStop: 5s
    windows: [hour]
`);

type Line = { at: number; values?: Record<string, unknown> };

/** Toggles `lamp` from `from` to before `to`, every `halfMs`, first to `level`. */
function flashes(lamp: string, from: number, to: number, halfMs: number, level: boolean): Line[] {
  const lines: Line[] = [];
  for (let at = from, lit = level; at < to; at += halfMs, lit = !lit)
    lines.push({ at, values: { [lamp]: lit } });
  return lines;
}

/** The lines with a good cycle of the source every second, as polls bring it. Times count from six o'clock. */
function run(lines: Line[], until = HOUR + 60_000): Printed[] {
  const all = [...lines];
  for (let at = 0; at <= HOUR; at += 1000) all.push({ at });
  const printed: Printed[] = [];
  const player = replay({
    plant: PLANT,
    load: () => PLANT,
    print: (text) => printed.push(JSON.parse(text)),
  });
  for (const { at, values } of all.sort((a, b) => a.at - b.at)) {
    const source = { at: SIX + at, asset: "press-01", source: "main" };
    player.line(JSON.stringify(values ? { ...source, values } : source));
  }
  player.end(SIX + until);
  return printed;
}

const secondsOf = (text: unknown): number => (Date.parse(String(text)) - SIX) / 1000;
/** `told condition since`, in seconds; the first one is the start. */
const told = (printed: Printed[]): string[] =>
  printed
    .filter(({ topic }) => topic.endsWith("/state"))
    .map((record) => {
      const { condition, since } = part(record, "state");
      return `${secondsOf(record.payload.time)} ${condition} ${secondsOf(since)}`;
    });
const finalHour = (printed: Printed[]): Printed =>
  printed.find((record) => {
    const { final, from } = record.payload["window"] ? part(record, "window") : {};
    return final === true && secondsOf(from) === 0;
  }) as Printed;

const START: Line = {
  at: 0,
  values: { red: false, yellow: false, green: true, pieces: 0 },
};
const FLASHES = [
  ...flashes("green", 600_000, 720_000, 1000, false), // 0.5 Hz, ends lit
  ...flashes("yellow", 900_000, 960_000, 500, true), // 1 Hz, ends dark
  { at: 900_000, values: { green: false } },
  { at: 960_000, values: { green: true } },
  ...flashes("red", 1_200_000, 1_230_000, 100, true), // 5 Hz, ends dark
  { at: 1_200_000, values: { green: false } },
  { at: 1_230_000, values: { green: true } },
];

describe("an hour of lamps", () => {
  const printed = run([
    START,
    ...FLASHES,
    { at: 1_800_000, values: { green: false, red: true } },
    { at: 1_860_000, values: { green: true, red: false } },
    { at: 2_400_000, values: { red: true, yellow: true } }, // lamp test
    { at: 2_403_000, values: { red: false, yellow: false } },
    { at: 3_000_000, values: { green: false } }, // dead lamp
    { at: 3_020_000, values: { green: true } },
  ]);

  test("each change is told 2 s later and dated at its first edge", () => {
    expect(told(printed).slice(0, 12)).toEqual([
      "0 producing 0",
      "602 starved 600",
      "721 producing 719",
      "902 setup 900",
      "961.5 unknown 959.5",
      "962 producing 960",
      "1202 maintenance 1200",
      "1231.9 unknown 1229.9",
      "1232 producing 1230",
      "1802 fault 1800",
      "1862 producing 1860",
      "2402 unknown 2400",
    ]);
  });

  test("the hour adds up to the millisecond", () => {
    const hour = finalHour(printed);
    expect(part(hour, "conditionMs")).toEqual({
      producing: 3_600_000 - 119_000 - 60_000 - 30_000 - 60_000 - 3000 - 20_000,
      idle: 0,
      starved: 119_000,
      blocked: 0,
      setup: 59_500,
      engineering: 0,
      maintenance: 29_900,
      fault: 60_000,
      externalFault: 0,
      off: 0,
      unknown: 500 + 100 + 3000 + 20_000,
    });
    expect(part(hour, "unknownMs")).toMatchObject({ ruleUndecided: 23_600, deviceSilent: 0 });
  });

  test("every payload is of its schema", () => {
    expect(violations(printed.map(({ payload }) => payload))).toEqual([]);
  });
});

test("the windows do not depend on how often the source is polled between edges", () => {
  const lines = [START, ...FLASHES];
  const dense = finalHour(run(lines));
  const sparse = finalHour(
    run([...lines, ...Array.from({ length: 500 }, (_, k) => ({ at: 7 * k * 1000 + 333 }))]),
  );
  expect(part(sparse, "conditionMs")).toEqual(part(dense, "conditionMs"));
});

test("pulses are cumulative counts, whatever the lamps do", () => {
  const pulses = Array.from({ length: 600 }, (_, k) => {
    return { at: 1000 + k * 5000 + 37, values: { pieces: k + 1 } };
  });
  const { total } = part(finalHour(run([START, ...pulses])), "counts");
  expect(total).toBe(600);
});
