/**
 * `npm run mutants [word…]`: switches off one defence after the other in a copy of the tree and runs the tests that
 * must notice. Prints a table; exit code 1 when a defence can be removed unnoticed. Not part of `npm test`.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFENCES } from "./defences.mjs";

const ROOT = join(import.meta.dirname, "../..");
const PARTS = [
  "agent",
  "config",
  "drivers",
  "simulator",
  "test",
  "package.json",
  "vitest.config.ts",
];
const MODBUS = ["frame", "port", "line", "late", "absence", "reader", "driver", "plan", "fuzz"];
const USUAL = [
  ...MODBUS.map((name) => `test/drivers/modbus/${name}.test.ts`),
  "test/reliability/reader.test.ts",
];
const BOUND_MS = 120_000;

const tree = mkdtempSync(join(tmpdir(), "uptime-mutant-"));

/** The first test that fails, or null. */
function firstFailure(tests) {
  const run = spawnSync(
    process.execPath,
    ["node_modules/vitest/vitest.mjs", "run", "--bail=1", "--reporter=json", ...tests],
    {
      cwd: tree,
      encoding: "utf8",
      timeout: BOUND_MS,
      env: { ...process.env, FUZZ_FAULTS: "3000" },
    },
  );
  if (run.status === 0) return null;
  try {
    const report = JSON.parse(run.stdout.slice(run.stdout.indexOf("{")));
    const cases = report.testResults.flatMap(({ assertionResults }) => assertionResults);
    return cases.find(({ status }) => status === "failed")?.fullName ?? "it does not load";
  } catch {
    return "it does not end";
  }
}

function tryOut({ file, defence, from, to, tests = USUAL }) {
  const path = join(tree, file);
  const text = readFileSync(path, "utf8");
  if (!text.includes(from)) return { defence, killer: null, note: `not found in ${file}` };
  writeFileSync(path, text.replace(from, to));
  const killer = firstFailure(tests);
  writeFileSync(path, text);
  return { defence, killer, note: killer ?? "SURVIVES" };
}

let survivors = 0;
try {
  for (const part of PARTS) cpSync(join(ROOT, part), join(tree, part), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(tree, "node_modules"));
  const words = process.argv.slice(2);
  const chosen = DEFENCES.filter(
    ({ defence }) => words.length === 0 || words.some((word) => defence.includes(word)),
  );
  const broken = firstFailure(USUAL);
  if (broken !== null) throw new Error(`without any mutation: ${broken}`);
  console.log("| defence switched off | the test that fails first |\n|---|---|");
  for (const one of chosen) {
    const { defence, killer, note } = tryOut(one);
    if (killer === null) survivors += 1;
    console.log(`| ${defence} | ${note} |`);
  }
  console.log(`\n${chosen.length - survivors} of ${chosen.length} noticed`);
} finally {
  rmSync(tree, { recursive: true, force: true });
}
process.exitCode = survivors === 0 ? 0 : 1;
