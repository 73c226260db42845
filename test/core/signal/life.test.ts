/** The life of a signal: versions, news, flapping, shelving, veto, and what people do. */
import { describe, expect, test } from "vitest";
import { actOn, type SignalAct, signalRefusal } from "../../../agent/core/signal/act.ts";
import { newBank } from "../../../agent/core/signal/bank.ts";
import { bareEvidence, type SignalChange } from "../../../agent/core/signal/change.ts";
import {
  expire,
  type Finding,
  raise,
  relent,
  type Signals,
  thinned,
  veto,
} from "../../../agent/core/signal/life.ts";
import { HOUR, modelOf } from "./rig.ts";

const finding = (over: Partial<Finding> = {}, effect = 1): Finding => ({
  id: "vibration-drift",
  kind: "drift",
  detector: "drift",
  channel: "vibration",
  severity: "advisory",
  onset: null,
  baseline: null,
  evidence: { ...bareEvidence("up", "s"), effect },
  ...over,
});

const brief = (change: SignalChange | null): string | null =>
  change && `${change.status} ${change.version} of ${change.episode}`;

describe("news", () => {
  test("told again on another severity, on a quarter more effect, after a day; not otherwise", () => {
    const signals: Signals = {};
    expect(brief(raise(signals, finding(), 0))).toBe("raised 1 of 1");
    expect(raise(signals, finding({}, 1.2), HOUR)).toBeNull();
    expect(brief(raise(signals, finding({}, 1.25), 2 * HOUR))).toBe("updated 2 of 1");
    expect(brief(raise(signals, finding({ severity: "warning" }), 3 * HOUR))).toBe(
      "updated 3 of 1",
    );
    expect(raise(signals, finding({ severity: "warning" }), 26 * HOUR)).toBeNull();
    expect(brief(raise(signals, finding({ severity: "warning" }), 27 * HOUR))).toBe(
      "updated 4 of 1",
    );
    expect(brief(relent(signals, "vibration-drift", 28 * HOUR))).toBe("cleared 5 of 1");
    expect(relent(signals, "vibration-drift", 29 * HOUR)).toBeNull();
    expect(brief(raise(signals, finding(), 90 * HOUR))).toBe("raised 6 of 2");
  });

  test("what is told again is told against the baseline of its own evidence", () => {
    const baseline = (id: string) => ({ id, mean: 1, sd: 1, n: 150, learned: 0, shift: 0 });
    const against = (id: string): Finding =>
      finding({ baseline: baseline(id) as Finding["baseline"] });
    const signals: Signals = {};
    raise(signals, against("cycle-time/producing/a7/1"), 0);
    const later = raise(signals, against("cycle-time/producing/b2/2"), 25 * HOUR);
    expect(later?.baseline?.id).toBe("cycle-time/producing/b2/2");
  });

  test("more than three raisings in a day are one intermittent signal, over after a quiet day", () => {
    const signals: Signals = {};
    const statuses: string[] = [];
    const say = (change: SignalChange | null): void => {
      if (change) statuses.push(change.intermittent ? `${change.status} again` : change.status);
    };
    for (let i = 0; i < 6; i += 1) {
      say(raise(signals, finding(), i * HOUR));
      say(relent(signals, "vibration-drift", i * HOUR + HOUR / 2));
    }
    const calm = ["raised", "cleared"];
    expect(statuses).toEqual([...calm, ...calm, ...calm, "raised again"]);
    expect(expire(signals, 29 * HOUR)).toEqual([]);
    expect(expire(signals, 29.5 * HOUR).map(brief)).toEqual(["cleared 8 of 4"]);
  });
});

