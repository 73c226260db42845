/** The kinds of machine a scenario may name. A new kind is a file in `kinds/` and a row here. */
import type { Kind } from "./kind.ts";
import { cnc } from "./kinds/cnc.ts";
import { compressor } from "./kinds/compressor.ts";
import { packaging } from "./kinds/packaging.ts";
import { press } from "./kinds/press.ts";

export const KINDS: ReadonlyMap<string, Kind> = new Map(
  [press, packaging, cnc, compressor].map((kind) => [kind.name, kind]),
);
