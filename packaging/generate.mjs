/**
 * Writes what is derived from the sources: `docs/errors.md` from the fault table, types and references from the
 * JSON Schemas. With `--check` nothing is written and stale files are named instead (exit code 1).
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build, isBuilt, root } from "./build.mjs";

const load = (file) => import(join(root, "dist", file));

const cell = (text) => text.replaceAll("|", "\\|");

function errorsPage(faults) {
  const row = ([code, { meaning, class: kind, cause, hint }]) =>
    `| \`${code}\` | ${cell(meaning)} | ${kind} | ${cause ?? "–"} | ${cell(hint)} |`;
  return `# Errors

Generated from \`agent/core/fault.ts\` by \`npm run docs\`; do not edit.

Class: \`retry\` heals by itself or is tried again, \`reject\` will not heal without a change (of the configuration or
the device), \`halt\` stops the command. Cause: the part of \`unknownMs\` that time is booked to while a needed point
fails with this code; – where no time is booked.

| code | meaning | class | cause | next step |
|---|---|---|---|---|
${Object.entries(faults).map(row).join("\n")}
`;
}

async function derived() {
  const { FAULTS } = await load("agent/core/fault.js");
  const { generate } = await load("config/generate.js");
  return { "docs/errors.md": errorsPage(FAULTS), ...(await generate()) };
}

const check = process.argv.includes("--check");
if (!isBuilt()) build({ force: true });
const stale = Object.entries(await derived()).filter(([path, text]) => {
  const file = join(root, path);
  return !existsSync(file) || readFileSync(file, "utf8") !== text;
});
for (const [path, text] of stale) {
  if (check) {
    console.error(`stale: ${path} (run: npm run docs)`);
  } else {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    console.error(`written: ${path}`);
  }
}
if (check && stale.length > 0) process.exitCode = 1;
