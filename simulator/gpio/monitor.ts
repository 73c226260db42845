/** One running gpiomon of a simulated board: its lines, which it holds, and the kernel's debounce (2.x). */
import type { BoardLine, Monitored } from "./answer.ts";

export interface Monitor {
  /** The level of a line has changed at `stampMs`. */
  change(line: BoardLine, stampMs: number): void;
  /** Lets its lines go. */
  end(): void;
}

/**
 * `emit` prints an event. With a debounce a change is told once it has stood that long, and is dated then, as the
 * kernel does.
 */
export function newMonitor(
  { offsets, debounceMs }: Monitored,
  lines: BoardLine[],
  emit: (line: BoardLine, stampMs: number) => void,
): Monitor {
  const mine = lines.filter(({ offset }) => offsets.includes(offset));
  const told = new Map(mine.map((line) => [line, line.level]));
  const timers = new Map<BoardLine, NodeJS.Timeout>();
  for (const line of mine) line.holder = "gpiomon";
  const tell = (line: BoardLine, stampMs: number): void => {
    if (told.get(line) === line.level && debounceMs > 0) return;
    told.set(line, line.level);
    emit(line, stampMs);
  };
  return {
    change(line, stampMs) {
      if (!told.has(line)) return;
      clearTimeout(timers.get(line));
      if (debounceMs === 0) tell(line, stampMs);
      else timers.set(line, setTimeout(tell, debounceMs, line, stampMs + debounceMs));
    },
    end() {
      for (const timer of timers.values()) clearTimeout(timer);
      for (const line of mine) line.holder = null;
    },
  };
}
