/** What somebody does about an incident, what is refused and why, and who answers for it. */
import { describe, expect, test } from "vitest";
import { attribute, reattributed } from "../../../agent/core/incident/attribute.ts";
import { ALWAYS, actInput, faulted, HOUR, MIN, model, scene, severity, T0 } from "./scene.ts";

const OPENED = T0 + 5 * MIN;
const BACK = T0 + HOUR;

describe("by acts", () => {
  test("the whole way, with who took each step", () => {
    const play = faulted();
    const steps = [
      "acknowledge",
      "dispatch",
      "respond",
      "hold",
      "release",
      "restore",
      "verify",
    ] as const;
    for (const [i, act] of steps.entries()) {
      if (act === "restore") play.see(OPENED + i * MIN, "off");
      expect(play.act(OPENED + i * MIN, act, { by: `p${i}` })).toBeNull();
    }
    expect(play.statuses().slice(1)).toEqual([
      "acknowledged",
      "dispatched",
      "responded",
      "held",
      "released",
      "restored",
      "verified",
      "closed",
    ]);
    expect(play.told.map(({ body }) => body.version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(play.told.map(({ body }) => body.by)).toEqual([
      null,
      "p0",
      "p1",
      "p2",
      "p3",
      "p4",
      "p5",
      "p6",
      null,
    ]);
    const { clocks, holds } = play.last();
    expect(holds).toEqual([
      { from: OPENED + 3 * MIN, to: OPENED + 4 * MIN, reason: "no access", by: "p3", party: null },
    ]);
    expect(clocks.respond.calendarMs).toBe(2 * MIN);
    expect(clocks.restore).toMatchObject({ elapsedMs: 10 * MIN, calendarMs: 9 * MIN });
  });

  test("a response acknowledges, a second one is another visit and moves no clock", () => {
    const play = faulted();
    play.act(OPENED + MIN, "respond", { mode: "remote" });
    expect(play.last()).toMatchObject({ acknowledgedAt: OPENED + MIN, responseMode: "remote" });
    play.act(OPENED + 9 * MIN, "respond");
    play.act(OPENED + 20 * MIN, "dispatch");
    play.act(OPENED + 30 * MIN, "respond");
    expect(play.last()).toMatchObject({
      respondedAt: OPENED + MIN,
      visits: { remote: 1, onSite: 2 },
    });
  });

  test("who comes again because the fault came back is there for another visit", () => {
    const play = faulted();
    play.act(OPENED + MIN, "respond");
    expect(play.act(OPENED + 2 * MIN, "respond")).toBe("i-1 has been responded to");
    play.see(BACK, "producing").run(BACK + 2 * MIN);
    play.see(BACK + 3 * MIN, "fault").run(BACK + 4 * MIN);
    expect(play.last()).toMatchObject({ status: "relapsed", visits: { remote: 0, onSite: 1 } });
    expect(play.act(BACK + 5 * MIN, "respond")).toBeNull();
    expect(play.last()).toMatchObject({
      respondedAt: OPENED + MIN,
      visits: { remote: 0, onSite: 2 },
    });
    expect(play.act(BACK + 6 * MIN, "respond")).toBe("i-1 has been responded to");
  });

  test("a hold ends with the restoration", () => {
    const play = faulted();
    play.act(OPENED, "hold");
    play.see(BACK, "producing").run(BACK + MIN);
    expect(play.last().holds).toMatchObject([{ from: OPENED, to: BACK }]);
    expect(play.act(BACK + MIN, "release")).toBe("i-1 is not held");
  });

  test("somebody calls, with a severity of his own", () => {
    const play = scene().see(T0, "producing");
    expect(play.act(T0, "open", { severity: "s2", why: "smell of oil", via: "page" })).toBeNull();
    expect(play.last()).toMatchObject({
      severity: "s2",
      trigger: "called",
      rule: "called",
      mode: "called",
      reason: "smell of oil",
      via: "page",
    });
    play.run(T0 + HOUR);
    expect(play.statuses()).toEqual(["opened"]);
    expect(play.act(T0 + HOUR, "restore")).toBeNull();
    play.run(T0 + HOUR + 10 * MIN);
    expect(play.last()).toMatchObject({ status: "closed", restoredAt: T0 + HOUR });
  });

  test("without a name the newest incident that the step fits is meant", () => {
    const rules = [
      ...model().rules,
      { id: "signal", severity: "s3", on: "signal", atLeast: "warning" } as const,
    ];
    const play = faulted(model({ rules })).signal(OPENED, "drift-1", "alarm");
    play.act(OPENED, "acknowledge");
    expect(play.last().id).toBe("i-2");
    play.act(OPENED, "acknowledge");
    expect(play.last().id).toBe("i-1");
    expect(play.act(OPENED, "acknowledge")).toBe("i-2 is acknowledged");
  });
});

describe("refusals change nothing", () => {
  const held = severity("s1", { holdReasons: ["no access", "no material"] });
  const base = () => faulted(model({ severities: [held] }));
  const restored = () =>
    base()
      .see(BACK, "idle")
      .run(BACK + MIN);
  const closed = () =>
    base()
      .see(BACK, "producing")
      .run(BACK + HOUR);
  const acknowledged = () => {
    const play = base();
    play.act(OPENED, "respond");
    return play;
  };
  const AT = T0 + 3 * HOUR;

  test.each<
    [
      string,
      () => ReturnType<typeof base>,
      Parameters<ReturnType<typeof base>["act"]>[1],
      object,
      string,
    ]
  >([
    [
      "another machine's act",
      base,
      "acknowledge",
      { asset: "press-02" },
      "the act is about press-02, not about press-01",
    ],
    [
      "another machine's incident",
      base,
      "close",
      { incident: "press-02/i-1" },
      "press-02/i-1 is an incident of press-02, not of press-01",
    ],
    ["an unknown incident", base, "acknowledge", { incident: "i-9" }, "there is no incident i-9"],
    ["no incident at all", base, "acknowledge", { incident: "x" }, "there is no incident x"],
    ["a closed one", closed, "acknowledge", { incident: "i-1" }, "i-1 is closed"],
    ["none open", closed, "acknowledge", {}, "press-01 has no open incident"],
    ["the future", base, "acknowledge", { at: AT + 1 }, "the act is dated in the future"],
    ["acknowledged twice", acknowledged, "acknowledge", {}, "i-1 is acknowledged"],
    ["responded twice", acknowledged, "respond", {}, "i-1 has been responded to"],
    [
      "a response from nowhere",
      base,
      "respond",
      { mode: null },
      "i-1 needs to know whether the response is remote or on site",
    ],
    [
      "restored while the fault is on",
      base,
      "restore",
      {},
      "i-1 is not restored: what opened it goes on",
    ],
    ["verified before restored", base, "verify", {}, "i-1 is not restored"],
    ["closed before restored", base, "close", {}, "i-1 is not restored"],
    ["restored twice", restored, "restore", {}, "i-1 is restored"],
    ["sent after it was restored", restored, "dispatch", {}, "i-1 is restored"],
    ["held after it was restored", restored, "hold", {}, "i-1 is restored"],
    ["held without a reason", base, "hold", { why: "" }, "i-1 needs a reason for the hold"],
    [
      "held for another reason",
      base,
      "hold",
      { why: "lunch" },
      "i-1 can be held for no access, no material, not for lunch",
    ],
    ["released without a hold", base, "release", {}, "i-1 is not held"],
    ["opened twice", base, "open", {}, "i-1 is open already"],
    ["a severity that is not there", closed, "open", { severity: "s7" }, "there is no severity s7"],
  ])("%s", (_, make, act, over, reason) => {
    const play = make().run(AT);
    const before = structuredClone(play.state);
    const told = play.told.length;
    expect(play.act(AT, act, over)).toBe(reason);
    expect(play.state).toEqual(before);
    expect(play.told.length).toBe(told);
  });

  test("the same act again is no refusal and changes nothing, even when it would not fit any more", () => {
    const play = base();
    const once = actInput(OPENED, "acknowledge");
    expect(play.act(OPENED, "acknowledge", once)).toBeNull();
    const before = structuredClone(play.state);
    expect(play.act(OPENED, "acknowledge", once)).toBeNull();
    expect(play.state).toEqual(before);
    expect(play.statuses()).toEqual(["opened", "acknowledged"]);
  });

  test("twenty holds are enough", () => {
    const play = base();
    for (let i = 0; i < 20; i++) {
      expect(play.act(OPENED + i, "hold")).toBeNull();
      expect(play.act(OPENED + i, "release")).toBeNull();
    }
    expect(play.act(OPENED + 20, "hold")).toBe("i-1 was held 20 times");
  });
});

describe("who answers for it", () => {
  const who = { by: "c", party: "customer", via: "cli", why: "our operator" } as const;

  test("an open incident is told again, once", () => {
    const { state } = faulted();
    const span = { from: T0 - HOUR, to: T0 + HOUR, attribution: "customer" } as const;
    const [change, ...more] = attribute(state, span, who, OPENED, ALWAYS);
    expect(more).toEqual([]);
    expect(change?.body).toMatchObject({
      status: "attributed",
      version: 2,
      attribution: "customer",
      by: "c",
    });
    expect(attribute(state, span, who, OPENED, ALWAYS)).toEqual([]);
    expect(attribute(state, { ...span, to: T0, attribution: "none" }, who, OPENED, ALWAYS)).toEqual(
      [],
    );
  });

  test("a closed one gets another version, and its outcome follows", () => {
    const play = faulted()
      .see(BACK, "producing")
      .run(BACK + HOUR);
    const span = { from: T0, to: T0 + 1, attribution: "customer" } as const;
    expect(attribute(play.state, span, who, BACK + HOUR, ALWAYS)).toEqual([]);
    expect(play.state.closed).toMatchObject([{ attribution: "customer" }]);
    const { at, body } = reattributed(play.last(), "customer", who, BACK + HOUR);
    expect(at).toBe(BACK + HOUR);
    expect(body).toMatchObject({ version: 5, status: "attributed", closedAt: BACK + 10 * MIN });
  });
});
