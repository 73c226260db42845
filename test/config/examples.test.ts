/** Examples that people copy load without a mistake, and without a warning that they would copy as well. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadConfig } from "../../config/load.ts";

test("the plant that is paid for by its outcomes", () => {
  const loaded = loadConfig(join(import.meta.dirname, "../../config/examples/contract.yaml"));
  expect(loaded).toMatchObject({ ok: true });
  expect(loaded.warnings.map(({ path }) => path)).toEqual(["connections.panel.driver"]);
  expect(loaded.ok ? Object.keys(loaded.config.contracts) : []).toEqual(["press-service"]);
});
