/** The desk: what an act becomes, what its sender hears, and that it is done once. */
import { describe, expect, test } from "vitest";
import type { Filed } from "../../../agent/acts/port.ts";
import { Fault } from "../../../agent/core/fault.ts";
import type { Submitted } from "../../../agent/submission.ts";
import { annotation, CLI, incident, NOW, shop } from "./shop.ts";

const by = "Jo";
const ago = (minutes: number): string => new Date(NOW - minutes * 60_000).toISOString();
const ahead = (minutes: number): string => ago(-minutes);

describe("what an act becomes", () => {
  const cases: [name: string, document: object, input: object][] = [
    [
      "acknowledge goes to the newest open incident of the machine",
      { act: "acknowledge", asset: "press-01", by },
      {
        kind: "act",
        act: "acknowledge",
        incident: "i-4",
        mode: null,
        via: "cli",
        why: "",
      },
    ],
    [
      "respond is on site unless said otherwise",
      { act: "respond", incident: "press-01/i-4", by },
      { kind: "act", act: "respond", asset: "press-01", mode: "on-site" },
    ],
    [
      "an incident is opened by hand",
      { act: "open", asset: "press-02", by, why: "smoke" },
      { kind: "act", act: "open", asset: "press-02", incident: null, why: "smoke" },
    ],
    [
      "with a severity, which only an opening has",
      { act: "open", asset: "press-02", by, why: "smoke", severity: "s2" },
      { kind: "act", act: "open", severity: "s2" },
    ],
    [
      "an incident's time is attributed, up to now while it lasts",
      {
        act: "attribute",
        incident: "press-01/i-4",
        attribution: "customer",
        party: "customer",
        by,
        why: "no air",
      },
      {
        kind: "reason",
        asset: "press-01",
        from: NOW - 600_000,
        to: NOW,
        attribution: "customer",
        reason: null,
        party: "customer",
      },
    ],
    [
      "said of a machine and no time, it is its newest open incident's",
      { act: "reason", asset: "press-01", reason: "jam", by, why: "seen" },
      { kind: "reason", asset: "press-01", from: NOW - 600_000, to: NOW, reason: "jam" },
    ],
    [
      "an ideal cycle is corrected, in whole microseconds",
      {
        act: "ideal",
        asset: "press-01",
        recipe: "a7",
        idealCycle: "1.2s",
        from: ago(60),
        by,
        why: "new tool",
      },
      {
        kind: "reason",
        ideal: { recipe: "a7", idealCycleUs: 1_200_000 },
        to: NOW,
        attribution: null,
      },
    ],
    [
      "a calendar is corrected",
      {
        act: "schedule",
        asset: "press-01",
        schedule: "unscheduled",
        from: ago(60),
        to: ago(30),
        by,
        why: "strike",
      },
      { kind: "reason", schedule: "unscheduled", from: NOW - 3_600_000, to: NOW - 1_800_000 },
    ],
    [
      "the other party disputes",
      { act: "dispute", annotation: "note-1", party: "customer", by, why: "it was your valve" },
      { kind: "decision", decision: "disputed", asset: "press-01", party: "customer" },
    ],
    [
      "late scrap by the window's id",
      { act: "scrap", window: `gw-1/press-01/hour/${ago(60)}/1`, reject: 3, by, why: "cracks" },
      { kind: "counts", asset: "press-01", window: "hour", from: NOW - 3_600_000, reject: 3 },
    ],
    [
      "a plan ahead",
      {
        act: "plan",
        asset: "press-01",
        from: ahead(1),
        to: ahead(60),
        schedule: "planned-stop",
        by,
        why: "oil",
      },
      { kind: "plan", schedule: "planned-stop", from: NOW + 60_000 },
    ],
    [
      "a signal is shelved",
      { act: "signal-shelve", signal: "oil-drift", until: ahead(480), by, why: "known" },
      {
        kind: "signal-act",
        act: "shelve",
        signal: "oil-drift",
        asset: "press-01",
        until: NOW + 28_800_000,
      },
    ],
    [
      "a maintenance",
      { act: "maintenance", asset: "press-01", points: ["oilTemp"], by, why: "new pump" },
      { kind: "signal-act", act: "maintenance", signal: null, points: ["oilTemp"] },
    ],
  ];
  test.each(cases)("%s", async (_, document, input) => {
    const { desk, submitted } = shop();
    expect(await desk.take(document, CLI)).toMatchObject({ id: "new-1", answer: "accepted" });
    expect(submitted).toEqual([expect.objectContaining({ id: "new-1", at: NOW, by, ...input })]);
  });

  test.each(["press-01/i-4", "i-4"])("the incident may be called %s", async (name) => {
    const { desk, submitted } = shop();
    await desk.take({ act: "close", incident: name, by }, CLI);
    expect(submitted).toEqual([expect.objectContaining({ asset: "press-01", incident: "i-4" })]);
  });

  test("the sender's own time is kept beside the agent's, and does not become it", async () => {
    const { desk, submitted } = shop();
    await desk.take({ act: "respond", asset: "press-01", by, at: ago(20) }, CLI);
    expect(submitted[0]).toMatchObject({ at: NOW, stated: NOW - 1_200_000 });
  });
});

