/**
 * What the driver needs of a GPIO chip: found lines that are watched for edges and can be read again.
 * Nothing here can drive a line.
 */
import type { FaultCode } from "../../agent/core/fault.ts";
import type { Bias } from "./commands.ts";

/** A line as configured: by name (`GPIO17`) or offset (`17`). Several points may share one. */
export interface WantedLine {
  line: string;
  bias: Bias;
  /** Shortest debounce of its points. */
  debounceMs: number;
  /** Some point counts its pulses: it is never disturbed for the sake of others. */
  counts: boolean;
}

/** Electrical levels with instants on the driver's clock. */
export interface LineEvents {
  /** Dated by the kernel where it says when. */
  edge(line: string, level: boolean, at: number): void;
  /** The line was read at `at`. */
  reading(line: string, level: boolean, at: number): void;
  /** The watch ended by itself; nothing comes after it. */
  ended(reason: FaultCode): void;
}

export interface Watch {
  /** The kernel debounces by each line's `debounceMs`. */
  debounces: boolean;
  /** How often {@link reread} is worth its price, milliseconds; 0: at every poll. */
  rereadMs: number;
  /** Reads lines again for which `isQuiet`. Levels come as readings, trouble as the end of the watch. */
  reread(isQuiet: (line: string) => boolean): Promise<void>;
  /** Releases the lines. Settles within 1 s. */
  close(): Promise<void>;
}

export interface Backend {
  /**
   * Finds the lines, reads them once, and watches them. The reason when it cannot. Settles soon after `signal`
   * aborts, with every child gone.
   */
  open(lines: WantedLine[], events: LineEvents, signal: AbortSignal): Promise<Watch | FaultCode>;
}
