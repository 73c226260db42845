/** What opens an incident: each rule, what does not count, and what was not seen. */
import { describe, expect, test } from "vitest";
import type { IncidentModel, IncidentRuleModel } from "../../../agent/core/incident/model.ts";
import { faulted, HOUR, MIN, model, SEC, scene, T0 } from "./scene.ts";

const fault = (forMs: number, reasons: string[] | null = null, id = "fault") =>
  ({ id, severity: "s1", on: "fault", forMs, reasons }) as const;
const lost: IncidentRuleModel = { id: "lost", severity: "s3", on: "lost-contact", forMs: 30 * MIN };
const often: IncidentRuleModel = {
  id: "often",
  severity: "s2",
  on: "micro-stops",
  count: 3,
  withinMs: HOUR,
};
const only = (...rules: IncidentRuleModel[]): IncidentModel => model({ rules });

describe("a fault longer than a threshold", () => {
  test("opens at the threshold, dated at its own instant, however late it is asked", () => {
    const play = scene(only(fault(5 * MIN))).see(T0, "fault", { reason: "17" });
    expect(play.due()).toBe(T0 + 5 * MIN);
    play.run(T0 + 5 * MIN - 1);
    expect(play.told).toEqual([]);
    play.run(T0 + HOUR);
    expect(play.told.map(({ at }) => at)).toEqual([T0 + 5 * MIN]);
    expect(play.last()).toMatchObject({
      faultAt: T0,
      detectedAt: T0,
      severity: "s1",
      reason: "17",
    });
  });

  test("a shorter one does not", () => {
    const play = scene(only(fault(5 * MIN)))
      .see(T0, "fault")
      .see(T0 + 4 * MIN, "producing")
      .see(T0 + 5 * MIN, "fault")
      .run(T0 + 9 * MIN);
    expect(play.told).toEqual([]);
  });

  test("at once with no threshold, with the time it took to see it", () => {
    const play = scene(only(fault(0))).see(T0, "fault", {}, T0 + 3 * SEC);
    expect(play.last()).toMatchObject({
      faultAt: T0,
      detectedAt: T0 + 3 * SEC,
      openedAt: T0 + 3 * SEC,
    });
    expect(play.last().clocks.detect.calendarMs).toBe(3 * SEC);
  });

  test("of the rules the first whose reasons fit applies; a reason that comes late is taken", () => {
    const rules = [{ ...fault(0, ["17"], "door"), severity: "s2" }, fault(5 * MIN)];
    const play = scene(only(...rules)).see(T0, "fault", { reason: "17" });
    expect(play.last()).toMatchObject({ rule: "door", severity: "s2", mode: "fault:17" });
    play.run(T0 + HOUR);
    expect(play.told.length).toBe(1);
    const other = scene(only(...rules))
      .see(T0, "fault")
      .see(T0 + SEC, "fault", { reason: "4" });
    other.run(T0 + HOUR);
    expect(other.told.map(({ body }) => [body.rule, body.mode, body.faultAt])).toEqual([
      ["fault", "fault:4", T0],
    ]);
  });

  test("contact lost for a moment ends nothing; the incident opens when the fault is seen again", () => {
    const play = scene(only(fault(5 * MIN)))
      .see(T0, "fault")
      .see(T0 + 4 * MIN, "unknown")
      .run(T0 + 7 * MIN);
    expect(play.told).toEqual([]);
    play.see(T0 + 7 * MIN, "fault");
    expect(play.last()).toMatchObject({ openedAt: T0 + 7 * MIN, faultAt: T0 });
  });

  test("unseen for longer than the threshold it begins anew", () => {
    const play = scene(only(fault(5 * MIN)))
      .see(T0, "fault")
      .see(T0 + MIN, "unknown")
      .see(T0 + HOUR, "fault")
      .run(T0 + HOUR + 5 * MIN);
    expect(play.last()).toMatchObject({ openedAt: T0 + HOUR + 5 * MIN, faultAt: T0 + HOUR });
  });
});

