/** The life of an incident by itself: restored, verified, closed, or not. */
import { describe, expect, test } from "vitest";
import { faulted, HOUR, MIN, model, SEC, T0 } from "./scene.ts";

const OPENED = T0 + 5 * MIN;
const BACK = T0 + HOUR;

describe("by itself", () => {
  test("fault, restored at the first sample after it held, verified, closed", () => {
    const play = faulted()
      .see(BACK, "producing")
      .run(BACK + MIN - 1);
    expect(play.statuses()).toEqual(["opened"]);
    play.run(BACK + MIN);
    expect(play.last()).toMatchObject({ status: "restored", restoredAt: BACK, by: null });
    expect(play.told.at(-1)?.at).toBe(BACK + MIN);
    play.run(BACK + 10 * MIN);
    expect(play.statuses()).toEqual(["opened", "restored", "verified", "closed"]);
    expect(play.last()).toMatchObject({
      id: "i-1",
      version: 4,
      faultAt: T0,
      detectedAt: T0,
      openedAt: OPENED,
      restoredAt: BACK,
      verifiedAt: BACK + 10 * MIN,
      closedAt: BACK + 10 * MIN,
      acknowledgedAt: null,
      mode: "fault:17",
    });
    expect(play.last().clocks).toMatchObject({
      acknowledge: { state: "ended", met: false },
      respond: { state: "ended", calendarMs: 55 * MIN, met: null },
      restore: { state: "reached", calendarMs: HOUR, met: true },
      resolve: { state: "reached", calendarMs: 65 * MIN },
    });
    expect(play.state.open).toEqual([]);
  });

  test("a flicker of the fault before it was restored is no relapse", () => {
    const play = faulted()
      .see(BACK, "idle")
      .see(BACK + 20 * SEC, "fault", { reason: "17" })
      .see(BACK + 40 * SEC, "idle")
      .run(BACK + 100 * SEC);
    expect(play.statuses()).toEqual(["opened", "restored"]);
    expect(play.last()).toMatchObject({ restoredAt: BACK + 40 * SEC, relapses: 0 });
  });

  test("the fault comes back before verification: the same incident goes on, its clock as if it never stopped", () => {
    const play = faulted()
      .see(BACK, "producing")
      .run(BACK + 5 * MIN)
      .see(BACK + 5 * MIN, "fault", { reason: "18" });
    expect(play.last()).toMatchObject({
      id: "i-1",
      status: "relapsed",
      restoredAt: null,
      relapses: 1,
    });
    play.see(BACK + HOUR, "producing").run(BACK + 2 * HOUR);
    expect(play.statuses().slice(2)).toEqual(["relapsed", "restored", "verified", "closed"]);
    expect(play.last().clocks.restore).toMatchObject({ calendarMs: 2 * HOUR, met: true });
  });

  test("the fault comes back after verification: another incident, which names the first", () => {
    const play = faulted()
      .see(BACK, "producing")
      .run(BACK + HOUR)
      .see(BACK + HOUR, "fault", { reason: "17" })
      .run(BACK + 2 * HOUR);
    expect(play.last()).toMatchObject({ id: "i-2", version: 1, status: "opened", repeatOf: "i-1" });
  });

  test.each([
    ["another reason", "18", 29, null],
    ["the same within 30 d", "17", 29, "i-1"],
    ["the same after 31 d", "17", 31, null],
  ])("a later fault of %s", (_, reason, days, repeatOf) => {
    const later = BACK + days * 24 * HOUR;
    const play = faulted()
      .see(BACK, "producing")
      .see(later, "fault", { reason })
      .run(later + 5 * MIN);
    expect(play.last()).toMatchObject({ id: "i-2", status: "opened", repeatOf });
  });

  test.each(["maintenance", "off", "external-fault", "unknown"] as const)(
    "%s restores nothing",
    (condition) => {
      const play = faulted()
        .see(BACK, condition)
        .run(BACK + HOUR);
      expect(play.statuses()).toEqual(["opened"]);
    },
  );

  test("what was not seen is neither back nor proof, and takes nothing back", () => {
    const play = faulted()
      .see(BACK, "producing")
      .see(BACK + 30 * SEC, "unknown")
      .run(BACK + 2 * HOUR);
    expect(play.statuses()).toEqual(["opened"]);
    play.see(BACK + 2 * HOUR, "producing");
    expect(play.last()).toMatchObject({ status: "restored", restoredAt: BACK });
    play.run(BACK + 2 * HOUR + 9 * MIN + 29 * SEC);
    expect(play.statuses()).toEqual(["opened", "restored"]);
    play.run(BACK + 2 * HOUR + 9 * MIN + 30 * SEC);
    expect(play.last()).toMatchObject({ status: "closed" });
  });

  test("good pieces since the machine is back verify too", () => {
    const play = faulted(model({ verify: { pieces: 10, stableMs: null } }));
    play
      .pieces(OPENED, 50)
      .see(BACK, "producing")
      .pieces(BACK + 10 * SEC, 4)
      .run(BACK + MIN);
    play.pieces(BACK + 2 * MIN, 5);
    expect(play.last().status).toBe("restored");
    play.pieces(BACK + 3 * MIN, 1);
    expect(play.last()).toMatchObject({ status: "closed", verifiedAt: BACK + 3 * MIN });
  });

  test("closing by hand: verified stays open until somebody closes it", () => {
    const play = faulted(model({ closing: "by-hand" }))
      .see(BACK, "producing")
      .run(BACK + HOUR);
    expect(play.last().status).toBe("verified");
    expect(play.act(BACK + 2 * HOUR, "close", { by: "a", party: "customer" })).toBeNull();
    expect(play.last()).toMatchObject({ status: "closed", by: "a", party: "customer", via: "cli" });
  });
});
