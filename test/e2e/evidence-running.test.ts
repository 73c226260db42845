/** Evidence of a gateway that is killed, whose file somebody edits, whose key is moved away: declared, and named by `verify`. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hold } from "../../agent/store/hold.ts";
import { until } from "../publisher/real-brokers.ts";
import { type Gateway, openGateway, step, stepsOf } from "../support/gateway.ts";
import { FAULT, PRODUCING } from "../support/hand-machine.ts";
import { onceEach, type Payload, sequenceFaults, violations } from "../support/records.ts";

let gateway: Gateway;
beforeEach(async () => {
  gateway = await openGateway();
});
afterEach(() => gateway.close());

const eventsOf = (payloads: Payload[]): { type: string; detail: Record<string, unknown> }[] =>
  payloads.flatMap(({ event }) => (event ? [event as never] : []));

/** An incident from fault to closing: the first chained record of the machine. */
async function closeOne(id: string): Promise<void> {
  gateway.machine.status = FAULT;
  await step(gateway, id, "opened");
  gateway.machine.status = PRODUCING;
  await step(gateway, id, "verified");
  expect((await gateway.say("incident", "close", `press-01/${id}`)).code).toBe(0);
  await step(gateway, id, "closed");
}

test("a kill while an incident is open is no damage, and its steps are sent", {
  timeout: 30_000,
}, async () => {
  const { machine, broker } = gateway;
  const first = await gateway.start();
  await until(() => gateway.arrived().length > 2);
  await broker.setFault("refuse");
  machine.status = FAULT;
  await until(async () => (await gateway.say("incident", "ack", "press-01")).code === 0, 10_000);
  await gateway.kill(first);
  await broker.setFault(null);
  const second = await gateway.start();
  await step(gateway, "i-1", "acknowledged");
  machine.status = PRODUCING;
  await step(gateway, "i-1", "verified");
  expect(await gateway.stop(second)).toBe(0);
  expect(second.stderr()).not.toContain("damaged");
  const records = onceEach(gateway.arrived());
  expect(violations(records)).toEqual([]);
  expect(sequenceFaults(records).missing).toEqual([]);
  expect(stepsOf(records, "i-1")).toEqual(["opened", "acknowledged", "restored", "verified"]);
  expect((await gateway.say("verify")).code).toBe(0);
});

test("an edited record and a key that was moved away: said, declared, gone on from, found", {
  timeout: 60_000,
}, async () => {
  const { site } = gateway;
  const first = await gateway.start();
  await closeOne("i-1");
  await gateway.stop(first);
  const key = join(site.folder, "data/keys/gateway.pem");
  const before = readFileSync(key, "utf8");
  edit(`UPDATE records SET payload = replace(payload, '"severity":"s1"', '"severity":"s2"')
    WHERE keep = 1 AND payload LIKE '%"hash":"sha256:%'`);
  const changed = await gateway.say("verify");
  expect(changed.code).toBe(1);
  expect(changed.stdout).toMatch(
    /first bad row: press-01 gw-1\/press-01\/incident\/i-1\/\d+ seq \d+: hash/,
  );

  const second = await gateway.start();
  expect(second.stderr()).toContain("a chain is damaged and goes on with a declared break");
  await closeOne("i-2");
  await gateway.stop(second);
  expect(eventsOf(gateway.arrived())).toContainEqual(
    expect.objectContaining({
      type: "data",
      detail: expect.objectContaining({ chainBreak: "press-01" }),
    }),
  );
  const broken = await gateway.say("verify");
  expect([broken.code, broken.stdout]).toEqual([
    1,
    expect.stringContaining("declared break of press-01"),
  ]);
  expect((await gateway.say("verify", "--allow-declared-breaks")).code).toBe(0);

  rmSync(key);
  const third = await gateway.start();
  expect(third.stderr()).toContain("records are signed with another key from now on");
  await closeOne("i-3");
  await gateway.stop(third);
  expect(readFileSync(key, "utf8")).not.toBe(before);
  expect(eventsOf(gateway.arrived())).toContainEqual(
    expect.objectContaining({ type: "config", detail: expect.objectContaining({ what: "key" }) }),
  );
  const both = await gateway.say("verify", "--allow-declared-breaks", "--json");
  const [report] = JSON.parse(both.stdout).reports;
  expect([both.code, report.signatures.keys.length]).toEqual([0, 2]);
  expect(violations(gateway.arrived())).toEqual([]);
  // Told once: it signed the last record since.
  const fourth = await gateway.start();
  await gateway.stop(fourth);
  expect(fourth.stderr()).not.toContain("another key");
});

function edit(sql: string): void {
  const db = hold(new Database(gateway.site.database));
  expect(db.prepare(sql).run().changes).toBeGreaterThan(0);
  db.close();
}
