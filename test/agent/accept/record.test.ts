/** The acceptance record on its own: its fingerprint, its seal, what verify finds, and who may put it on record. */
import { generateKeyPairSync, sign } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { outcomeOf } from "../../../agent/accept/identity.ts";
import { acceptanceNotice } from "../../../agent/accept/notice.ts";
import {
  ACCEPTANCE,
  type Acceptance,
  acceptedStep,
  identityStep,
  resultOf,
  type SealedAcceptance,
  seal,
} from "../../../agent/accept/record.ts";
import { registerMapOf } from "../../../agent/accept/register-map.ts";
import { keep, listKept, standingsOf } from "../../../agent/accept/shelf.ts";
import { subjectOf } from "../../../agent/accept/subject.ts";
import { readAcceptance, verifyAcceptance } from "../../../agent/accept/verify.ts";
import { publishedOf, readPublicKey } from "../../../agent/evidence/signature.ts";
import { loadPlant } from "../../../agent/plant.ts";
import { plantOf, YAML } from "../../support/line-plant.ts";
import { PRESS, play, RUNS, stepOf } from "./scene.ts";

const folder = mkdtempSync(join(tmpdir(), "record-"));
afterAll(() => rmSync(folder, { recursive: true }));

const gateway = generateKeyPairSync("ed25519");
const stranger = generateKeyPairSync("ed25519");
const signer =
  ({ privateKey }: typeof gateway) =>
  (hash: string): string =>
    sign(null, Buffer.from(hash), privateKey).toString("base64");

const steps = [
  identityStep(outcomeOf([])),
  acceptedStep(
    play(stepOf("stop"), [
      [0, RUNS],
      [3, { since: 2 }, ""],
    ]),
    PRESS,
  ),
];
const bare: Acceptance = {
  ...{ schema: ACCEPTANCE, id: "gw-1/press-01/acceptance/2026-11-23T06:10:00.000Z" },
  ...{ agent: "gw-1", asset: "press-01", time: "2026-11-23T06:10:00.000Z", version: "0.1.0" },
  configHash: `sha256:${"c".repeat(64)}`,
  ...{ by: "E. Ruiz", customer: null, through: "own" as const, devices: [] },
  registerMap: registerMapOf(plantOf(), "press-01"),
  ...{ steps, result: resultOf(steps), key: publishedOf(gateway.publicKey) },
};
const record = seal(bare, signer(gateway));

describe("the fingerprint of the register map", () => {
  const printOf = (from: string, to: string): string => {
    expect(YAML).toContain(from);
    return registerMapOf(plantOf(YAML.replace(from, to)), "press-01").fingerprint;
  };
  const { fingerprint, points } = registerMapOf(plantOf(), "press-01");

  test("names what is read where", () => {
    expect(points.map(({ id }) => id)).toEqual(["good", "power", "status", "total"]);
    expect(points[1]).toEqual({
      ...{ id: "power", connection: "plc", driver: "modbus-tcp", unit: 7 },
      ...{ table: "input", address: 52, type: "float32", order: "ABCD", scale: 1, offset: 0 },
    });
  });

  test.each([
    ["an address", "address: 52", "address: 53"],
    ["a type", "type: float32", "type: int32"],
    ["a scale", "type: float32", "type: float32, scale: 0.1"],
    ["an order", "type: float32", "type: float32, order: CDAB"],
    ["a unit", "unit: 7", "unit: 8"],
  ])("changes with %s", (_, from, to) => {
    expect(printOf(from, to)).not.toBe(fingerprint);
  });

  test.each([
    ["the host", "host: 127.0.0.1", "host: 10.0.0.9"],
    ["the poll", "unit: 7, poll: 10s", "unit: 7, poll: 9s"],
    ["a rule", "in: [8, 9]", "in: [8]"],
    ["another machine", "unit: 2", "unit: 3"],
  ])("stays with %s", (_, from, to) => {
    expect(printOf(from, to)).toBe(fingerprint);
  });
});

