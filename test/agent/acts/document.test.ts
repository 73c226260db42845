/** The form of an act, whichever way it came: what `act.json` takes, and the sentences for what it does not. */
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { readAct } from "../../../agent/acts/document.ts";
import { bundledSchema } from "../../../config/schemas.ts";

const by = "Jo";

const SOUND: object[] = [
  { act: "acknowledge", asset: "press-01", by },
  { id: "a:1.b_c-D", act: "respond", incident: "press-01/i-4", mode: "remote", by, at: 1 },
  { act: "attribute", incident: "i", attribution: "force-majeure", by, why: "flood" },
  {
    act: "plan",
    asset: "p",
    from: "2026-11-23T14:00Z",
    to: "2026-11-23T15:00:00.5+01:00",
    schedule: "no-demand",
    by,
    why: "x",
  },
  {
    act: "scrap",
    window: "gw-1/press-01/hour/2026-11-23T05:00:00.000Z/1",
    reject: 1,
    by,
    why: "x",
  },
  { act: "signal-shelve", signal: "s", until: 9, by, why: "ü".repeat(500) },
];

test.each(SOUND)("%j is an act", (document) => {
  expect(readAct(document)).toHaveProperty("act");
});

const BROKEN: [document: unknown, wrong: RegExp][] = [
  [null, /JSON object/],
  [[], /JSON object/],
  [{}, /^act is missing.*\nby is missing.*$/],
  [{ act: "explode", by }, /act must be one of acknowledge,/],
  [{ act: "acknowledge", by, asset: "Press 1" }, /asset must be an id/],
  [{ act: "acknowledge", by, as: "customer" }, /as is not a known key/],
  [{ act: "acknowledge", by: "" }, /by must be a name/],
  [{ act: "acknowledge", by: "x".repeat(65) }, /by must be a name/],
  [{ act: "acknowledge", by: "Jo\nroot" }, /by must be a name of 1 to 64 characters on one line/],
  [{ act: "hold", asset: "p", by }, /why is missing/],
  [{ act: "hold", asset: "p", by, why: "x".repeat(501) }, /why must be a text of 1 to 500/],
  [{ act: "attribute", asset: "p", by, why: "x" }, /attribution is missing/],
  [
    { act: "attribute", asset: "p", by, why: "x", attribution: "nobody" },
    /attribution must be one of/,
  ],
  [{ act: "reason", asset: "p", by, why: "x" }, /reason is missing/],
  [{ act: "agree", by }, /annotation is missing/],
  [{ act: "scrap", asset: "p", by, why: "x" }, /window is missing.*reject is missing/s],
  [{ act: "scrap", window: "hour", reject: 0, by, why: "x" }, /reject must be/],
  [{ act: "scrap", window: "hour", reject: 1.5, by, why: "x" }, /reject must be/],
  [{ act: "scrap", window: "minute", reject: 1, by, why: "x" }, /window must be a window id/],
  [
    { act: "plan", asset: "p", from: 1, to: 2, schedule: "scheduled", by, why: "x" },
    /schedule must be one of planned-stop, no-demand/,
  ],
  [{ act: "plan", asset: "p", by, why: "x" }, /from is missing/],
  [
    { act: "ideal", asset: "p", from: 1, by, why: "x" },
    /recipe is missing.*idealCycle is missing/s,
  ],
  [
    { act: "ideal", asset: "p", from: 1, recipe: "a", idealCycle: "1", by, why: "x" },
    /idealCycle must be a duration/,
  ],
  [{ act: "schedule", asset: "p", by, why: "x" }, /schedule is missing/],
  [{ act: "signal-shelve", signal: "s", by, why: "x" }, /until is missing/],
  [{ act: "maintenance", asset: "p", by }, /why is missing/],
  [
    { act: "open", asset: "p", by, why: "x", from: "yesterday" },
    /from must be a time with its zone/,
  ],
  [
    { act: "open", asset: "p", by, why: "x", from: "2026-11-23T14:00" },
    /from must be a time with its zone/,
  ],
  [
    { act: "open", asset: "p", by, why: "x", from: "2026-13-23T14:00Z" },
    /from is no time that exists/,
  ],
  [{ act: "open", asset: "p", by, why: "x", from: -1 }, /from must be/],
];

test.each(BROKEN)("%j is none", (document, wrong) => {
  const read = readAct(document);
  expect("wrong" in read ? read.wrong.join("\n") : read).toMatch(wrong);
});

test("no document of another shape is changed or throws", () => {
  for (const [document] of BROKEN) {
    const before = structuredClone(document);
    readAct(document);
    expect(document).toEqual(before);
  }
});

test("instants become milliseconds, with their zone", () => {
  const read = readAct({
    act: "open",
    asset: "p",
    by,
    why: "x",
    from: "2026-11-23T15:00:00+01:00",
    to: 7,
  });
  expect(read).toEqual({
    act: expect.objectContaining({ from: Date.UTC(2026, 10, 23, 14), to: 7 }),
  });
});

test("`schema act` stands alone, so that a sender can check before sending", () => {
  const check = new Ajv2020({ strict: false }).compile(bundledSchema("act")!);
  for (const document of SOUND) expect(check(document), JSON.stringify(check.errors)).toBe(true);
  expect(check({ act: "hold", asset: "p", by })).toBe(false);
});