describe("people", () => {
  const model = modelOf();
  const act = (over: Partial<SignalAct>): SignalAct => ({
    at: HOUR,
    signal: "vibration-drift",
    act: "acknowledge",
    until: null,
    points: null,
    by: "jo",
    why: "seen",
    ...over,
  });
  const raised = () => {
    const bank = newBank(model);
    raise(bank.signals, finding(), 0);
    return bank;
  };

  test("acknowledge once; an unknown signal, a cleared one: nothing", () => {
    const bank = raised();
    const [change] = actOn(model, bank, act({}));
    expect(change).toMatchObject({ status: "acknowledged", by: "jo", why: "seen", version: 2 });
    expect(change?.acknowledged).toEqual({ at: HOUR, by: "jo", why: "seen" });
    expect(actOn(model, bank, act({}))).toEqual([]);
    expect(actOn(model, bank, act({ signal: "none" }))).toEqual([]);
    relent(bank.signals, "vibration-drift", 2 * HOUR);
    expect(actOn(model, bank, act({ act: "shelve", until: 9 * HOUR }))).toEqual([]);
  });

  test("what concerns nothing is refused, and says why", () => {
    const { signals } = raised();
    const refusal = (over: Partial<SignalAct>) => signalRefusal(signals, act(over));
    expect(refusal({})).toBeNull();
    expect(refusal({ act: "maintenance", signal: null })).toBeNull();
    expect(refusal({ signal: "none" })).toBe('no signal "none" is raised');
    expect(refusal({ act: "shelve", until: HOUR })).toContain("an instant that is to come");
    relent(signals, "vibration-drift", 2 * HOUR);
    expect(refusal({})).toBe('no signal "vibration-drift" is raised');
  });

  test("shelved is quiet until it expires, or until somebody takes it back", () => {
    const bank = raised();
    expect(actOn(model, bank, act({ act: "shelve", until: HOUR }))).toEqual([]);
    expect(actOn(model, bank, act({ act: "shelve", until: 9 * HOUR })).map(brief)).toEqual([
      "shelved 2 of 1",
    ]);
    expect(raise(bank.signals, finding({ severity: "alarm" }), 2 * HOUR)).toBeNull();
    expect(expire(bank.signals, 8 * HOUR)).toEqual([]);
    const [back] = expire(bank.signals, 9 * HOUR);
    expect(back).toMatchObject({ status: "unshelved", severity: "alarm", version: 3 });
    actOn(model, bank, act({ act: "shelve", until: 20 * HOUR, at: 10 * HOUR }));
    expect(actOn(model, bank, act({ act: "unshelve", at: 11 * HOUR })).map(brief)).toEqual([
      "unshelved 5 of 1",
    ]);
  });

  test("a shelved one that goes is cleared at once: its incident waits for that", () => {
    const bank = raised();
    actOn(model, bank, act({ act: "shelve", until: 9 * HOUR }));
    expect(brief(relent(bank.signals, "vibration-drift", 2 * HOUR))).toBe("cleared 3 of 1");
    expect(expire(bank.signals, 9 * HOUR)).toEqual([]);
  });

  test("maintenance clears shelved ones too, of its points only, and no sensor's", () => {
    const bank = raised();
    raise(bank.signals, finding({ id: "a", channel: "motorCurrent" }), 0);
    raise(bank.signals, finding({ id: "b", kind: "data-quality" }), 0);
    actOn(model, bank, act({ act: "shelve", until: 9 * HOUR }));
    const maintenance = act({
      act: "maintenance",
      signal: null,
      points: ["vibration"],
      at: 2 * HOUR,
    });
    const changes = actOn(model, bank, maintenance);
    expect(changes.map(({ id, status, why }) => [id, status, why])).toEqual([
      ["vibration-drift", "cleared", "seen"],
    ]);
    expect(bank.signals["a"]?.stage).toBe("raised");
    expect(bank.signals["b"]?.stage).toBe("raised");
  });
});

describe("veto", () => {
  test("a sensor's fault suppresses what else is open on its channel, once", () => {
    const signals: Signals = {};
    raise(signals, finding(), 0);
    raise(signals, finding({ id: "c", channel: "motorCurrent" }), 0);
    expect(veto(signals, "vibration", true, HOUR).map(brief)).toEqual(["suppressed 2 of 1"]);
    expect(veto(signals, "vibration", true, HOUR)).toEqual([]);
    expect(veto(signals, "vibration", false, HOUR).map(brief)).toEqual(["resumed 3 of 1"]);
  });
});

test("a trace is thinned out from its older end and keeps its newest", () => {
  const trace = Array.from({ length: 500 }, (_, i): [number, number] => [i, i]);
  const thin = thinned(trace);
  expect(thin.length).toBeLessThanOrEqual(100);
  expect(thin[0]).toEqual([0, 0]);
  expect(thin.at(-1)).toEqual([499, 499]);
});
