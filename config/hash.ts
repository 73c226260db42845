/** The fingerprint of a configuration, carried by every record. */
import { createHash } from "node:crypto";
import { canonicalJson } from "../agent/core/canonical.ts";
import type { Config } from "./types.ts";

/** RFC 8785 JSON of the resolved configuration: templates merged, defaults filled in, keys sorted. */
export const canonical = (config: Config): string => canonicalJson(config);

/** `sha256:` and 64 hexadecimal digits. Key order, comments, quoting and short forms do not change it. */
export const configHash = (config: Config): string =>
  `sha256:${createHash("sha256").update(canonical(config)).digest("hex")}`;
