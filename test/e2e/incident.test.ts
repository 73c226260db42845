/**
 * What people enter at a running gateway, by command line, MQTT, page and a key switch at the machine: accepted acts are
 * durable and there once, refused ones change nothing and say why.
 */
import { connectAsync, type MqttClient } from "mqtt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Input } from "../../agent/core/input.ts";
import { openReader } from "../../agent/store/read.ts";
import { until } from "../publisher/real-brokers.ts";
import type { Running } from "../support/cli.ts";
import { type Gateway, openGateway, step, stepsOf } from "../support/gateway.ts";
import { FAULT, PRODUCING } from "../support/hand-machine.ts";
import { onceEach, sequenceFaults, violations } from "../support/records.ts";

const COMMAND = "uptime1/acme/ulm/_gateway/gw-1/command";
const HOUR = 3_600_000;

let gateway: Gateway;
let agent: Running;
let desk: MqttClient;
const answers: Record<string, unknown>[] = [];
beforeAll(async () => {
  gateway = await openGateway();
  agent = await gateway.start();
  desk = await connectAsync(`mqtt://127.0.0.1:${gateway.broker.port}`);
  desk.on("message", (_, text) => void answers.push(JSON.parse(String(text))));
  await desk.subscribeAsync(`${COMMAND}/answer`, { qos: 1 });
  gateway.machine.reason = 42;
  gateway.machine.status = FAULT;
  await step(gateway, "i-1", "opened");
}, 60_000);
afterAll(async () => {
  await desk.endAsync(true);
  await gateway.close();
});

/** What is in the journal of what people entered. */
function entered(): (Input & { id?: string })[] {
  const reader = openReader(gateway.site.database);
  try {
    return [...reader.inputs(0, Number.MAX_SAFE_INTEGER)].filter((input) => "by" in input);
  } finally {
    reader.close();
  }
}

async function command(document: object): Promise<Record<string, unknown> | undefined> {
  const before = answers.length;
  await desk.publishAsync(COMMAND, JSON.stringify(document), { qos: 1 });
  await until(() => answers.length > before, 10_000);
  return answers.at(-1);
}

async function press(what: string): Promise<{ status: number; text: string }> {
  const { text } = await gateway.page("/");
  const hidden = (name: string): string =>
    new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ?? "";
  const form = { token: hidden("token"), nonce: hidden("nonce"), by: "Ada", do: what };
  return await gateway.page("/act", form);
}

describe("an incident on its way", () => {
  test("acknowledged on the command line, and not twice", async () => {
    const first = await gateway.say("incident", "ack", "press-01", "--by", "Jo", "--id", "a-1");
    expect(first).toMatchObject({ code: 0, stdout: "incident press-01/i-1 is acknowledged\n" });
    const again = await gateway.say("incident", "ack", "press-01", "--id", "a-1");
    expect([again.code, again.stdout]).toEqual([0, "already done; nothing was changed\n"]);
    const twice = await gateway.say("incident", "ack", "press-01");
    expect(twice).toMatchObject({ code: 65, stdout: "" });
    expect(twice.stderr).toMatch(/because i-1 is acknowledged\nnext: /);
  });

  test("held and released; another reason than those agreed is none", async () => {
    const lunch = await gateway.say("incident", "hold", "press-01", "--why", "lunch");
    expect([lunch.code, lunch.stderr]).toEqual([65, expect.stringContaining("no access")]);
    expect((await gateway.say("incident", "hold", "press-01", "--why", "no access")).code).toBe(0);
    expect((await gateway.say("incident", "list")).stdout).toContain("(on hold)");
    expect((await gateway.say("incident", "release", "press-01")).code).toBe(0);
  });

  test("responded to by a key switch at the machine", async () => {
    gateway.machine.isPressed = true;
    await step(gateway, "i-1", "responded");
    gateway.machine.isPressed = false;
    const late = await gateway.say("incident", "respond", "press-01");
    expect([late.code, late.stderr]).toEqual([
      65,
      expect.stringContaining("has been responded to"),
    ]);
  });

  test("closed by message? only what the configuration allows there, and only when it is so", async () => {
    const by = "desk";
    const close = await command({ id: "m-1", act: "close", asset: "press-01", by });
    expect(close).toMatchObject({ id: "m-1", answer: "refused", what: "close is not taken here" });
    const again = await command({ id: "m-3", act: "acknowledge", asset: "press-01", by });
    expect(again).toMatchObject({ answer: "refused", why: "i-1 is acknowledged" });
    expect(await command({ id: "m-4", act: "acknowledge" })).toMatchObject({ answer: "refused" });
    const told = { act: "attribute", asset: "press-01", incident: "i-1", attribution: "customer" };
    const foreign = { id: "m-5", ...told, party: "customer", by, why: "no air" };
    expect(await command(foreign)).toMatchObject({ answer: "refused" });
    const [from, to] = [Date.now() + 4 * HOUR, Date.now() + 5 * HOUR];
    const oil = { act: "plan", asset: "press-01", schedule: "planned-stop", by, why: "oil" };
    const plan = await command({ id: "m-2", ...oil, from, to });
    expect(plan).toMatchObject({ id: "m-2", answer: "accepted", asset: "press-01" });
    expect(await command({ id: "m-2", ...oil, from, to })).toMatchObject({
      answer: "already-done",
    });
  });

  test("closed on the page, when it is verified", async () => {
    gateway.machine.status = PRODUCING;
    await step(gateway, "i-1", "verified");
    const { text } = await gateway.page("/");
    expect(text).toContain('value="close press-01/i-1"');
    const old = await gateway.page("/act", { token: "x", by: "Eve", do: "close press-01/i-1" });
    expect(old.status).toBe(403);
    const done = await press("close press-01/i-1");
    expect([done.status, done.text]).toEqual([200, expect.stringContaining("i-1 is closed")]);
    await step(gateway, "i-1", "closed");
    expect((await press("close press-01/i-1")).status).toBe(409);
  });
});