describe("time that counts", () => {
  test("a fault at night counts from the begin of the shift", () => {
    const play = scene(only(fault(5 * MIN)))
      .see(T0, "fault", { schedule: "unscheduled" })
      .run(T0 + 2 * HOUR);
    expect(play.told).toEqual([]);
    play.schedule(T0 + 2 * HOUR, "scheduled").run(T0 + 3 * HOUR);
    expect(play.last()).toMatchObject({
      faultAt: T0 + 2 * HOUR,
      openedAt: T0 + 2 * HOUR + 5 * MIN,
    });
  });

  test("a fault that begins in a plan or a break counts after it", () => {
    const play = scene(only(fault(5 * MIN)))
      .see(T0, "fault")
      .schedule(T0 + MIN, "planned-stop")
      .schedule(T0 + HOUR, "scheduled")
      .run(T0 + 2 * HOUR);
    expect(play.last()).toMatchObject({ faultAt: T0 + HOUR });
  });

  test("always, where the configuration says so", () => {
    const play = scene(model({ during: "always" })).see(T0, "fault", { schedule: "unscheduled" });
    play.run(T0 + HOUR);
    expect(play.last()).toMatchObject({ faultAt: T0, openedAt: T0 + 5 * MIN });
  });

  test("no relapse at night: it comes with the shift", () => {
    const play = faulted()
      .see(T0 + HOUR, "idle")
      .run(T0 + HOUR + MIN);
    play.schedule(T0 + 2 * HOUR, "unscheduled");
    play.see(T0 + 3 * HOUR, "fault", { schedule: "unscheduled" }).run(T0 + 8 * HOUR);
    expect(play.last().status).toBe("restored");
    play.schedule(T0 + 8 * HOUR, "scheduled");
    expect(play.last().status).toBe("relapsed");
  });
});

describe("lost contact", () => {
  test("opens after the threshold from the last good sample, and is over with contact", () => {
    const play = scene(only(lost)).see(T0 - HOUR, "producing");
    play.see(T0, "unknown", {}, T0 + 3 * SEC).see(T0 + MIN, "unknown", { cause: "device-silent" });
    play.run(T0 + 30 * MIN);
    expect(play.last()).toMatchObject({
      trigger: "lost-contact",
      severity: "s3",
      faultAt: T0,
      detectedAt: T0 + 3 * SEC,
      openedAt: T0 + 30 * MIN,
    });
    play.see(T0 + HOUR, "off").run(T0 + 2 * HOUR);
    expect(play.statuses()).toEqual(["opened", "restored", "verified", "closed"]);
    expect(play.last()).toMatchObject({ restoredAt: T0 + HOUR, verifiedAt: T0 + HOUR + 10 * MIN });
  });

  test("a moment of contact restores nothing", () => {
    const play = scene(only(lost))
      .see(T0, "unknown")
      .run(T0 + 30 * MIN);
    play.see(T0 + HOUR, "idle").see(T0 + HOUR + 20 * SEC, "unknown");
    play.see(T0 + 3 * HOUR, "idle").run(T0 + 3 * HOUR + MIN);
    expect(play.last()).toMatchObject({ status: "restored", restoredAt: T0 + 3 * HOUR });
  });

  test.each(["agent-stopped", "power-lost", "clock-untrusted", "configuration"] as const)(
    "%s is not the machine's",
    (cause) => {
      expect(
        scene(only(lost))
          .see(T0, "unknown", { cause })
          .run(T0 + 9 * HOUR).told,
      ).toEqual([]);
    },
  );
});

