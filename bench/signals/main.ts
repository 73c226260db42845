/**
 * `npm run bench:signals [PART …]`: the tables of docs/signals.md on stdout, all parts or those named. Each part reads
 * its own options and is skipped by saying so when its data is absent.
 */
import { lines } from "./lines.ts";
import { nab } from "./nab.ts";
import { plant } from "./plant.ts";
import { skab } from "./skab.ts";
import { speed } from "./stream-speed.ts";
import { throughput } from "./throughput.ts";

/** A part prints Markdown and returns an exit code. */
type Part = (args: readonly string[], say: (line: string) => void) => number;

const PARTS: Record<string, Part> = { skab, nab, speed, plant, lines, throughput };

const args = process.argv.slice(2);
const named = Object.keys(PARTS).filter((name) => args.includes(name));
const wanted = named.length > 0 ? named : Object.keys(PARTS);
const codes = wanted.map((name) => PARTS[name]?.(args, (line) => console.log(line)) ?? 64);
process.exitCode = Math.max(...codes);
