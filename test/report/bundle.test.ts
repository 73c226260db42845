/** A report from a bundle: what the store says, to the byte, without the store; and what a bundle cannot say is not said. */
import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { reportCommand } from "../../agent/cli/report.ts";
import type { ReportOptions } from "../../agent/cli/report-asked.ts";
import { exportBundle } from "../../agent/evidence/export.ts";
import { loadPlant } from "../../agent/plant.ts";
import { storePaths } from "../../agent/storage.ts";
import { openReader } from "../../agent/store/read.ts";
import { ENTERED, PLANT, type ReportSite, reportSite } from "./site.ts";

let site: ReportSite;
beforeAll(async () => {
  const both = PLANT.replace("assets: [press-01]", "assets: [press-01, pump-02]").replace(
    /\n {6}- \{ metric: oee.*/,
    "",
  );
  site = await reportSite(ENTERED, both);
}, 60_000);
afterAll(() => site.remove());

function bundle(assets: string[] | null): string {
  const plant = loadPlant(site.config);
  const { hash, config, model } = plant;
  const reader = openReader(storePaths(plant).database);
  try {
    const whole = { version: "1", agent: model.agent, sign: null, handOver: null };
    const asked = { ...whole, span: null, assets, config: { hash, config } };
    const { bytes } = exportBundle(reader, asked);
    const file = site.write(`${assets?.join() ?? "all"}.evidence`, "");
    writeFileSync(file, bytes);
    return file;
  } finally {
    reader.close();
  }
}

/** What is printed to both. */
function printed(options: Partial<ReportOptions>): { out: string; err: string } {
  const said = { out: "", err: "" };
  const spies = (["stdout", "stderr"] as const).map((name) =>
    vi.spyOn(process[name], "write").mockImplementation((chunk) => {
      said[name === "stdout" ? "out" : "err"] += String(chunk);
      return true;
    }),
  );
  try {
    reportCommand({ config: "is not read.yaml", day: "2026-11-23", ...options });
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return said;
}

test.each([{ json: true }, { csv: true }, { html: "-" }, {}])("as the store, %j", (form) => {
  const { out } = printed({ config: site.config, ...form });
  expect(out).toContain("press-01");
  expect(printed({ bundle: bundle(null), ...form }).out).toBe(out);
});

test("of some machines: no word of a contract over others, and why", () => {
  const { out, err } = printed({ bundle: bundle(["press-01"]), json: true });
  const document = JSON.parse(out);
  expect(document.assets.map(({ asset }: { asset: string }) => asset)).toEqual(["press-01"]);
  expect(document.standings).toEqual([]);
  expect(err).toContain("contract acme-2026 is not told: nothing of pump-02 is known here");
  expect(document.without).toEqual([expect.stringContaining("nothing is known yet of pump-02")]);
});

test("without raw it explains with rules and registers", () => {
  const { out } = printed({ bundle: bundle(null), explain: true });
  expect(out).toContain("rule 0: fault when status in 8, 9");
  expect(out).not.toContain("shown by");
});

test("a bundle that was changed, or is none, is refused", () => {
  const file = bundle(null);
  const text = gunzipSync(readFileSync(file)).toString();
  writeFileSync(file, gzipSync(text.replace('"condition":"fault"', '"condition":"idle"')));
  expect(() => printed({ bundle: file })).toThrow(/section .* is not what the manifest tells/);
  expect(() => printed({ bundle: site.config })).toThrow("cannot be unpacked");
  expect(() => printed({ bundle: `${file}x` })).toThrow("cannot read");
});
