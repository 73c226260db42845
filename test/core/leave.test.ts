/**
 * Assets and contracts that leave the configuration and come back: no id is given out twice with another content, no time
 * is accounted twice, what was begun is ended and says so.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { calendarFeeds } from "../../agent/calendar/feeds.ts";
import type { ContractModel } from "../../agent/core/contract/model.ts";
import type { Input } from "../../agent/core/input.ts";
import type { PlantModel } from "../../agent/core/model.ts";
import type { WindowSums } from "../../agent/core/window/sums.ts";
import { press } from "../support/plant.ts";
import { type Played, play, revived } from "../support/play.ts";
import { FAULT, HOUR, MINUTE, RUN } from "../support/story.ts";
import { model as contract, outcome } from "./contract/desk.ts";
import { model as incidents } from "./incident/scene.ts";

const START = Date.UTC(2026, 9, 31, 6);
const NOVEMBER = Date.UTC(2026, 10, 1);
const POLL = 10 * MINUTE;
const SOURCES = [{ id: "main", pollMs: POLL, holdMs: 3 * POLL }];
const FAULTS = { id: "fault", severity: "s1", on: "fault", forMs: MINUTE, reasons: null } as const;

const machine = (id: string) =>
  press({
    id,
    sources: SOURCES,
    windows: ["hour", "day"],
    incidents: incidents({ rules: [FAULTS] }),
  });
const ACME = contract({ outcomes: [outcome()] });
const plantOf = (assets: string[], contracts: ContractModel[]): PlantModel => ({
  agent: "gw-1",
  zone: "UTC",
  clockSource: "ntp",
  root: { namespace: "uptime1", enterprise: "acme", site: "ulm" },
  assets: assets.map(machine),
  contracts,
});
const WHOLE = plantOf(["press-01", "press-02"], [ACME]);
const WITHOUT = plantOf(["press-02"], []);
const PLANTS = {
  whole: WHOLE,
  without: WITHOUT,
  unbound: plantOf(["press-01", "press-02"], []),
  alone: plantOf(["press-01"], [ACME]),
};
type Name = keyof typeof PLANTS;

/** Configurations from an instant on; both machines run, with a fault of half an hour every three hours. */
function live(configs: [at: number, name: Name][], until: number, restarts = false): Played {
  const feeds = calendarFeeds([], {});
  const inputs: Input[] = [];
  const pending = [...configs];
  for (let at = START; at <= until; at += POLL) {
    while ((pending[0]?.[0] ?? Number.POSITIVE_INFINITY) <= at) {
      const [from, name] = pending.shift()!;
      const model = PLANTS[name];
      const calendars = [{ id: "", spec: null, zone: "UTC" }];
      inputs.push(...feeds.configure(calendars, from, model.contracts));
      inputs.push({ kind: "config", at: from, hash: `sha256:${name}`, model });
    }
    inputs.push(...feeds.until(at));
    const status = (at - START) % (3 * HOUR) < 30 * MINUTE ? FAULT : RUN;
    const n = (at - START) / MINUTE;
    const values = { status, total: n, good: n, guard: false };
    for (const asset of ["press-01", "press-02"])
      inputs.push({ kind: "cycle", at, asset, source: "main", values, bad: {}, failure: null });
  }
  return play(inputs, (i, core) => (restarts && i % 7 === 0 ? revived(core) : core));
}

const lengthOf = ({ conditionMs }: WindowSums): number =>
  Object.values(conditionMs).reduce((sum, ms) => sum + ms, 0);

