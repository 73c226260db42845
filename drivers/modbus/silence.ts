/**
 * When a serial line may be spoken on: after its silence, and after everything has passed that may yet answer a
 * failed request. Pure bookkeeping; times are arguments, in ms of the driver's clock.
 */
import type { Pace } from "./pace.ts";

/** Unasked bytes: another client's exchange, or noise, that must be over before we speak. */
const OVERHEARD_MS = 100;

export class Silence {
  /** Something arrived, or may have, that answers nothing: to be thrown away before the next request. */
  isStale = false;
  readonly #gapMs: number;
  #lastByteAt = Number.NEGATIVE_INFINITY;
  #quietUntil = Number.NEGATIVE_INFINITY;

  constructor({ gapMs }: Pace) {
    this.#gapMs = gapMs;
  }

  /** From when on a request may leave. */
  get endsAt(): number {
    return Math.max(this.#quietUntil, this.#lastByteAt + this.#gapMs);
  }

  /** Bytes passed, in either direction. */
  broken(now: number): void {
    this.#lastByteAt = now;
  }

  /** Bytes came that nobody had asked for. */
  unasked(now: number): void {
    this.isStale = true;
    this.#quietUntil = Math.max(this.#quietUntil, now + OVERHEARD_MS);
  }

  /** A request failed; its answer may still come for `lateMs`. */
  keep(now: number, lateMs: number): void {
    this.isStale = true;
    this.#quietUntil = now + lateMs;
  }
}
