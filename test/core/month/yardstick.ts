/** How quick this machine is at the kind of work that replay and verify do, so that a bound on them holds on any. Judges nothing. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** Seconds of computing to read, write and hash the lines of a file three times, the median of five: 0.2 where both take 7. */
export function yardstick(path: string): number {
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  const rounds = [1, 2, 3, 4, 5].map(() => {
    const begun = process.cpuUsage();
    const hash = createHash("sha256");
    for (let k = 0; k < 3; k++)
      for (const line of lines) hash.update(JSON.stringify(JSON.parse(line)));
    const { user, system } = process.cpuUsage(begun);
    return (user + system) / 1e6;
  });
  return rounds.sort((a, b) => a - b)[2] ?? 0;
}
