/** Late scrap, from a line of input to the record: by every way of counting, and refused where it could change nothing. */
import { describe, expect, test } from "vitest";
import { replay } from "../../../agent/replay/replay.ts";
import { HOUR, MINUTE, plantOf, SIX, YAML } from "../../support/line-plant.ts";
import type { Payload } from "../../support/records.ts";

const counting = (counts: string): string =>
  YAML.replace("counts: { total: total, good: good }", `counts: { ${counts} }`);

/** Two hours of producing on two machines, a piece every 10 s, every tenth of them counted by the second counter. */
function replayed(yaml: string, scrap: object | null): Payload[] {
  const printed: Payload[] = [];
  const plant = plantOf(yaml);
  const run = replay({
    plant,
    load: () => plant,
    print: (line) => void printed.push(JSON.parse(line).payload),
  });
  const say = (line: object): void => run.line(JSON.stringify(line));
  for (let t = 0; t <= 2 * HOUR; t += 10_000) {
    const n = t / 10_000;
    const values = { status: 6, total: n, good: Math.floor(n / 10) };
    say({ at: SIX + t, asset: "press-01", values });
    say({ at: SIX + t, asset: "press-01", source: "meter", values: { power: 5 } });
    say({ at: SIX + t, asset: "saw-02", values: { status: 6 } });
    if (t === 90 * MINUTE && scrap)
      say({ at: SIX + t, asset: "press-01", event: "counts", by: "lab", why: "cracks", ...scrap });
  }
  run.end(SIX + 30 * HOUR);
  return printed;
}

const HOUR_OF_SIX = { kind: "hour", from: SIX, reject: 3 };

/** The last revision of a window that begins at six, by kind. */
const counts = (printed: Payload[], kind: string): unknown =>
  printed.findLast(({ asset, window }) => {
    const { from, kind: own } = (window ?? {}) as { from: string; kind: string };
    return asset === "press-01" && own === kind && (kind === "day" || Date.parse(from) === SIX);
  })?.["counts"];

describe("a machine that counts all pieces and", () => {
  test.each([
    ["good ones", "total: total, good: good", 36],
    ["rejects", "total: total, reject: good", 359 - 36],
  ])("%s: the scrap is rejected, in the hour and in what holds it", (_, how, good) => {
    const [before, after] = [null, HOUR_OF_SIX].map((scrap) => replayed(counting(how), scrap));
    const was = counts(before ?? [], "hour") as Record<string, number>;
    const told = { total: 359, good: was["good"], reject: 359 - Number(was["good"]) };
    expect(Math.abs(Number(was["good"]) - good)).toBeLessThanOrEqual(1);
    expect(was).toMatchObject(told);
    expect(counts(after ?? [], "hour")).toMatchObject({
      ...{ total: 359, good: told.good! - 3, reject: told.reject + 3 },
    });
    const days = [before, after].map((one) => counts(one ?? [], "day") as { reject: number });
    expect(days[1]?.reject).toBe(Number(days[0]?.reject) + 3);
  });

  test("nothing else: there is no number that scrap could change, so it is refused", () => {
    expect(() => replayed(counting("total: total"), HOUR_OF_SIX)).toThrow(
      /^line \d+: press-01 counts neither good pieces nor rejects/,
    );
    expect(() => replayed(YAML, { ...HOUR_OF_SIX, asset: "saw-02" })).toThrow(
      /saw-02 counts neither/,
    );
  });
});

test("more scrap than there were good pieces is refused, what is left is not", () => {
  expect(() => replayed(YAML, { ...HOUR_OF_SIX, reject: 37 })).toThrow(
    /^line \d+: only (35|36) good pieces of press-01 are left in that hour/,
  );
  const counted = counts(replayed(YAML, { ...HOUR_OF_SIX, reject: 35 }), "hour");
  expect(Number((counted as { good: number }).good)).toBeLessThanOrEqual(1);
});

describe("a window that does not exist", () => {
  test.each<[string, object]>([
    ["begins at another time", { from: SIX + MINUTE }],
    ["was before the first input", { from: SIX - HOUR }],
    ["is of a kind that is not configured", { kind: "month", from: SIX - 22 * 24 * HOUR }],
    ["is in the future", { from: SIX + 20 * HOUR }],
  ])("%s: refused, and nothing changed", (_, wrong) => {
    expect(() => replayed(YAML, { ...HOUR_OF_SIX, ...wrong })).toThrow(
      /^line \d+: press-01 has no (hour|month) window that begins then/,
    );
  });
});
