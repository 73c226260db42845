/** A running agent for the desk: facts that a test sets, inputs that it keeps. */
import { type ActDesk, openActDesk } from "../../../agent/acts/desk.ts";
import type { Sender } from "../../../agent/acts/input.ts";
import type {
  ActFacts,
  AnnotationView,
  Filed,
  IncidentView,
  SignalView,
} from "../../../agent/acts/port.ts";
import type { Input } from "../../../agent/core/input.ts";
import { openLog } from "../../../agent/log.ts";
import type { Submitted } from "../../../agent/submission.ts";
import { type VirtualClock, virtualClock } from "../../support/clock.ts";

export const NOW = Date.parse("2026-11-23T14:00:00Z");
export const CLI: Sender = { via: "cli", as: null, allow: null };

export const incident = (more: Partial<IncidentView> = {}): IncidentView => ({
  id: "i-4",
  asset: "press-01",
  severity: "s1",
  mode: "fault:E12",
  state: "notified",
  from: NOW - 600_000,
  to: null,
  open: true,
  held: false,
  reason: "E12",
  fits: ["acknowledge", "dispatch", "respond", "restore", "hold"],
  limits: [{ limit: "respond", due: NOW + 3_600_000, state: "running" }],
  ...more,
});

export const signal = (more: Partial<SignalView> = {}): SignalView => ({
  id: "oil-drift",
  asset: "press-01",
  state: "raised",
  severity: "s2",
  since: NOW - 60_000,
  text: "oilTemp rises 0.4 degC/h",
  ...more,
});

export const annotation = (more: Partial<AnnotationView> = {}): AnnotationView => ({
  id: "note-1",
  asset: "press-01",
  party: "supplier",
  state: "proposed",
  from: NOW - 7_200_000,
  to: NOW - 3_600_000,
  ...more,
});

export interface Shop {
  desk: ActDesk;
  clock: VirtualClock;
  submitted: Filed[];
  logged: Record<string, unknown>[];
  incidents: IncidentView[];
  signals: SignalView[];
  annotations: AnnotationView[];
  contracted: boolean;
  facts(): ActFacts;
  /** What submit answers; by default it accepts at once. */
  submit(input: Filed): Promise<Submitted>;
}

/** `journal`: what an earlier run left. */
export function shop(journal: Input[] = []): Shop {
  const clock = virtualClock(NOW);
  const logged: Record<string, unknown>[] = [];
  let ids = 0;
  const made: Omit<Shop, "desk"> = {
    clock,
    submitted: [],
    logged,
    incidents: [incident()],
    signals: [signal()],
    annotations: [annotation()],
    contracted: false,
    facts: () => ({
      now: clock.utc(),
      assets: ["press-01", "press-02"],
      contracted: () => made.contracted,
      recipes: () => ["a7"],
      points: () => ["status", "oilTemp"],
      incidents: () => made.incidents,
      channels: () => [],
      signals: () => made.signals,
      annotation: (id) => made.annotations.find((each) => each.id === id) ?? null,
      window: async (asset, kind, from) =>
        asset === "press-01" && kind === "hour" && from === NOW - 3_600_000
          ? { to: NOW, good: 100 }
          : null,
    }),
    submit: async () => ({ accepted: true }),
  };
  const desk = openActDesk({
    clock,
    log: openLog({ level: "info", to: { write: (line) => logged.push(JSON.parse(line)) }, clock }),
    newId: () => `new-${++ids}`,
    facts: () => made.facts(),
    journal: () => journal,
    submit: (input) => {
      made.submitted.push(input as Filed);
      return made.submit(input as Filed);
    },
  });
  return Object.assign(made, { desk });
}
