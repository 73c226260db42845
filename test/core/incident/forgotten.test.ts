/** What an incident still needs of a calendar that forgets: cases in which it once was forgotten too early. */
import { describe, expect, test } from "vitest";
import type { IncidentBody } from "../../../agent/core/incident/body.ts";
import { coverageOf } from "../../../agent/core/incident/coverage.ts";
import type { IncidentModel } from "../../../agent/core/incident/model.ts";
import { HOUR, MIN, model, type Scene, SEC, scene, severity, T0 } from "./scene.ts";

/** Short spans, so that hardly anything outlives its need. */
const SPANS = Array.from({ length: 600 }, (_, i) => T0 - HOUR + i * MIN).flatMap((from) => [
  { from, to: from + 30 * SEC, schedule: "scheduled" as const },
  { from: from + 30 * SEC, to: from + MIN, schedule: "planned-stop" as const },
]);

const COVERED = [severity("s1", { coverage: "service" })];

/** Plays it with a calendar that forgets at `forget`, all that may go, and with one that does not. */
function both(
  over: Partial<IncidentModel>,
  story: (play: Scene, forget: (to: number) => void) => void,
): [IncidentBody[], IncidentBody[]] {
  const told = [true, false].map((forgets) => {
    const calendar = { spans: SPANS };
    const incidents = model({ severities: COVERED, ...over });
    const play = scene(incidents, coverageOf({ service: calendar }));
    story(play, (to) => {
      const needed = play.settle(to);
      if (forgets) calendar.spans = calendar.spans.filter((span) => span.to > needed);
    });
    return play.told.map(({ body }) => body);
  });
  return [told[0] ?? [], told[1] ?? []];
}

describe("a calendar does not forget", () => {
  test("the time before a deadline that did not run yet", () => {
    const half = { limits: ["acknowledge" as const], at: { percent: 50 }, text: "50%", to: null };
    const severities = [severity("s1", { coverage: "service", escalation: [half] })];
    const [forgot, knew] = both({ severities }, (play, forget) => {
      play.act(T0, "open", { id: "a" });
      forget(T0 + 2 * HOUR);
      play.run(T0 + 3 * HOUR);
    });
    expect(forgot).toEqual(knew);
    expect(forgot.map(({ status }) => status)).toEqual(["opened", "escalated"]);
    // Half of every minute is covered.
    expect(forgot[1]?.clocks.acknowledge).toMatchObject({
      elapsedMs: 29 * MIN + 30 * SEC,
      coveredMs: 15 * MIN,
    });
  });

  test("the first sample of a machine that must stay back for long", () => {
    const [forgot, knew] = both({ restoredAfterMs: HOUR }, (play, forget) => {
      play
        .see(T0 - MIN, "producing")
        .see(T0, "fault")
        .run(T0 + 5 * MIN);
      play.see(T0 + 10 * MIN, "producing");
      forget(T0 + 60 * MIN);
      play.run(T0 + 80 * MIN);
    });
    expect(forgot).toEqual(knew);
    const restored = forgot.find(({ status }) => status === "restored");
    expect(restored?.clocks.restore).toMatchObject({ elapsedMs: 10 * MIN, coveredMs: 5 * MIN });
  });

  test("a stop that may still be the first of many micro-stops", () => {
    const often = { on: "micro-stops" as const, count: 2, withinMs: HOUR };
    const rules = [{ id: "often", severity: "s1", ...often }];
    const [forgot, knew] = both({ rules }, (play, forget) => {
      play.see(T0 - MIN, "producing").see(T0, "idle");
      forget(T0 + 4 * MIN);
      play.see(T0 + 4 * MIN + 30 * SEC, "producing");
      play.see(T0 + 6 * MIN, "idle").see(T0 + 7 * MIN, "producing");
    });
    expect(forgot).toEqual(knew);
    expect(forgot[0]?.clocks.restore).toMatchObject({ elapsedMs: 7 * MIN, coveredMs: 210 * SEC });
  });
});

test("a micro-stop that is too old to count holds no calendar back", () => {
  const often = { on: "micro-stops" as const, count: 2, withinMs: HOUR };
  const play = scene(model({ rules: [{ id: "often", severity: "s1", ...often }] }));
  play
    .see(T0 - MIN, "producing")
    .see(T0, "idle")
    .see(T0 + MIN, "producing");
  expect(play.settle(T0 + 61 * MIN - 1)).toBe(T0);
  expect(play.settle(T0 + 61 * MIN)).toBe(T0 + 61 * MIN);
});

test("what nobody saw for long goes on holding back a verification, whether a calendar forgets or not", () => {
  const rules = [{ id: "fault", severity: "s1", on: "fault" as const, forMs: MIN, reasons: null }];
  const verify = { pieces: 4, stableMs: null };
  const [forgot, knew] = both({ rules, verify }, (play, forget) => {
    play
      .see(T0 - MIN, "producing")
      .see(T0, "fault")
      .run(T0 + MIN);
    play.see(T0 + 2 * MIN, "unknown");
    play.act(T0 + 2 * MIN, "restore", { id: "a" });
    forget(T0 + 10 * MIN);
    play.pieces(T0 + 10 * MIN, 4);
    play.see(T0 + 11 * MIN, "producing");
  });
  expect(forgot).toEqual(knew);
  expect(forgot.map(({ status }) => status)).toEqual(["opened", "restored", "verified", "closed"]);
  expect(forgot[2]?.verifiedAt).toBe(T0 + 11 * MIN);
});
