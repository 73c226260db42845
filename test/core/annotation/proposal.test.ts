/** Two values while the parties differ: what stands, and what would if everything that waits were agreed. */
import { expect, test } from "vitest";
import type { StandingBody } from "../../../agent/core/contract/body.ts";
import type { Input } from "../../../agent/core/input.ts";
import { press } from "../../support/plant.ts";
import { play } from "../../support/play.ts";
import { FAULT, HOUR, MINUTE, RUN, SECOND } from "../../support/story.ts";
import { model as contract, asset as machine, outcome } from "../contract/desk.ts";

const START = Date.UTC(2026, 10, 23, 6);
const DAY = 24 * HOUR;

/** A day in which the press is down for the first 60 of every 240 minutes, polled every 30 s. */
function day(extra: Input[]): StandingBody[] {
  const asset = press({ sources: [{ id: "main", pollMs: 30 * SECOND, holdMs: 90 * SECOND }] });
  const model = {
    agent: "gw-1",
    zone: "UTC",
    clockSource: "ntp" as const,
    root: { namespace: "uptime1", enterprise: "acme", site: "ulm" },
    assets: [asset],
    contracts: [
      contract({
        effectiveFrom: START,
        effectiveTo: START + DAY,
        assets: [machine("press-01")],
        outcomes: [outcome({ unknown: "exclude" })],
      }),
    ],
  };
  const span = { from: START - DAY, to: START + 3 * DAY };
  const inputs: Input[] = [
    {
      ...{ kind: "calendar", at: START, id: "", tzdata: "test", from: span.from, horizon: span.to },
      spans: [{ ...span, schedule: "scheduled" }],
      frames: [],
    },
    {
      ...{ kind: "period", at: START, contract: "acme", localDate: "2026-11-01" },
      ...{
        from: START - 20 * DAY,
        to: START + 10 * DAY,
        scheduled: { "": [{ from: START - 20 * DAY, to: START + 10 * DAY }] },
      },
    },
    { kind: "config", at: START, hash: "sha256:test", model },
  ];
  for (let at = START; at <= START + DAY + HOUR; at += 30 * SECOND) {
    const status = (at - START) % (4 * HOUR) < HOUR ? FAULT : RUN;
    inputs.push({
      kind: "cycle",
      at,
      asset: "press-01",
      source: "main",
      values: { status },
      bad: {},
      failure: null,
    });
    while (extra[0] && extra[0].at <= at) inputs.push(extra.shift() as Input);
  }
  return play(inputs).records.flatMap((record) =>
    record.class === "contract" ? [record.body] : [],
  );
}

const said = (
  id: string,
  atHour: number,
  fromHour: number,
  minutes: number,
  party: "supplier" | "customer" | null,
  attribution: "supplier" | "customer",
): Input => ({
  ...{
    kind: "reason",
    at: START + atHour * HOUR,
    asset: "press-01",
    from: START + fromHour * HOUR,
  },
  to: START + fromHour * HOUR + minutes * MINUTE,
  ...{ reason: null, attribution, by: "lead", why: "seen", id },
  ...(party ? { party } : {}),
});
const agreed = (id: string, atHour: number, party: "supplier" | "customer"): Input => ({
  ...{ kind: "decision", at: START + atHour * HOUR, asset: "press-01", annotation: id },
  ...{ decision: "agreed", party, by: "boss", why: "yes" },
});
const verdict = (
  bodies: StandingBody[],
): { value: number | null; disputed: number | null | undefined } => {
  const [of] = bodies.filter(({ final }) => final).at(-1)!.outcomes;
  return { value: of!.value, disputed: of!.disputed?.value };
};
/** Six hours of 24 are faults; `less` minutes are answered for by the customer. */
const uptime = (less: number): number => Math.round((1080 / (1440 - less)) * 1e6) / 1e6;

test("nothing proposed, one value", () => {
  expect(verdict(day([]))).toEqual({ value: 0.75, disputed: undefined });
});

test("a proposal about settled time", () => {
  expect(verdict(day([said("a", 6, 4, 60, "supplier", "customer")]))).toEqual({
    value: 0.75,
    disputed: uptime(60),
  });
});

test("a proposal made while the stop still lasts holds for all of it", () => {
  expect(verdict(day([said("a", 4.5, 4, 60, "supplier", "customer")]))).toEqual({
    value: 0.75,
    disputed: uptime(60),
  });
});

test("two proposals about one stop count it once", () => {
  const both = [
    said("a", 6, 4, 40, "supplier", "customer"),
    said("b", 6.5, 4.25, 45, "supplier", "customer"),
  ];
  expect(verdict(day(both))).toEqual({ value: 0.75, disputed: uptime(60) });
});

test("of two that contradict each other the later holds", () => {
  const both = [
    said("a", 6, 4, 60, "supplier", "customer"),
    said("b", 6.5, 4, 60, "customer", "supplier"),
  ];
  expect(verdict(day(both))).toEqual({ value: 0.75, disputed: 0.75 });
});

test("an annotation that holds since is part of both values", () => {
  const both = [said("a", 6, 4, 60, "supplier", "customer"), said("b", 7, 4, 60, null, "customer")];
  expect(verdict(day(both))).toEqual({ value: uptime(60), disputed: uptime(60) });
});

test("one of two is agreed: the other stays what it was", () => {
  const both = [
    said("a", 6, 4, 40, "supplier", "customer"),
    said("b", 6.5, 4.25, 45, "supplier", "customer"),
    agreed("a", 7, "customer"),
  ];
  expect(verdict(day(both))).toEqual({ value: uptime(40), disputed: uptime(60) });
});
