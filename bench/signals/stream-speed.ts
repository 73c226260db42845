/** Rows per second of CPU time and heap per quiet row of the stream detectors, on seeded rows. Measures; asserts nothing. */
import { newMspc, stepMspc } from "../../agent/core/signal/mspc.ts";
import { newNovelty, stepNovelty } from "../../agent/core/signal/novelty.ts";
import { quietVerdict, type RowVerdict } from "../../agent/core/signal/row.ts";

const ROWS = 4096;
const WARM = 400_000;
const MEASURED = 2_000_000;

export function speed(_args: readonly string[], say: (line: string) => void): number {
  say("### Speed of the stream detectors, one core\n");
  say("| detector | M rows per CPU second | heap grown, bytes per row | state as JSON |");
  say("|---|---|---|---|");
  const wide = newMspc(8);
  say(line("MSPC, 8 channels", wide, 8, (x, verdict) => stepMspc(wide, x, verdict)));
  const single = newNovelty();
  say(line("novelty", single, 1, (x, verdict) => stepNovelty(single, x, verdict)));
  say("");
  return 0;
}

function line(
  name: string,
  state: object,
  channels: number,
  step: (x: Float64Array, verdict: RowVerdict) => void,
): string {
  const rows = Array.from({ length: ROWS }, (_, i) =>
    Float64Array.from({ length: channels }, (_, j) => Math.sin(i * i * 0.011 * (j + 2)) + j),
  );
  const verdict = quietVerdict();
  for (let i = 0; i < WARM; i++) step(rows[i % ROWS]!, verdict);
  const heap = process.memoryUsage().heapUsed;
  const begin = process.cpuUsage();
  for (let i = 0; i < MEASURED; i++) step(rows[i % ROWS]!, verdict);
  const { user, system } = process.cpuUsage(begin);
  const seconds = (user + system) / 1e6;
  const grown = (process.memoryUsage().heapUsed - heap) / MEASURED;
  const size = JSON.stringify(state).length;
  return `| ${name} | ${(MEASURED / seconds / 1e6).toFixed(1)} | ${Math.max(0, grown).toFixed(2)} | ${size} B |`;
}
