/**
 * The fixtures of a template as images: registers of a device at an instant, and what must be read from them.
 * A fixture that comes `after` another begins with what that one has. Decodes nothing and serves nothing.
 */
import type { Template, TemplateFixture } from "./types.ts";

export const IMAGE_TABLES = ["coil", "discrete", "input", "holding"] as const;
export type ImageTable = (typeof IMAGE_TABLES)[number];

/** Words, or 0 and 1, by wire address. What is not there does not exist. */
export type Image = Readonly<Record<ImageTable, ReadonlyMap<number, number>>>;

export interface Expectation {
  values: Record<string, number | string | boolean>;
  /** Reason codes by point. */
  bad: Record<string, string>;
}

/** The fixture of that name and those before it, the first one first; empty when a name is unknown or comes later. */
export function chainOf(template: Template, name: string): TemplateFixture[] {
  const index = template.fixtures.findIndex((fixture) => fixture.name === name);
  const fixture = template.fixtures[index];
  if (!fixture) return [];
  if (fixture.after === undefined) return [fixture];
  const earlier = { ...template, fixtures: template.fixtures.slice(0, index) };
  const past = chainOf(earlier, fixture.after);
  return past.length === 0 ? [] : [...past, fixture];
}

/** The registers at the end of a chain. */
export function imageOf(chain: readonly TemplateFixture[]): Image {
  const image: Record<ImageTable, Map<number, number>> = {
    coil: new Map(),
    discrete: new Map(),
    input: new Map(),
    holding: new Map(),
  };
  for (const fixture of chain) {
    for (const table of IMAGE_TABLES) {
      for (const [address, words] of Object.entries(fixture[table] ?? {})) {
        [words].flat().forEach((word, offset) => {
          image[table].set(Number(address) + offset, word);
        });
      }
    }
  }
  return image;
}

/** What must be read at the end of a chain. */
export function expectationOf(chain: readonly TemplateFixture[]): Expectation {
  const expectation: Expectation = { values: {}, bad: {} };
  for (const { expect, bad } of chain) {
    for (const id of Object.keys(expect)) delete expectation.bad[id];
    for (const id of Object.keys(bad)) delete expectation.values[id];
    Object.assign(expectation.values, expect);
    Object.assign(expectation.bad, bad);
  }
  return expectation;
}

/** `quantity` words or bits from `address` on; null when one of them does not exist. */
export function readImage(
  image: Image,
  table: ImageTable,
  address: number,
  quantity: number,
): number[] | null {
  const words = Array.from({ length: quantity }, (_, offset) => image[table].get(address + offset));
  return words.every((word) => word !== undefined) ? words : null;
}