/** What must hold whatever the configurations were. */
function expectSound({ messages, intervals, records }: Played): void {
  const ids = messages.map((text) => (JSON.parse(text) as { body: { id: string } }).body.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(messages.filter((text) => text.includes("/_gateway/gw-1/window"))).toEqual([]);
  for (const id of ["press-01", "press-02"]) {
    const known = new Map(
      intervals.filter(({ asset }) => asset === id).map((each) => [each.from, each]),
    );
    const inOrder = [...known.values()].sort((a, b) => a.from - b.from);
    for (const [i, { to }] of inOrder.entries())
      expect(to).toBeLessThanOrEqual(inOrder[i + 1]?.from ?? to);
  }
  for (const fact of records)
    if (fact.class === "window")
      expect(lengthOf(fact.body.sums)).toBe(fact.body.to - fact.body.from);
}

const finals = ({ records }: Played, kind: string, asset = "press-01") =>
  records.flatMap((fact) =>
    fact.class === "window" && fact.asset === asset && fact.body.kind === kind && fact.body.final
      ? [fact]
      : [],
  );
const standings = ({ records }: Played) =>
  records.flatMap((fact) => (fact.class === "contract" ? [fact] : []));

describe("an asset that leaves the configuration", () => {
  const GONE = START + 4 * HOUR + 10 * MINUTE;

  test("has its open windows ended, unobserved since, under the configuration it was in", () => {
    const played = live(
      [
        [START, "whole"],
        [GONE, "without"],
      ],
      NOVEMBER + 2 * HOUR,
    );
    expectSound(played);
    const hours = finals(played, "hour");
    expect(hours).toHaveLength(5);
    expect(hours.at(-1)).toMatchObject({
      configHash: "sha256:whole",
      body: {
        from: START + 4 * HOUR,
        sums: { unknownMs: { configuration: 50 * MINUTE }, flags: ["CONFIG_CHANGED"] },
      },
    });
    const [day, ...more] = finals(played, "day");
    expect(more).toEqual([]);
    expect(day?.body.sums.unknownMs.configuration).toBe(24 * HOUR - 10 * HOUR - 10 * MINUTE);
    expect(finals(played, "hour", "press-02")).toHaveLength(19);
    expect(played.core.state.assets.map(({ id }) => id)).toEqual(["press-02"]);
  });

  test("and returns within its day goes on in the same windows", () => {
    const back = GONE + 2 * HOUR;
    const played = live(
      [
        [START, "whole"],
        [GONE, "without"],
        [back, "whole"],
      ],
      START + 20 * HOUR,
    );
    expectSound(played);
    expect(finals(played, "day")).toHaveLength(1);
    expect(finals(played, "day")[0]?.body.sums.unknownMs.configuration).toBe(2 * HOUR);
    // The hour between began and ended without it.
    expect(
      finals(played, "hour")
        .map(({ body }) => (body.from - START) / HOUR)
        .slice(0, 7),
    ).toEqual([0, 1, 2, 3, 4, 6, 7]);
  });

  test("and returns on another day goes on numbering", () => {
    const back = GONE + 26 * HOUR;
    const played = live(
      [
        [START, "whole"],
        [GONE, "without"],
        [back, "whole"],
      ],
      back + 8 * HOUR,
    );
    expectSound(played);
    const opened = played.records.flatMap((fact) =>
      fact.class === "incident" && fact.asset === "press-01" && fact.body.status === "opened"
        ? [fact.body.id]
        : [],
    );
    expect(new Set(opened).size).toBe(opened.length);
    expect(played.core.state.left).toEqual({ assets: [], contracts: [], rest: {} });
  });
});

describe("a contract that leaves the configuration", () => {
  const ends = (played: Played) => standings(played).filter(({ body }) => body.final);

  test("in its period ends it there, undecided, and says why", () => {
    const at = START + 11 * HOUR + 10 * MINUTE;
    const played = live(
      [
        [START, "whole"],
        [at, "unbound"],
      ],
      at + 3 * HOUR,
    );
    expectSound(played);
    const [end, ...more] = ends(played);
    expect(more).toEqual([]);
    expect(end?.body).toMatchObject({
      to: at,
      revision: 1,
      outcomes: [{ metric: "uptime", verdict: "indeterminate" }],
      alerts: expect.arrayContaining([{ id: "CONTRACT_REMOVED", at }]),
    });
    // Since the first of October, most of it before the first input.
    const { upMs, pendingMs, blindMs } = end!.body.sums;
    expect(upMs + pendingMs + blindMs).toBe(at - Date.UTC(2026, 9, 1));
    expect(pendingMs).toBe(4 * 30 * MINUTE);
    expect(standings(played).at(-1)).toBe(end);
  });

  test("after the end of its period is judged as ever", () => {
    const at = NOVEMBER + 3 * MINUTE;
    const kept = live([[START, "whole"]], NOVEMBER + 3 * HOUR);
    const played = live(
      [
        [START, "whole"],
        [at, "without"],
      ],
      NOVEMBER + 3 * HOUR,
    );
    expectSound(played);
    const [october, november] = ends(played);
    expect(october?.body).toEqual(ends(kept)[0]?.body);
    expect(november?.body).toMatchObject({ from: NOVEMBER, to: at, revision: 1 });
  });

  test("and returns goes on numbering, and what was missed is unseen or known from the journal's own time", () => {
    const [gone, back] = [NOVEMBER + 10 * HOUR, NOVEMBER + 20 * HOUR];
    const played = live(
      [
        [START, "whole"],
        [gone, "without"],
        [back, "whole"],
      ],
      NOVEMBER + 30 * HOUR,
    );
    expectSound(played);
    expect(standings(played).map(({ version }) => version)).toEqual(
      standings(played).map((_, i) => i + 1),
    );
    const last = standings(played).at(-1)!.body;
    expect(last).toMatchObject({ from: gone, final: false });
    expect(last.sums.blindMs).toBe(back - gone);
  });
});

test("any course of configurations, with restarts anywhere, gives every id once and accounts no time twice", () => {
  const names = fc.constantFrom<Name>("whole", "without", "unbound", "alone");
  const course = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 * 60 }), names), {
    minLength: 2,
    maxLength: 5,
  });
  fc.assert(
    fc.property(course, (steps) => {
      const configs: [number, Name][] = [[START, "whole"]];
      let at = START;
      for (const [minutes, name] of steps) {
        at += minutes * MINUTE;
        configs.push([at, name]);
      }
      const played = live(configs, at + 4 * HOUR);
      expectSound(played);
      expect(live(configs, at + 4 * HOUR, true).messages).toEqual(played.messages);
    }),
    { numRuns: 4, seed: 6 },
  );
});
