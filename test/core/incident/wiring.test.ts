import { test } from "vitest";
import { bench, press } from "../../support/plant.ts";
import { MIN, model, SEC, T0 } from "./scene.ts";

const rules = [
  { id: "fault", severity: "s1", on: "fault" as const, forMs: 5 * MIN, reasons: null },
];
const look = (forMs: number, holdMs: number, cycles: [number, number][], more = {}) => {
  const plant = bench(
    T0,
    press({
      sources: [{ id: "main", pollMs: 1000, holdMs }],
      incidents: model({ rules: [{ ...rules[0]!, forMs }], ...more }),
    }),
  );
  for (const [at, status] of cycles)
    plant.cycle(T0 + at, { status, total: 0, good: 0, guard: false });
  return plant
    .records()
    .filter((r) => r.class === "incident")
    .map((r) =>
      r.class === "incident"
        ? [
            r.time - T0,
            r.body.status,
            r.body.openedAt - T0,
            r.body.restoredAt === null ? null : r.body.restoredAt - T0,
          ]
        : [],
    );
};
test("wiring", () => {
  console.log(
    JSON.stringify(
      look(5 * MIN, 3600_000, [
        [0, 6],
        [SEC, 8],
        [20 * MIN, 8],
        [30 * MIN, 6],
        [50 * MIN, 6],
      ]),
    ),
  );
  console.log(
    JSON.stringify(
      look(2 * SEC, 3000, [
        [0, 6],
        [1000, 8],
        [2000, 8],
        [3000, 8],
        [4000, 8],
        [5000, 6],
      ]),
    ),
  );
  console.log(
    JSON.stringify(
      look(2 * SEC, 10000, [
        [0, 6],
        [1000, 8],
        [9000, 8],
      ]),
    ),
  );
});
