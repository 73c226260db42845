/** A bar on stderr while something lasts; nothing where stderr is no terminal. */

const WIDTH = 24;
/** Redrawn at most this often. */
const EVERY_MS = 100;

export interface Bar {
  /** One step begins; `text` says which. */
  step(text: string): void;
  /** Takes the bar away. */
  end(): void;
}

export function progressBar(total: number, isShown: boolean, now: () => number): Bar {
  let done = 0;
  let drawnAt = Number.NEGATIVE_INFINITY;
  return {
    step(text) {
      if (isShown && now() - drawnAt >= EVERY_MS) {
        drawnAt = now();
        process.stderr.write(`\r\x1b[2K${barText(done, total, text)}`);
      }
      done += 1;
    },
    end: () => {
      if (isShown) process.stderr.write("\r\x1b[2K");
    },
  };
}

export function barText(done: number, total: number, text: string): string {
  const filled = Math.floor((WIDTH * done) / Math.max(1, total));
  return `[${"#".repeat(filled)}${"-".repeat(WIDTH - filled)}] ${done}/${total}  ${text}`;
}