describe("repeated micro-stops", () => {
  /** Producing, with a stop of that length every ten minutes. */
  const stops = (
    play: ReturnType<typeof scene>,
    from: number,
    n: number,
    length = MIN,
    as = "idle",
  ) => {
    play.see(from - MIN, "producing");
    for (let i = 0; i < n; i++) {
      play.see(from + i * 10 * MIN, as as "idle");
      play.see(from + i * 10 * MIN + length, "producing");
    }
    return play;
  };

  test("the third within the hour opens it, from the begin of the first", () => {
    const play = stops(scene(only(often)), T0, 3);
    expect(play.last()).toMatchObject({
      trigger: "micro-stops",
      mode: "micro-stops",
      faultAt: T0,
      openedAt: T0 + 21 * MIN,
    });
  });

  test("it is restored after an hour without, dated at the last one's end", () => {
    const play = stops(scene(only(often)), T0, 5);
    play.run(T0 + 41 * MIN + HOUR);
    expect(play.statuses().slice(0, 2)).toEqual(["opened", "restored"]);
    expect(play.told[1]?.body.restoredAt).toBe(T0 + 41 * MIN);
    expect(play.last().status).toBe("closed");
  });

  test.each([
    ["stops that are too long", 3, 6 * MIN, "idle"],
    ["too few", 2, MIN, "idle"],
    ["setups", 3, MIN, "setup"],
    ["gaps that were not seen", 3, MIN, "unknown"],
  ])("%s do not", (_, n, length, as) => {
    expect(stops(scene(only(often)), T0, n, length, as).run(T0 + 9 * HOUR).told).toEqual([]);
  });

  test("three in two hours do not", () => {
    const play = scene(only(often)).see(T0 - MIN, "producing");
    for (let i = 0; i < 6; i++)
      play.see(T0 + i * 40 * MIN, "idle").see(T0 + i * 40 * MIN + MIN, "producing");
    expect(play.told).toEqual([]);
  });
});

describe("a signal of at least a severity", () => {
  const rules: IncidentRuleModel[] = [
    { id: "alarm", severity: "s1", on: "signal", atLeast: "alarm" },
    { id: "warning", severity: "s3", on: "signal", atLeast: "warning" },
  ];
  const play = () => scene(only(...rules)).see(T0 - HOUR, "producing");

  test("opens, and is over when it is cleared or less severe", () => {
    const incidents = play().signal(T0, "drift-1", "advisory");
    expect(incidents.told).toEqual([]);
    incidents.signal(T0 + MIN, "drift-1", "warning");
    expect(incidents.last()).toMatchObject({
      rule: "warning",
      severity: "s3",
      mode: "signal:drift-1",
    });
    incidents.signal(T0 + 2 * MIN, "step-1", "alarm");
    expect(incidents.last()).toMatchObject({ id: "i-2", rule: "alarm", severity: "s1" });
    incidents.signal(T0 + HOUR, "drift-1", "advisory").signal(T0 + HOUR, "step-1", null);
    incidents.run(T0 + 2 * HOUR);
    expect(incidents.statuses().slice(2)).toEqual([
      "restored",
      "restored",
      "verified",
      "closed",
      "verified",
      "closed",
    ]);
    expect(incidents.state).toMatchObject({ open: [], watches: [], signals: [{ id: "drift-1" }] });
  });

  test("raised again before it was verified, it relapses", () => {
    const incidents = play()
      .signal(T0, "a", "alarm")
      .signal(T0 + HOUR, "a", null);
    incidents
      .run(T0 + HOUR + 2 * MIN)
      .signal(T0 + HOUR + 5 * MIN, "a", "alarm")
      .run(T0 + 9 * HOUR);
    expect(incidents.statuses()).toEqual(["opened", "restored", "relapsed"]);
  });
});

test("no rules, nothing", () => {
  const play = scene(only())
    .see(T0, "fault")
    .see(T0 + HOUR, "unknown")
    .run(T0 + 99 * HOUR);
  expect(play.told).toEqual([]);
  expect(play.due()).toBe(Number.MAX_SAFE_INTEGER);
});

test("open incidents are bounded: the oldest verified one is closed for the next", () => {
  const play = scene(model({ closing: "by-hand", restoredAfterMs: 0, rules: [fault(0)] }));
  let at = T0;
  for (let i = 0; i < 60; i++, at += HOUR)
    play
      .see(at, "fault", { reason: String(i) })
      .see(at + MIN, "producing")
      .run(at + 30 * MIN);
  expect(play.state.open.length).toBe(50);
  expect(play.state.open[0]?.id).toBe("i-11");
  expect(play.statuses().filter((status) => status === "closed").length).toBe(10);
});