describe("verify", () => {
  const findings = (changed: object, keys = [readPublicKey(record.key.publicKey, "gw")]) =>
    verifyAcceptance("r.json", { ...changed }, keys).findings.map(({ what }) => what);
  const forged = (change: Partial<Acceptance>, by = gateway): SealedAcceptance =>
    seal({ ...bare, ...change }, signer(by));

  test("accepts what the gateway signed", () => {
    expect(verifyAcceptance("r.json", { ...record }, [])).toMatchObject({
      ...{ ok: true, kind: "acceptance", signatures: { trust: "announced", checked: 1 } },
    });
    expect(findings(record)).toEqual([]);
  });

  test.each<[string, object, string[]]>([
    ["changed", { ...record, by: "A. Nother" }, ["hash"]],
    ["made anew by another key", forged({ by: "A. Nother" }, stranger), ["signature"]],
    [
      "with that key in it",
      forged({ key: publishedOf(stranger.publicKey) }, stranger),
      ["signature"],
    ],
    ["without a signature", { ...record, signature: "" }, ["signature"]],
    ["with another verdict than its steps", forged({ result: "failed" }), ["recount"]],
    [
      "with another print than its map",
      forged({ registerMap: { ...bare.registerMap, points: [] } }),
      ["recount"],
    ],
    ["of no schema", { ...record, more: 1 }, ["schema"]],
  ])("refuses one %s", (_, changed, found) => {
    expect(findings(changed)).toEqual(found);
  });
});

test("a record is kept once, and the last one tells how the machine stands", () => {
  const config = join(folder, "plant.yaml");
  writeFileSync(config, YAML);
  const shelf = join(folder, "data", "acceptance");
  const plant = loadPlant(config);
  expect(standingsOf(plant)[0]).toEqual({ asset: "press-01", state: "none", time: null });
  const file = keep(shelf, record);
  expect(() => keep(shelf, record)).toThrow("cannot write");
  expect(readAcceptance(file)).toEqual(record);
  expect(standingsOf(plant)[0]).toMatchObject({ state: "current", time: record.time });
  writeFileSync(config, YAML.replace("address: 52", "address: 54"));
  expect(standingsOf(loadPlant(config))[0]).toMatchObject({ state: "outdated" });
  writeFileSync(file, JSON.stringify({ ...record, by: "A. Nother" }));
  expect(listKept(shelf)).toEqual([{ file, record: null }]);
  expect(standingsOf(plant)[0]).toMatchObject({ state: "none" });
});

describe("on record", () => {
  test("as one event of the machine", () => {
    expect(acceptanceNotice(5, record, ["press-01"])).toEqual({
      ...{ kind: "notice", type: "config", asset: "press-01", at: 5, start: 5, end: 5 },
      detail: {
        ...{ what: "acceptance", acceptance: record.id, hash: record.hash, result: "passed" },
        ...{ by: "E. Ruiz", customer: null, failed: "", skipped: "identity" },
        registerMap: record.registerMap.fingerprint,
      },
    });
  });

  test.each<[string, unknown]>([
    ["nothing", null],
    ["changed", { ...record, by: "A. Nother" }],
    ["signed by another", seal(bare, signer(stranger))],
  ])("not one that is %s", (_, document) => {
    expect(() => acceptanceNotice(5, document, ["press-01"])).toThrow("is refused");
  });

  test("not one of another agent's machine", () => {
    expect(() => acceptanceNotice(5, record, ["saw-02"])).toThrow("there is no asset press-01");
  });
});

test("passed needs a step that was done by hand", () => {
  const step = (id: string, result: "pass" | "fail" | "skipped") => ({ id, result });
  expect(resultOf([step("identity", "pass"), step("stop", "skipped")])).toBe("failed");
  expect(resultOf([step("stop", "pass"), step("cable", "fail")])).toBe("failed");
  expect(resultOf([step("stop", "pass"), step("cable", "skipped")])).toBe("passed");
});

test("what a run must know of a machine", () => {
  const { cables, counters, holdMs, reactionMs, matters, rules } = subjectOf(plantOf(), "press-01");
  expect({ cables, holdMs, reactionMs }).toEqual({
    cables: ["plc"],
    holdMs: 30_000,
    reactionMs: 41_000,
  });
  expect(counters.map(({ role, id, modulus }) => [role, id, modulus])).toEqual([
    ["total", "total", 2n ** 64n],
    ["good", "good", 2n ** 32n],
  ]);
  expect(matters).toEqual(["status", "total", "good", "power"]);
  expect(rules[0]).toEqual({ is: "fault", reason: null, when: "{ point: status, in: [8, 9] }" });
});
