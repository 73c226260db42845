/** The points of one source on a chip: edges become readings of their own, a poll says what all points are now. */
import type { Value } from "../../agent/core/model.ts";
import type { Reading, Sample } from "../driver.ts";
import {
  type Change,
  isOn,
  isSettling,
  isUnsteady,
  type Line,
  newLine,
  settle,
  settlesAt,
  takeEdge,
  takeReading,
} from "./edges.ts";
import { gather, type PointChange, TOGETHER_MS } from "./gather.ts";
import type { GpioPoint } from "./point.ts";

interface Watched {
  point: GpioPoint;
  line: Line;
  /** Instant of the last edge or reading. */
  seenAt: number;
  /** Pulses handed out so far. */
  told: number;
}

export class PointSet {
  readonly points: readonly GpioPoint[];
  readonly #watched: Watched[];
  #changes: PointChange[] = [];
  /** When the oldest of them became known; stamps may come late. */
  #knownAt = 0;
  #listener: ((reading: Reading) => void) | null = null;

  constructor(points: GpioPoint[]) {
    this.points = points;
    this.#watched = points.map((point) => {
      const { activeLow, debounceMs } = point;
      return { point, line: newLine({ activeLow, debounceMs }), seenAt: 0, told: 0 };
    });
  }

  listen(listener: (reading: Reading) => void): void {
    this.#listener = listener;
  }

  /** `doneMs`: what the kernel has debounced of a line already, 0 for nothing. */
  debounced(doneMs: (line: string) => number): void {
    for (const { point, line } of this.#watched)
      line.debounceMs = point.debounceMs > doneMs(point.line) ? point.debounceMs : 0;
  }

  /** `now`: when it arrived, not when it was. */
  edge(name: string, level: boolean, at: number, now: number): void {
    for (const watched of this.#watched) {
      if (watched.point.line !== name) continue;
      watched.seenAt = at;
      this.#keep(watched, takeEdge(watched.line, level, at), now);
    }
  }

  reading(name: string, level: boolean, at: number): void {
    for (const watched of this.#watched) {
      if (watched.point.line !== name) continue;
      watched.seenAt = at;
      this.#keep(watched, takeReading(watched.line, level, at), at);
    }
  }

  #keep(watched: Watched, changes: Change[], now: number): void {
    if (this.#changes.length === 0) this.#knownAt = now;
    const { id, counts } = watched.point;
    for (const { at, isOn, pulses } of changes) {
      if (!counts) this.#changes.push({ id, at, value: isOn });
      else if (pulses > watched.told) this.#changes.push({ id, at, value: pulses });
      watched.told = pulses;
    }
  }

  /** Hands out what is certain at `now`; with `all` also what might still get company. */
  flush(now: number, all: boolean): void {
    for (const watched of this.#watched) this.#keep(watched, settle(watched.line, now), now);
    if (this.#changes.length === 0) return;
    if (!all && now < this.#knownAt + TOGETHER_MS) return;
    const batches = gather(this.#changes);
    this.#changes = [];
    for (const { at, values } of batches) this.#listener?.(readingOf(at, values));
  }

  /** When {@link flush} has something to do; null while it has not. */
  due(): number | null {
    const changes = this.#changes.length > 0 ? [this.#knownAt + TOGETHER_MS] : [];
    const settling = this.#watched.flatMap(({ line }) => settlesAt(line) ?? []);
    const due = Math.min(...changes, ...settling);
    return Number.isFinite(due) ? due : null;
  }

  /** A line is on its way to another level: what a poll says of it would be contradicted by its edge. */
  isSettling(now: number): boolean {
    return this.#watched.some(({ line }) => isSettling(line, now));
  }

  /** All points as they are at `now`. */
  read(now: number): Reading {
    const samples = new Map(
      this.#watched.map(({ point, line }) => [point.id, sampleOf(point, line, now)]),
    );
    return { samples, failure: null, at: now, requests: 1 };
  }

  /** Whether no edge and no reading came from a line since `since`. */
  isQuiet(name: string, since: number): boolean {
    return this.#watched.some(({ point, seenAt }) => point.line === name && seenAt < since);
  }

  /** A reading of all points out of turn: the watch was lost, or is back. */
  tell(reading: Reading): void {
    this.#changes = [];
    this.#listener?.(reading);
  }

  get lost(): number {
    return this.#watched.reduce((sum, { line }) => sum + line.lost, 0);
  }
}

function sampleOf({ counts }: GpioPoint, line: Line, now: number): Sample {
  if (isUnsteady(line, now) || isSettling(line, now))
    return { quality: "bad", reason: "GPIO_UNSTEADY" };
  const value = counts ? line.pulses : isOn(line);
  return { quality: "good", value, raw: [Number(line.level)] };
}

function readingOf(at: number, values: Map<string, Value>): Reading {
  const samples = new Map<string, Sample>();
  for (const [id, value] of values)
    samples.set(id, { quality: "good", value, raw: [Number(value)] });
  return { samples, failure: null, at, requests: 0 };
}
