/** Oracle, step 5: stops, judged whole, with and without the prime. Accounting rule 11. */
import type { Piece } from "./timeline.ts";

export interface Stop {
  from: number;
  to: number;
  micro: boolean;
  /** The same with `unknown` read as `producing`. */
  microPrime: boolean;
  /** Begin of the first fault in it that is not attributed to others. */
  fault: number | null;
}

const OTHERS = ["customer", "third-party", "force-majeure"];

export function stopsOf(pieces: Piece[], microStopMs: number): Stop[] {
  const real = pieces.filter((piece) => piece.to > piece.from);
  const stops: Stop[] = [];
  for (let k = 0; k < real.length; k++) {
    if (!stopped(real[k])) continue;
    let end = k;
    while (stopped(real[end + 1])) end++;
    const run = real.slice(k, end + 1);
    const before = real[k - 1]?.condition;
    const after = real[end + 1]?.condition;
    const from = (run[0] as Piece).from;
    const to = (run.at(-1) as Piece).to;
    const short =
      to - from < microStopMs &&
      !run.some((piece) => ["setup", "engineering", "maintenance"].includes(piece.condition));
    const bound = (side: string | undefined, prime: boolean): boolean =>
      side === "producing" || (prime && side === "unknown");
    stops.push({
      from,
      to,
      micro: short && bound(before, false) && bound(after, false),
      microPrime: short && bound(before, true) && bound(after, true),
      fault:
        run.find((piece) => piece.condition === "fault" && !OTHERS.includes(piece.attribution))
          ?.from ?? null,
    });
    k = end;
  }
  return stops;
}

function stopped(piece: Piece | undefined): boolean {
  return piece !== undefined && piece.condition !== "producing" && piece.condition !== "unknown";
}
