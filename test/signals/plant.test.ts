/**
 * The simulated plant in small, on evaluation seeds: 60 healthy machine-months at 10 s, and a few lives up to their failure.
 * The bench has the large tables (docs/signals.md).
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PlantCheck } from "../../bench/signals/plant-check.ts";

const root = join(import.meta.dirname, "../..");
let folder = "";
let found: PlantCheck;

beforeAll(() => {
  // Inside the project, so that its modules are modules; ignored by git and by the other tests.
  folder = mkdtempSync(join(root, "dist-plant-"));
  const node = (...args: string[]): string =>
    execFileSync(process.execPath, args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 24 });
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  node(tsc, "-p", "tsconfig.bench.json", "--outDir", folder);
  found = JSON.parse(node(join(folder, "bench/signals/plant-check.js")));
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("healthy machines", () => {
  test("60 machine-months have at most one false alarm", () => {
    // 0.02 a month are 1.2 in 60.
    expect(found.healthy.slice(1)).toEqual([]);
  });

  test("a textbook chart tells hundreds of things in one month of the same", () => {
    expect(found.textbook).toBeGreaterThan(100);
  });
});

describe("machines that fail", () => {
  test.each([
    ["bearing", 7],
    ["filter", 8.5],
    ["tool", 8],
  ])("%s is told %f running days ahead", (kind, days) => {
    expect(found.leads[kind]).toHaveLength(4);
    // Any one of few may lie in the worst twentieth of the fifty of the bench.
    const leads = found.leads[kind]!.sort((a, b) => a - b);
    expect(leads[0]).toBeGreaterThan(days - 0.4);
    expect(leads[1]).toBeGreaterThan(days);
  });

  test("cavitation is told within ten minutes of running", () => {
    const waits = found.waits["cavitation"]!.map((one) => one ?? Number.POSITIVE_INFINITY);
    expect(waits.sort((a, b) => a - b)[4]).toBeLessThan(10);
  });

  test.each(["sensor-stuck", "sensor-lost"])("%s is named within ten minutes", (kind) => {
    for (const wait of found.waits[kind]!) {
      expect(wait).not.toBeNull();
      expect(wait).toBeLessThan(10);
    }
  });

  test("sensors that have failed are not taken for wear", () => {
    expect(found.mistaken).toEqual([]);
  });

  test("estimates are given, and lie about the truth", () => {
    expect(found.estimates.length).toBeGreaterThan(4);
    const errors = found.estimates.map((one) => Math.abs(one - 1)).sort((a, b) => a - b);
    expect(errors[errors.length >> 1]).toBeLessThan(0.4);
  });
});
