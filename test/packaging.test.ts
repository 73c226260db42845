/** What ships and how it is set up: the lock, the tarball's contents, the systemd unit, the CI script. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { pathOf, peer } from "./support/peers.ts";

const root = join(import.meta.dirname, "..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const pkg = JSON.parse(read("package.json"));
const unit = read("packaging/uptime-agent.service");
const run = (program: string, args: string[]) =>
  spawnSync(program, args, { cwd: root, encoding: "utf8", timeout: 20_000 });

describe("the lock", () => {
  interface Locked {
    version?: string;
    optional?: boolean;
    hasInstallScript?: boolean;
    dependencies?: Record<string, string>;
    optionalDependencies?: Record<string, string>;
  }
  const locked: Record<string, Locked> = JSON.parse(read("package-lock.json")).packages;

  test("holds every dependency of every package, platform packages too, or `npm ci` refuses it", () => {
    const above = (path: string): string => path.replace(/\/?node_modules\/(@[^/]+\/)?[^/]+$/, "");
    const isHeld = (from: string, name: string): boolean =>
      locked[join(from, "node_modules", name)]?.version !== undefined ||
      (from !== "" && isHeld(above(from), name));
    const missing = Object.entries(locked).flatMap(
      ([path, { dependencies, optionalDependencies }]) =>
        Object.keys({ ...dependencies, ...optionalDependencies })
          .filter((name) => !isHeld(path, name))
          .map((name) => `${path} needs ${name}`),
    );
    expect(missing).toEqual([]);
  });

  test("is in step with package.json", () => {
    const { dependencies, devDependencies, optionalDependencies, version } = pkg;
    const own = { version, dependencies, devDependencies, optionalDependencies };
    expect(locked[""]).toMatchObject(own);
  });

  test("brings no package with an install script that nobody decided about", () => {
    const scripts = Object.entries(locked).filter(([, entry]) => entry.hasInstallScript);
    const names = scripts.map(([path]) => path.replace(/^.*node_modules\//, ""));
    expect(names.sort()).toEqual(Object.keys(pkg.allowScripts).sort());
  });
});

test("the tarball holds the product and nothing of the workshop", () => {
  const listed = pkg.files as string[];
  expect(listed).toContain("packaging/uptime-agent.service");
  expect(listed.filter((path) => /^(test|bench|docs)\b/.test(path))).toEqual([]);
  expect(read("tsconfig.build.json")).not.toMatch(/"(test|bench)"/);
  expect(pkg.bin).toEqual({ "uptime-agent": "dist/agent/main.js" });
});

test("the CI script is sound bash", () => {
  expect(run("bash", ["-n", ".ci/run"])).toMatchObject({ status: 0, stderr: "" });
});

describe("the systemd unit", () => {
  test("reports readiness and progress from its own user, and never forbids V8 to compile", () => {
    for (const line of ["Type=notify", "NotifyAccess=all", "WatchdogSec=60", "User=uptime-agent"]) {
      expect(unit.split("\n")).toContain(line);
    }
    expect(unit).not.toMatch(/^MemoryDenyWriteExecute=/m);
  });

  test("starts a verb that exists, with Node options that this Node accepts", () => {
    expect(unit).toMatch(/^ExecStart=uptime-agent run -c \/etc\/uptime-agent\/plant\.yaml$/m);
    const options = /NODE_OPTIONS=(\S+)/.exec(unit)?.[1] ?? "none";
    const env = { ...process.env, NODE_OPTIONS: options };
    expect(spawnSync(process.execPath, ["-e", ""], { env }).status).toBe(0);
  });

  test("has the groups of its user made by sysusers", () => {
    const groups = /^SupplementaryGroups=(.*)$/m.exec(unit)?.[1]?.split(" ") ?? [];
    expect(groups).toEqual(["dialout", "gpio"]);
    const made = read("packaging/sysusers.conf");
    for (const group of groups) expect(made).toContain(`m uptime-agent ${group}\n`);
  });
});

peer("systemd-analyze")("systemd on the unit", () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  test("exposes little: at most 2.0 of 10", () => {
    const args = ["security", "--offline=yes", "--threshold=20", "packaging/uptime-agent.service"];
    expect(run(pathOf("systemd-analyze"), args)).toMatchObject({ status: 0 });
  });

  test("accepts every line", () => {
    const folder = mkdtempSync(join(tmpdir(), "uptime-unit-"));
    folders.push(folder);
    const file = join(folder, "uptime-agent.service");
    // The command is not installed where tests run; any program stands for it.
    writeFileSync(file, unit.replace(/^ExecStart=uptime-agent/m, `ExecStart=${process.execPath}`));
    expect(run(pathOf("systemd-analyze"), ["verify", "--man=no", file])).toMatchObject({
      status: 0,
      stderr: "",
    });
  });
});
