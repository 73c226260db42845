/**
 * Checks data against the shipped JSON Schemas and fills in defaults. The only importer of `ajv`.
 * A build brings the checks ready made (`precompiled`), because compiling them is most of a start; from sources they
 * are compiled on first use. Findings are raw; `explain.ts` makes them readable.
 */
import { createRequire } from "node:module";
import type { Ajv2020, ErrorObject, ValidateFunction } from "ajv/dist/2020.js";
import type { Path } from "./problem.ts";
import { type JsonSchema, referenced, schema } from "./schemas.ts";

/** One violated keyword. `path` leads to the offending value (for unknown and missing keys: to their map). */
export interface Violation {
  path: Path;
  keyword: string;
  params: Record<string, unknown>;
  /** The schema that holds the keyword. */
  schema: JsonSchema;
  value: unknown;
  /** The key itself is wrong, not its value. */
  key: string | null;
}

/** Annotations of ours: what to say instead of a pattern, how a key is resolved, which schema points follow. */
const ANNOTATIONS = ["x-say", "x-shorthand", "x-filled", "x-point"];

type Ajv = typeof import("ajv/dist/2020.js");
type Standalone = typeof import("ajv/dist/standalone/index.js");

const require = createRequire(import.meta.url);
let instance: Ajv2020 | null = null;
let ready: Record<string, ValidateFunction> | null = null;
const compiled = new Map<string, ValidateFunction>();

function ajv(): Ajv2020 {
  if (instance) return instance;
  const { Ajv2020 } = require("ajv/dist/2020.js") as Ajv;
  instance = new Ajv2020({
    code: { source: true },
    strict: true,
    allErrors: true,
    verbose: true,
    useDefaults: true,
    discriminator: true,
    // A test validates the schemas themselves; start-up need not.
    meta: false,
    validateSchema: false,
    allowUnionTypes: true,
  });
  instance.addVocabulary(ANNOTATIONS);
  const checked = ["plant", "template", "act"].flatMap(referenced);
  for (const name of new Set(checked)) {
    // Which branch applies to a point is decided by its driver (points.ts), not by trying both.
    const loaded = name === "point" ? { ...schema(name), anyOf: undefined } : schema(name);
    instance.addSchema(JSON.parse(JSON.stringify(loaded)) as JsonSchema);
  }
  return instance;
}

/** Validates `data` against e.g. `plant.json` or `gpio.json#/$defs/point`; writes defaults into it. */
export function violations(reference: string, data: unknown): Violation[] {
  let check = compiled.get(reference);
  if (!check) {
    check = readyMade()[reference] ?? ajv().compile({ $ref: reference });
    compiled.set(reference, check);
  }
  if (check(data)) return [];
  return (check.errors ?? []).filter(tellsSomething).map((error) => violation(error, data));
}

/** A check against one self-contained schema, as of records: in words what is wrong first, or null. Changes nothing. */
export function checkerOf(document: JsonSchema): (data: unknown) => string | null {
  const { Ajv2020 } = require("ajv/dist/2020.js") as Ajv;
  const own = new Ajv2020({ strict: true, allowUnionTypes: true, validateSchema: false });
  const check = own.compile(document);
  return (data) => {
    if (check(data)) return null;
    const [first] = check.errors ?? [];
    return `${first?.instancePath ?? ""} ${first?.message ?? "is not of its schema"}`.trim();
  };
}

const READY = "./validators.cjs";

/** What the build left beside this module; nothing when running from sources. */
function readyMade(): Record<string, ValidateFunction> {
  if (ready) return ready;
  try {
    ready = require(READY) as Record<string, ValidateFunction>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    ready = {};
  }
  return ready;
}

/** The checks of these references as the text of a CommonJS module, for the build to put beside this one. */
export function precompiled(references: string[]): string {
  const { default: standalone } = require("ajv/dist/standalone/index.js") as Standalone;
  const names = references.map((reference) => {
    ajv().addSchema({ $ref: reference }, `ready ${reference}`);
    return [reference, `ready ${reference}`];
  });
  return standalone(ajv(), Object.fromEntries(names) as Record<string, string>);
}

/** Wrapper keywords only repeat what another error says better. */
const tellsSomething = (error: ErrorObject): boolean => error.keyword !== "propertyNames";

function violation(error: ErrorObject, data: unknown): Violation {
  return {
    path: pathOf(error.instancePath, data),
    keyword: error.keyword,
    params: error.params as Record<string, unknown>,
    schema: (error.parentSchema ?? {}) as JsonSchema,
    value: error.data,
    key: error.propertyName ?? null,
  };
}

/** A JSON pointer (RFC 6901) as keys, and as numbers where lists are indexed. */
function pathOf(pointer: string, data: unknown): Path {
  let node = data;
  return pointer
    .split("/")
    .slice(1)
    .map((step) => {
      const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
      const inList = Array.isArray(node);
      node = (node as Record<string, unknown>)[key];
      return inList ? Number(key) : key;
    });
}
