/** Bundles as text, for tests that change them, with the manifest made anew where the forger would do so. */
import { gunzipSync, gzipSync } from "node:zlib";

export const bundleText = (bytes: Uint8Array): string => gunzipSync(bytes).toString("utf8");
export const packed = (text: string): Buffer => gzipSync(text);
