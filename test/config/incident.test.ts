/** Incidents from the configuration to the core's model: defaults, overrides, integers. */
import { expect, test } from "vitest";
import { compile } from "../../config/compile.ts";
import type { Config } from "../../config/types.ts";
import { edited, linesOf, parse } from "./plant-text.ts";

const MIN = 60_000;
const HOUR = 60 * MIN;

function config(...edits: [string, string][]): Config {
  const loaded = parse(edited(...edits));
  if (!loaded.ok) throw new Error(linesOf(loaded.problems).join("\n"));
  return loaded.config;
}
const incidents = (text: string): [string, string] => [
  "    calendar: two-shift\n",
  `    calendar: two-shift\n    incidents: ${text}\n`,
];
const modelOf = (made: Config) => compile(made, () => 0).assets[0]?.incidents;

test("without the key there are none", () => {
  expect("incidents" in compile(config(), () => 0).assets[0]!).toBe(false);
});

test("one short line takes all defaults", () => {
  expect(modelOf(config(incidents("{}")))).toEqual({
    rules: [
      { id: "fault", severity: "s1", on: "fault", forMs: 5 * MIN, reasons: null },
      { id: "lost-contact", severity: "s3", on: "lost-contact", forMs: 30 * MIN },
    ],
    severities: [
      { id: "s1", limits: { acknowledge: 30 * MIN, respond: 4 * HOUR, restore: 12 * HOUR } },
      { id: "s2", limits: { acknowledge: HOUR, respond: 8 * HOUR, restore: 24 * HOUR } },
      { id: "s3", limits: { acknowledge: 8 * HOUR, respond: 24 * HOUR, restore: null } },
      { id: "s4", limits: { acknowledge: null, respond: null, restore: null } },
    ].map((severity) => ({
      ...severity,
      clock: "covered",
      coverage: null,
      escalation: [
        {
          limits: ["acknowledge", "respond", "restore"],
          at: { percent: 80 },
          text: "80%",
          to: null,
        },
        {
          limits: ["acknowledge", "respond", "restore"],
          at: "breach",
          text: "on breach",
          to: null,
        },
      ],
      holdReasons: [],
    })),
    during: "scheduled",
    microStopMs: 5 * MIN,
    restoredAfterMs: MIN,
    verify: { pieces: null, stableMs: 10 * MIN },
    closing: "verified",
    repeatWithinMs: 30 * 24 * HOUR,
    buttons: [],
  });
});

test("everything said", () => {
  const made = config(
    [
      "assets:\n",
      `severities:
  s1: { ackWithin: 15min, respondWithin: 4h, coverage: two-shift, holdReasons: [no access], escalation: [{ at: 30min before, of: respond, to: shift lead }] }
  s2: { clock: calendar }
assets:
`,
    ],
    incidents(`
      rules:
        - { fault: 0s, reasons: [17, E4], severity: s2 }
        - { id: any-fault, fault: 10min }
        - { microStops: 10, within: 1h }
        - { signal: warning, severity: s2 }
        - { lostContact: 1h, severity: local }
        - { signal: advisory, severity: s2 }
      severities: { local: { restoreWithin: 2d }, s2: { ackWithin: 1h } }
      during: always
      restoredAfter: 0s
      verify: { pieces: 20 }
      close: by-hand
      repeatWithin: 14d
      buttons: [{ point: guard, act: respond }, { point: red, act: open, on: false }]`),
  );
  const model = modelOf(made);
  expect(model?.rules).toEqual([
    { id: "fault", severity: "s2", on: "fault", forMs: 0, reasons: ["17", "E4"] },
    { id: "any-fault", severity: "s1", on: "fault", forMs: 10 * MIN, reasons: null },
    { id: "micro-stops", severity: "s2", on: "micro-stops", count: 10, withinMs: HOUR },
    { id: "signal", severity: "s2", on: "signal", atLeast: "warning" },
    { id: "lost-contact", severity: "local", on: "lost-contact", forMs: HOUR },
    { id: "signal-2", severity: "s2", on: "signal", atLeast: "advisory" },
  ]);
  expect(model?.severities.map(({ id }) => id)).toEqual(["s1", "s2", "local"]);
  expect(model?.severities[0]).toEqual({
    id: "s1",
    limits: { acknowledge: 15 * MIN, respond: 4 * HOUR, restore: null },
    clock: "covered",
    coverage: "two-shift",
    escalation: [
      { limits: ["respond"], at: { beforeMs: 30 * MIN }, text: "30min before", to: "shift lead" },
    ],
    holdReasons: ["no access"],
  });
  expect(model?.severities[1]).toMatchObject({ clock: "covered", limits: { acknowledge: HOUR } });
  expect(model).toMatchObject({
    during: "always",
    restoredAfterMs: 0,
    verify: { pieces: 20, stableMs: null },
    closing: "by-hand",
    repeatWithinMs: 14 * 24 * HOUR,
    buttons: [
      { point: 4, name: "guard", act: "respond", on: true },
      { point: 6, name: "red", act: "open", on: false },
    ],
  });
});
