/** Fault D9: a wrong word order or the neighbor's address in a register list is named by the template's probe. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { decodeImage } from "../../agent/template/decode.ts";
import { trialOf } from "../../agent/template/trial.ts";
import { checksOf, fits } from "../../config/check-value.ts";
import { chainOf, type Image, imageOf } from "../../config/fixture.ts";
import { openTemplate, readTemplate, templateNames } from "../../config/template.ts";
import type { PointOptions } from "../../drivers/driver.ts";

const here = dirname(fileURLToPath(import.meta.url));
const shipped = join(here, "../../config");
const ORDERS = ["ABCD", "DCBA", "BADC", "CDAB"];

interface Probed {
  name: string;
  /** It names products; a generic one cannot know the size of its values. */
  isModel: boolean;
  points: PointOptions[];
  image: Image;
  /** Ids of the checks that what was decoded does not fit, or that could not be decoded at all. */
  misfits(points: PointOptions[]): string[];
}

/** Meters and drives whose probe looks at a float or a 32-bit integer. */
function probed(): Probed[] {
  return templateNames(shipped).flatMap((name) => {
    const document = openTemplate(name, shipped);
    const template = document && readTemplate(document).template;
    const first = template?.fixtures[0];
    if (!document || !template || !first) return [];
    const { trial } = trialOf(document, template);
    const checks = checksOf(template).filter(({ check }) => check.point !== undefined);
    if (!trial) return [];
    const ids = checks.map(({ id }) => id);
    const points = trial.sources
      .flatMap((source) => source.points)
      .filter(({ id, type }) => ids.includes(id) && /32$/.test(String(type)));
    if (points.length === 0) return [];
    const image = imageOf(chainOf(template, first.name));
    const misfits = (tried: PointOptions[]): string[] => {
      const samples = decodeImage(tried, image);
      return checks.flatMap(({ id, check }) => {
        if (!tried.some((point) => point.id === id)) return [];
        const sample = samples.get(id);
        return sample?.quality === "good" && fits(check, sample.value) ? [] : [id];
      });
    };
    return [{ name, isModel: template.vendor !== "generic", points, image, misfits }];
  });
}

const templates = probed();

test("there are templates to try", () => {
  expect(templates.length).toBeGreaterThanOrEqual(5);
});

describe.each(templates)("$name", ({ points, misfits, isModel }) => {
  test("as shipped, the probe fits", () => {
    expect(misfits(points)).toEqual([]);
  });

  test.each(points.map((point) => [point.id, point] as const))(
    "a wrong word order of %s is named",
    (id, point) => {
      const right = String(point["order"] ?? "ABCD");
      for (const order of ORDERS.filter((other) => other !== right))
        expect(misfits([{ ...point, order }]), order).toEqual([id]);
    },
  );

  test.each(points.map((point) => [point.id, point] as const))(
    "the neighboring register of %s is named",
    (id, point) => {
      const address = Number(point["address"]);
      for (const wrong of [address - 1, address + 1].filter((candidate) => candidate >= 0))
        expect(misfits([{ ...point, address: wrong }]), String(wrong)).toEqual([id]);
    },
  );

  test.each(isModel ? points.map((point) => [point.id, point] as const) : [])(
    "a scale wrong by a thousand of %s is named",
    (id, point) => {
      const scale = Number(point["scale"] ?? 1);
      for (const wrong of [scale * 1000, scale / 1000])
        expect(misfits([{ ...point, scale: wrong }]), String(wrong)).toEqual([id]);
    },
  );
});
