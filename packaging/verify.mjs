/**
 * What `npm test` runs once `prepare` is through: style, types, derived files, every test. All steps run even when
 * one fails, each within a bound; the summary counts every test and every other check.
 * `--report FILE` also writes `{ "passed": n, "failed": n }` there.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "./build.mjs";

const MINUTE = 60_000;
const work = mkdtempSync(join(tmpdir(), "uptime-verify-"));
const results = join(work, "vitest.json");
const bin = (name) => join(root, "node_modules", name);

const CHECKS = [
  { name: "style", command: [bin("@biomejs/biome/bin/biome"), "check", "."] },
  { name: "types", command: [bin("typescript/bin/tsc"), "--noEmit"] },
  { name: "derived files", command: ["packaging/generate.mjs", "--check"] },
];
const TESTS = ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${results}`];

function succeeds(command, bound) {
  const run = spawnSync(process.execPath, command, { cwd: root, stdio: "inherit", timeout: bound });
  if (run.error) console.error(`verify: ${run.error.message}`);
  return run.status === 0;
}

/** Passed, failed and skipped tests. A run that broke without a failed test (a file that does not load) counts one. */
function runTests() {
  const clean = succeeds([bin("vitest/vitest.mjs"), ...TESTS], 30 * MINUTE);
  try {
    const report = JSON.parse(readFileSync(results, "utf8"));
    const failed = report.numFailedTests || (clean ? 0 : 1);
    return { passed: report.numPassedTests, failed, skipped: report.numPendingTests };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

const { values } = parseArgs({ options: { report: { type: "string" } } });
try {
  const lines = CHECKS.map(({ name, command }) => {
    console.error(`verify: ${name} …`);
    return { name, passed: succeeds(command, 5 * MINUTE) };
  });
  const tests = runTests();
  const passed = tests.passed + lines.filter((line) => line.passed).length;
  const failed = tests.failed + lines.filter((line) => !line.passed).length;
  for (const line of lines) console.error(`${line.passed ? "passed" : "FAILED"}  ${line.name}`);
  console.error(`${tests.failed ? "FAILED" : "passed"}  ${tests.passed} tests`);
  if (tests.skipped > 0)
    console.error(`skipped ${tests.skipped} tests (missing peers are named above)`);
  console.error(`${passed} passed, ${failed} failed`);
  if (values.report) writeFileSync(values.report, JSON.stringify({ passed, failed }));
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
