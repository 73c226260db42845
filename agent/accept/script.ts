/** Answers from a file or a pipe, one line each, for scripts and CI. `wait 5s` before an answer lets time pass. */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { durationMs } from "../../config/units.ts";
import { Fault } from "../core/fault.ts";
import type { Millis } from "../core/time.ts";

export interface Script {
  /** The next answer. Throws `USAGE_INVALID` when there is none. */
  next(): Promise<string>;
  close(): void;
}

/** `file`: `-` is stdin. Empty lines are answers, lines that begin with `#` are not. */
export function openScript(file: string, sleep: (ms: Millis) => Promise<void>): Script {
  const input = file === "-" ? process.stdin : createReadStream(file);
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  const rest = lines[Symbol.asyncIterator]();
  const unreadable = new Promise<never>((_, reject) => {
    input.once("error", (error: unknown) =>
      reject(new Fault("INPUT_UNREADABLE", `cannot read ${file}`, { file }, error)),
    );
  });
  unreadable.catch(() => {});
  return {
    async next() {
      for (;;) {
        const { value, done } = await Promise.race([rest.next(), unreadable]);
        if (done) throw new Fault("USAGE_INVALID", `the answers in ${file} end too early`);
        const line = value.trim();
        const pause = /^wait\s+(\S+)$/.exec(line)?.[1];
        if (pause !== undefined) await sleep(pauseOf(pause));
        else if (!line.startsWith("#")) return line;
      }
    },
    close: () => {
      lines.close();
      input.destroy();
    },
  };
}

function pauseOf(text: string): Millis {
  try {
    return durationMs(text);
  } catch {
    throw new Fault("USAGE_INVALID", `wait needs a duration such as 5s, not ${text}`);
  }
}
