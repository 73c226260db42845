/** Evidence on the command line: verified where it was made, carried away as one file, refused when it was changed. */

import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hold } from "../../agent/store/hold.ts";
import { temporary } from "../agent/store/plant.ts";
import { record, streamOf } from "../evidence/recording.ts";
import { cli, endProcesses } from "../support/cli.ts";
import { YAML } from "../support/line-plant.ts";

const place = temporary();
const config = join(place.folder, "plant.yaml");
const database = join(place.folder, "data", "agent.db");
const bundle = join(place.folder, "all.evidence");
const stream = join(place.folder, "stream.ndjson");
const keyFile = join(place.folder, "gateway.pub");

beforeAll(async () => {
  writeFileSync(config, YAML);
  const recording = await record(place.folder, 3, 20_000);
  writeFileSync(keyFile, recording.key.publicKey);
  writeFileSync(stream, `${streamOf(recording.records).join("\n")}\n`);
  await recording.close();
});
afterAll(async () => {
  await endProcesses();
  place.remove();
});

const report = (stdout: string) => JSON.parse(stdout).reports[0];

describe("verify", () => {
  test("the store of the configuration, by default", async () => {
    const { code, stdout, stderr } = await cli(["verify", "-c", config]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(": ok");
    expect(stdout).toContain("press-01 of gw-1");
    expect(stdout).toMatch(/windows made anew from the journal: \d+ equal/);
  });

  test("a stream with the key; --json", async () => {
    const { code, stdout } = await cli(["verify", stream, "--key", keyFile, "--json"]);
    expect(code).toBe(0);
    expect(report(stdout)).toMatchObject({ ok: true, signatures: { trust: "given" }, gaps: [] });
  });

  test("names the first bad row of a changed store and counts the rest; 1", async () => {
    const folder = join(place.folder, "changed");
    mkdirSync(folder);
    const copy = join(folder, "agent.db");
    copyFileSync(database, copy);
    const db = hold(new Database(copy));
    const seqs = db.prepare("SELECT seq FROM records WHERE keep = 1 ORDER BY seq").pluck().all();
    const change = db.prepare(
      `UPDATE records SET payload = replace(payload, '"downMs":', '"downMs":1') WHERE seq = ?`,
    );
    for (const seq of seqs.slice(2, 5)) change.run(seq);
    db.close();
    const { code, stdout } = await cli(["verify", copy]);
    expect(code).toBe(1);
    expect(stdout).toContain("NOT OK");
    expect(stdout).toMatch(new RegExp(`first bad row: .* seq ${String(seqs[2])}: hash: `));
    expect(stdout).toMatch(/in all: 3 hash/);
  });

  test("65 for what is no evidence", async () => {
    const { code, stderr } = await cli(["verify", config]);
    expect(code).toBe(65);
    expect(stderr).toContain("EVIDENCE_UNREADABLE");
  });
});

describe("export", () => {
  test("a bundle verifies far from store and configuration, with heads kept elsewhere", async () => {
    const made = await cli(["export", "-c", config, "--out", bundle, "--json"]);
    expect([made.code, made.stderr]).toEqual([0, ""]);
    expect(JSON.parse(made.stdout)).toMatchObject({ chains: 2 });
    const heads = join(place.folder, "heads.json");
    const chains = report((await cli(["verify", bundle, "--json"])).stdout).chains as {
      chain: string;
      head: string;
    }[];
    const kept = chains.map(({ chain, head }) => [chain, head]);
    writeFileSync(heads, JSON.stringify(Object.fromEntries(kept)));
    const args = ["verify", bundle, "--key", keyFile, "--against", heads, "--json"];
    const { code, stdout } = await cli(args);
    expect(code).toBe(0);
    expect(report(stdout)).toMatchObject({ ok: true, kind: "bundle", anchors: { proved: 2 } });
  });

  test("a hand-over carries the state; wrong options are refused", async () => {
    const out = join(place.folder, "hand-over.evidence");
    const { code, stderr } = await cli(["export", "-c", config, "--hand-over", "--out", out]);
    expect([code, stderr]).toEqual([0, ""]);
    expect((await cli(["verify", out])).code).toBe(0);
    expect(readFileSync(out).length).toBeGreaterThan(readFileSync(bundle).length);
    const wrong = [["--last", "soon", "--out", "x"], ["--asset", "nobody", "--out", "x"], []];
    for (const options of wrong)
      expect((await cli(["export", "-c", config, ...options])).code).toBe(64);
    const refused = await cli(["import", "-c", config, "--take-over", out]);
    expect(refused.code).toBe(65);
    expect(refused.stderr).toContain("is a store already");
  });
});

describe("run", () => {
  test("refuses a key that others can read; 77", async () => {
    const key = join(place.folder, "data", "keys", "gateway.pem");
    chmodSync(key, 0o644);
    const { code, stderr } = await cli(["run", "-c", config]);
    chmodSync(key, 0o600);
    expect(code).toBe(77);
    expect(stderr).toContain("KEY_EXPOSED");
    expect(stderr).toContain("chmod");
    expect(stderr).not.toContain("PRIVATE");
  });
});
