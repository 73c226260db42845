/** The checks that a build brings ready made find what the ones compiled from the schemas find. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { checkedReferences } from "../../config/point.ts";
import { precompiled, violations } from "../../config/validator.ts";

const here = dirname(fileURLToPath(import.meta.url));
const folder = mkdtempSync(join(here, "ready-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("ready-made checks and compiled ones agree, defaults included", () => {
  const file = join(folder, "validators.cjs");
  writeFileSync(file, precompiled(checkedReferences()));
  const ready = createRequire(import.meta.url)(file);
  const broken = [
    {},
    { version: 2, gateway: { id: "GW" } },
    {
      version: 1,
      gateway: { id: "a", enterprise: "b", site: "c", timezone: "UTC" },
      assets: {},
      nonsense: 1,
    },
    JSON.parse(readFileSync(join(here, "../../package.json"), "utf8")),
  ];
  for (const reference of checkedReferences())
    for (const data of broken) {
      const [mine, its] = [structuredClone(data), structuredClone(data)];
      const found = violations(reference, mine).map(
        ({ keyword, path }) => `${keyword} ${path.length}`,
      );
      const isRight = ready[reference](its);
      const errors = (ready[reference].errors ?? []).filter(
        ({ keyword }: { keyword: string }) => keyword !== "propertyNames",
      );
      expect(
        isRight
          ? []
          : errors.map(
              (error: { keyword: string; instancePath: string }) =>
                `${error.keyword} ${error.instancePath.split("/").length - 1}`,
            ),
      ).toEqual(found);
      expect(its).toEqual(mine);
    }
});
