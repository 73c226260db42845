/** `bundle`: an archive that tar can read, with what helps, and with no secret wherever one was hidden. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { tarGz } from "../../../agent/support/tar.ts";
import { record } from "../../evidence/recording.ts";
import { cli, endProcesses } from "../../support/cli.ts";
import { YAML } from "../../support/line-plant.ts";
import { temporary } from "../store/plant.ts";

const place = temporary();
const config = join(place.folder, "plant.yaml");
const log = join(place.folder, "agent.log");
const SECRET = "hunter2";

beforeAll(async () => {
  writeFileSync(config, `# the password is ${SECRET}\n${YAML}`);
  writeFileSync(log, `connecting to mqtt://gateway:${SECRET}@10.0.0.2:1883\n`);
  const recording = await record(place.folder, 3, 5000);
  await recording.close();
});
afterEach(endProcesses);
afterAll(() => place.remove());

/** Contents by name, unpacked by Debian's own tar. */
function unpacked(file: string): Record<string, string> {
  const folder = `${file}.d`;
  mkdirSync(folder);
  const { status, stderr } = spawnSync("tar", ["xzf", file, "-C", folder]);
  expect([status, String(stderr)]).toEqual([0, ""]);
  const names = String(spawnSync("tar", ["tzf", file]).stdout)
    .trim()
    .split("\n");
  return Object.fromEntries(
    names.map((name) => [name, readFileSync(join(folder, name), "latin1")]),
  );
}

test("everything that helps, and no secret", async () => {
  const out = join(place.folder, "help.tar.gz");
  const bundle = ["bundle", "-c", config, "--log", log, "--timeout", "1s", "--out", out];
  const made = await cli([...bundle, "--json"]);
  expect(made.code).toBe(0);
  const files = unpacked(out);
  expect(Object.keys(files)).toEqual([
    ...["manifest.json", "versions.json", "log.txt", "config.json", "check.json", "status.json"],
    ...["doctor.json", "acceptance.json", "store.json", "records.ndjson"],
  ]);
  expect(JSON.parse(made.stdout)).toMatchObject({ file: out, missing: [] });
  expect(JSON.stringify(files)).not.toContain(SECRET);
  expect(JSON.stringify(files)).not.toContain("PRIVATE");
  expect(files["log.txt"]).toBe("connecting to mqtt://[redacted]@10.0.0.2:1883\n");
  const parsed = (name: string) => JSON.parse(files[name] ?? "");
  expect(parsed("config.json").config.assets).toHaveProperty("press-01");
  expect(parsed("store.json")).toMatchObject({ gaps: [], sizes: { raw: expect.any(Number) } });
  expect(parsed("status.json").running).toBe(false);
  expect(parsed("doctor.json")).toContainEqual(expect.objectContaining({ about: "store" }));
  const records = (files["records.ndjson"] ?? "").trim().split("\n");
  expect(JSON.parse(records.at(-1) ?? "").payload).toHaveProperty("schema");
  expect(statSync(out).mode & 0o777).toBe(0o600);
  const again = await cli(bundle);
  expect(again.stderr).toContain("is there already");
  expect(again.code).toBe(73);
});

test("with --raw the segments go along", async () => {
  const out = join(place.folder, "raw.tar.gz");
  const made = await cli([
    "bundle",
    "-c",
    config,
    "--log",
    log,
    "--timeout",
    "1s",
    "--raw",
    "--out",
    out,
  ]);
  expect(made.code).toBe(0);
  expect(Object.keys(unpacked(out)).filter((name) => name.startsWith("raw/"))).not.toEqual([]);
});

test("a configuration that is not sound is told of by its places alone", async () => {
  const broken = join(place.folder, "broken.yaml");
  writeFileSync(
    broken,
    YAML.replace("mqtt: {", `mqtt: { password: ${SECRET}, protocol: ${SECRET},`),
  );
  const out = join(place.folder, "broken.tar.gz");
  const made = await cli([
    "bundle",
    "-c",
    broken,
    "--log",
    join(place.folder, "none"),
    "--out",
    out,
  ]);
  expect(made.code).toBe(0);
  expect(made.stderr).toBe("without log.txt: ENOENT\nwithout config.json: CONFIG_INVALID\n");
  const files = unpacked(out);
  expect(JSON.stringify(files)).not.toContain(SECRET);
  const { ok, problems } = JSON.parse(files["check.json"] ?? "");
  expect(ok).toBe(false);
  expect(problems).toContainEqual({ line: 3, col: expect.any(Number), path: "mqtt.password" });
});

test("an archive keeps sizes around its blocks, and refuses names it cannot hold", () => {
  const files = [0, 1, 511, 512, 513].map((size) => ({
    ...{ name: `f/${size}`, data: Buffer.alloc(size, 7) },
  }));
  const out = join(place.folder, "sizes.tar.gz");
  writeFileSync(out, tarGz(files, 1_700_000_000_000));
  expect(Object.values(unpacked(out)).map(({ length }) => length)).toEqual([0, 1, 511, 512, 513]);
  expect(() => tarGz([{ name: "n".repeat(101), data: Buffer.alloc(0) }], 0)).toThrow(RangeError);
  rmSync(out);
});