describe("an act is done once", () => {
  const document = { id: "a-1", act: "acknowledge", asset: "press-01", by };

  test("the same id again changes nothing", async () => {
    const { desk, submitted } = shop();
    expect(await desk.take(document, CLI)).toMatchObject({ answer: "accepted" });
    expect(await desk.take(document, CLI)).toMatchObject({ answer: "already-done" });
    expect(submitted).toHaveLength(1);
  });

  test("twice at once is once", async () => {
    const { desk, submitted } = shop();
    const answers = await Promise.all([desk.take(document, CLI), desk.take(document, CLI)]);
    expect(answers.map(({ answer }) => answer)).toEqual(["accepted", "already-done"]);
    expect(submitted).toHaveLength(1);
  });

  test("an id of an earlier run is known", async () => {
    const first = shop();
    await first.desk.take(document, CLI);
    const { desk, submitted } = shop(first.submitted);
    expect(await desk.take(document, CLI)).toMatchObject({ answer: "already-done" });
    expect(submitted).toEqual([]);
  });

  test("an id that stands for another act is refused", async () => {
    const { desk, submitted } = shop();
    await desk.take(document, CLI);
    const answer = await desk.take({ ...document, act: "restore" }, CLI);
    expect(answer).toMatchObject({ answer: "refused", what: "the id a-1 is taken" });
    expect(submitted).toHaveLength(1);
  });

  test("a refused act may come again with its id", async () => {
    const made = shop();
    made.incidents = [];
    expect(await made.desk.take(document, CLI)).toMatchObject({ answer: "refused" });
    made.incidents = [incident()];
    expect(await made.desk.take(document, CLI)).toMatchObject({ answer: "accepted" });
  });

  test("a slow disk: pending after five seconds, then already done", async () => {
    const made = shop();
    let keep: (result: Submitted) => void = () => {};
    made.submit = () =>
      new Promise((resolve) => {
        keep = resolve;
      });
    const answer = made.desk.take(document, CLI);
    await made.clock.advance(5_000);
    expect(await answer).toMatchObject({ id: "a-1", answer: "pending" });
    keep({ accepted: true });
    await made.clock.settle();
    expect(await made.desk.take(document, CLI)).toMatchObject({ answer: "already-done" });
    expect(made.submitted).toHaveLength(1);
  });

  test("a disk that refuses: pending, and never twice in the core", async () => {
    const journal: Filed[] = [];
    const made = shop(journal);
    made.submit = () => Promise.reject(new Fault("STORE_IO", "taken, not kept"));
    expect(await made.desk.take(document, CLI)).toMatchObject({ answer: "pending" });
    expect(await made.desk.take(document, CLI)).toMatchObject({ answer: "pending" });
    const other = { ...document, act: "close" };
    expect(await made.desk.take(other, CLI)).toMatchObject({ answer: "refused" });
    journal.push(...made.submitted);
    expect(await made.desk.take(document, CLI)).toMatchObject({ answer: "already-done" });
    expect(made.submitted).toHaveLength(1);
  });

  test("a defect of the agent is none of the sender's", async () => {
    const made = shop();
    made.submit = () => Promise.reject(new Error("defect"));
    await expect(made.desk.take(document, CLI)).rejects.toThrow("defect");
  });

  test("more than 32 under way are turned away", async () => {
    const made = shop();
    made.submit = () => new Promise(() => {});
    for (let n = 0; n < 32; n++) void made.desk.take({ ...document, id: `b-${n}` }, CLI);
    const answer = await made.desk.take(document, CLI);
    expect(answer).toMatchObject({ answer: "refused", what: "too many acts at once" });
  });
});

test("the answer says what became of it", async () => {
  const made = shop();
  made.submit = async (input: Filed) => {
    made.annotations.push(annotation({ id: input.id }));
    made.incidents = [incident({ state: "acknowledged" })];
    return { accepted: true };
  };
  const acknowledged = await made.desk.take({ act: "acknowledge", asset: "press-01", by }, CLI);
  expect(acknowledged).toMatchObject({
    incident: "i-4",
    message: "incident press-01/i-4 is acknowledged",
  });
  const said = {
    act: "reason",
    incident: "press-01/i-4",
    reason: "air",
    party: "customer",
    by,
    why: "x",
  };
  expect(await made.desk.take(said, CLI)).toMatchObject({
    message: expect.stringContaining("proposed: the time stays as it was"),
  });
});
