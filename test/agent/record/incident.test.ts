/** Incidents as they are published: every message of a whole life fits the schema that ships, and stays small. */
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { incidentBody, isChained } from "../../../agent/record/incident.ts";
import { readSchema } from "../../../config/schemas.ts";
import { faulted, HOUR, MIN, model, severity, T0 } from "../../core/incident/scene.ts";

const validate = new Ajv2020({ strict: false }).compile(readSchema("records/incident")!);
const HASH = `sha256:${"0".repeat(64)}`;

function message(incident: Record<string, unknown>, chained: boolean) {
  return {
    schema: "uptime.incident/1",
    id: `gw-1/press-01/incident/${String(incident["id"])}/${String(incident["version"])}`,
    agent: "gw-1",
    asset: "press-01",
    seq: 1,
    time: "2026-11-23T05:31:00.000Z",
    configHash: HASH,
    calcVersion: "1",
    replayed: false,
    incident,
    prev: null,
    hash: chained ? HASH : null,
    signature: null,
  };
}

test("a whole life: opened, answered, held, breached, restored, relapsed, closed", () => {
  const escalation = [
    { limits: ["restore" as const], at: "breach" as const, text: "on breach", to: "lead" },
  ];
  const play = faulted(model({ severities: [severity("s1", { escalation })] }));
  play.act(T0 + 10 * MIN, "dispatch", { party: "supplier", why: "on the way" });
  play.act(T0 + HOUR, "respond", { via: "button", by: "button:key" });
  play.act(T0 + 2 * HOUR, "hold", { party: "supplier" });
  play.act(T0 + 3 * HOUR, "release");
  play.see(T0 + 14 * HOUR, "producing").run(T0 + 14 * HOUR + MIN);
  play
    .see(T0 + 14 * HOUR + 2 * MIN, "fault")
    .see(T0 + 15 * HOUR, "producing")
    .run(T0 + 16 * HOUR);
  expect(play.statuses()).toEqual([
    "opened",
    "dispatched",
    "responded",
    "held",
    "released",
    "escalated",
    "restored",
    "relapsed",
    "restored",
    "verified",
    "closed",
  ]);
  for (const { body } of play.told) {
    const whole = message(incidentBody(body), isChained(body));
    expect(validate(whole), JSON.stringify(validate.errors)).toBe(true);
    expect(JSON.stringify(whole).length).toBeLessThan(4096);
    expect(isChained(body)).toBe(body.status === "closed");
  }
  const last = incidentBody(play.last());
  expect(last).toMatchObject({
    restoredAt: "2025-06-13T21:00:00.000Z",
    respondedAt: "2025-06-13T07:00:00.000Z",
    visits: { remote: 0, onSite: 1 },
    holds: [
      { from: "2025-06-13T08:00:00.000Z", to: "2025-06-13T09:00:00.000Z", party: "supplier" },
    ],
    clocks: { restore: { elapsedMs: 15 * HOUR, calendarMs: 14 * HOUR, met: false } },
  });
});

test("what is told of a closed incident is evidence too, and must be chained", () => {
  const play = faulted()
    .see(T0 + HOUR, "producing")
    .run(T0 + 2 * HOUR);
  const later = { ...play.last(), status: "attributed" as const, version: 5 };
  expect(isChained(later)).toBe(true);
  expect(validate(message(incidentBody(later), true))).toBe(true);
  expect(validate(message(incidentBody(later), false))).toBe(false);
});
