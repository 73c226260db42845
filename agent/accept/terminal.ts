/** A technician at a terminal: the machine live in the prompt, answers by line, ^C to interrupt. Judges nothing. */
import { createInterface } from "node:readline";

export interface Terminal {
  /** The next line that is entered; null when the terminal was closed. */
  next(): Promise<string | null>;
  /** What stands before the cursor; what was typed so far stays. */
  status(line: string): void;
  /** A line above the prompt. */
  say(line: string): void;
  /** Takes the prompt away until the next status. */
  clear(): void;
  close(): void;
}

const ERASE = "\r\x1b[2K";

export function openTerminal(interrupt: () => void): Terminal {
  const output = process.stderr;
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  let isClosed = false;
  /** What the prompt shows; empty: it must be drawn again. */
  let shown = "";
  let give: ((line: string | null) => void) | null = null;
  const answer = (line: string | null): void => {
    shown = "";
    give?.(line);
    give = null;
  };
  lines.on("line", answer);
  lines.on("SIGINT", interrupt);
  lines.on("close", () => {
    isClosed = true;
    answer(null);
  });
  return {
    next: () =>
      new Promise((resolve) => {
        if (isClosed) resolve(null);
        else give = resolve;
      }),
    status(line) {
      if (isClosed || line === shown) return;
      shown = line;
      // A prompt that wraps cannot be redrawn in its place.
      const room = Math.max(20, (output.columns || 80) - 12);
      lines.setPrompt(`${line.length > room ? `${line.slice(0, room - 1)}…` : line} > `);
      lines.prompt(true);
    },
    say(line) {
      shown = "";
      output.write(`${ERASE}${line}\n`);
    },
    clear() {
      shown = "";
      output.write(ERASE);
    },
    close: () => {
      output.write(ERASE);
      lines.close();
    },
  };
}