describe("what is said about accounted time", () => {
  test("a party proposes, the other one answers", async () => {
    const said = ["incident", "attribute", "press-01/i-1", "customer", "--why", "no air"];
    const nobody = await gateway.say(...said);
    expect([nobody.code, nobody.stderr]).toEqual([65, expect.stringContaining("--party")]);
    const proposed = await gateway.say(...said, "--party", "customer", "--id", "n-1");
    expect([proposed.code, proposed.stdout]).toEqual([0, expect.stringContaining("is proposed")]);
    const own = await gateway.say("incident", "agree", "n-1", "--party", "customer");
    expect(own.code).toBe(65);
    const no = ["incident", "dispute", "n-1", "--party", "supplier", "--why", "air was there"];
    expect((await gateway.say(...no)).stdout).toContain("is disputed");
    const agreed = await gateway.say("incident", "agree", "n-1", "--party", "supplier");
    expect([agreed.code, agreed.stdout]).toEqual([0, expect.stringContaining("is agreed")]);
    await step(gateway, "i-1", "attributed");
  });

  test("maintenance and signals", async () => {
    expect((await gateway.say("maintenance", "press-01", "--why", "new pump")).code).toBe(0);
    const oil = await gateway.say("maintenance", "press-01", "--points", "oil", "--why", "x");
    expect([oil.code, oil.stderr]).toEqual([65, expect.stringContaining("oilTemp")]);
    gateway.machine.oilTemp10 = 700;
    await step(gateway, "i-2", "opened");
    const listed = await gateway.say("signals", "list");
    expect(listed.stdout).toMatch(/press-01\/oil-temp-limit {2}alarm {2}raised .*limit 60/);
    expect(listed.stdout).toMatch(
      /limit 60.*; press-service uptime has \S+ h of \S+ h downtime left/,
    );
    expect((await gateway.say("signals", "ack", "press-01/oil-temp-limit")).code).toBe(0);
    const shelve = ["signals", "shelve", "oil-temp-limit", "--why", "known", "--until"];
    expect((await gateway.say(...shelve, "5min ago")).code).toBe(65);
    expect((await gateway.say(...shelve, "in 1h")).stdout).toContain("is shelved");
  });

  test("plans ahead, scrap of a window, corrections of what is settled; nothing else", async () => {
    const why = ["--asset", "press-01", "--why", "as agreed"];
    const plan = ["plan", "add", "planned-stop", ...why, "--to", "in 3h"];
    expect((await gateway.say(...plan, "--from", "in 2h")).code).toBe(0);
    const passed = await gateway.say(...plan, "--from", "1min ago");
    expect([passed.code, passed.stderr]).toEqual([65, expect.stringContaining("which has passed")]);
    const hour = new Date(Math.floor(Date.now() / HOUR) * HOUR).toISOString();
    const scrap = ["scrap", "hour", ...why, "--from", hour, "--party", "customer", "--reject"];
    const many = await gateway.say(...scrap, "1000000");
    expect([many.code, many.stderr]).toEqual([65, expect.stringContaining("good pieces")]);
    const strike = ["correct", "schedule", "unscheduled", ...why, "--party", "customer"];
    const unsettled = await gateway.say(...strike, "--from", "5s ago", "--to", "now");
    expect([unsettled.code, unsettled.stderr]).toEqual([65, expect.stringContaining("no closer")]);
    const tool = ["correct", "ideal", ...why, "--party", "customer", "--ideal-cycle", "90ms"];
    expect((await gateway.say(...tool, "--recipe", "z9", "--from", "1h ago")).code).toBe(65);
  });
});

describe("a kill", () => {
  test("right after an accepted act: it is there, once; refused acts are nowhere", async () => {
    const act = ["incident", "ack", "press-01/i-2", "--id", "k-1", "--by", "Jo"];
    expect((await gateway.say(...act)).code).toBe(0);
    await gateway.kill(agent);
    agent = await gateway.start();
    expect((await gateway.say(...act)).stdout).toContain("already done");
    const acts = entered();
    expect(acts.filter(({ id }) => id === "k-1")).toHaveLength(1);
    const tally: Record<string, number> = {};
    for (const { kind } of acts) tally[kind] = (tally[kind] ?? 0) + 1;
    const said = { plan: 2, reason: 1, decision: 2, "signal-act": 3 };
    expect(tally).toEqual({ act: 5, ...said });
    expect((await gateway.say("signals", "list")).stdout).toContain("shelved");
    expect(await gateway.stop(agent)).toBe(0);
    const records = onceEach(gateway.arrived());
    expect(violations(records)).toEqual([]);
    expect(sequenceFaults(records)).toEqual({ missing: [], shared: [] });
    expect(stepsOf(records, "i-2")).toEqual(["opened", "acknowledged"]);
    expect((await gateway.say("verify")).code).toBe(0);
  });
});
