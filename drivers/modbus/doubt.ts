/**
 * Serial answers carry no id, so a late one looks like the answer to the next request of the same shape. This keeps
 * the shapes that may still be answered and finds a request that none of them could answer. Pure; ms.
 */
import { type Ask, IDENTIFICATION, shapeOf } from "./ask.ts";

interface Owed {
  code: number;
  bytes: number;
  until: number;
}

/** Answers later than so many timeouts, and than this, are not expected. */
const LATEST_TIMEOUTS = 10;
const LATEST_MS = 1000;
/** Nor a second copy of an answer later than this: of a gateway that had asked twice. */
const COPY_MS = 250;
/** So many longer requests in a row without a word mean that the device ignores them, and not that it is far away. */
const TOO_LONG_AFTER = 8;
/** Sizes of other tables that may serve as a probe. */
const SIZES = 32;

export class Doubts {
  readonly #latestMs: number;
  readonly #owed = new Map<number, Owed[]>();
  /** How long a request may become, where a device has refused more. */
  readonly #longest = new Map<string, number>();
  /** Requests that were lengthened in vain, how often in a row. */
  readonly #vain = new Map<string, number>();

  constructor(timeoutMs: number) {
    this.#latestMs = Math.max(LATEST_MS, LATEST_TIMEOUTS * timeoutMs);
  }

  /** Whether something late could be taken for the answer to `ask`. */
  covers(ask: Ask, now: number): boolean {
    const { code, bytes } = shapeOf(ask);
    return this.#open(ask.unit, now).some((owed) => owed.code === code && owed.bytes === bytes);
  }

  /** A request failed: it may be answered yet. */
  failed(ask: Ask, now: number): void {
    this.#note(ask, now, now + this.#latestMs);
  }

  /** A request was answered: a copy may follow. */
  answered(ask: Ask, now: number): void {
    this.#note(ask, now, now + COPY_MS);
  }

  /**
   * An answer came. If it was unmistakable nothing is owed any more, because a serial device answers in the order
   * it is asked. An exception has the shape of its function alone.
   */
  settle(ask: Ask, isException: boolean, now: number): void {
    const { code } = shapeOf(ask);
    const isVague = isException
      ? this.#open(ask.unit, now).some((owed) => owed.code === code)
      : this.covers(ask, now);
    if (!isVague) this.#owed.delete(ask.unit);
  }

  /** The same read, longer than any that is owed; null where the device or the limits do not allow it. */
  lengthened(ask: Ask, now: number): Ask | null {
    const key = keyOf(ask);
    if ((this.#vain.get(key) ?? 0) >= TOO_LONG_AFTER) return null;
    const step = ask.code <= 2 ? 8 : 1;
    const allowed = ask.count + (ask.slack ?? 0);
    const most = Math.min(allowed, this.#longest.get(key) ?? allowed);
    for (let count = ask.count + step; count <= most; count += step) {
      const longer = { ...ask, count };
      if (!this.covers(longer, now)) return longer;
    }
    return null;
  }

  /** What came of asking for `longer` instead of `ask`. */
  learn(ask: Ask, longer: Ask, outcome: "read" | "refused" | "silent"): void {
    const key = keyOf(ask);
    if (outcome === "refused") this.#longest.set(key, longer.count - 1);
    if (outcome === "silent") this.#vain.set(key, (this.#vain.get(key) ?? 0) + 1);
    else this.#vain.delete(key);
  }

  /**
   * Something else that nothing owed could be taken to answer: fewer of the same, then identification, then other
   * tables, where even a refusal is an unmistakable answer. Null when everything is owed.
   */
  probe(ask: Ask, now: number): Ask | null {
    return candidates(ask).find((candidate) => !this.covers(candidate, now)) ?? null;
  }

  #note(ask: Ask, now: number, until: number): void {
    this.#owed.set(ask.unit, [...this.#open(ask.unit, now), { ...shapeOf(ask), until }]);
  }

  #open(unit: number, now: number): Owed[] {
    return (this.#owed.get(unit) ?? []).filter(({ until }) => now < until);
  }
}

function keyOf({ unit, code, address, count }: Ask): string {
  return `${unit} ${code} ${address} ${count}`;
}

function candidates(ask: Ask): Ask[] {
  const { unit, code, address, count } = ask;
  const fewer = sizes(count - 1).map((less): Ask => ({ unit, code, address, count: less }));
  const tables = ([4, 3, 2, 1] as const).filter((other) => other !== code);
  const others = sizes(Math.min(SIZES, 65_536 - address)).flatMap((size) =>
    tables.map((other): Ask => ({ unit, code: other, address, count: size })),
  );
  const identification: Ask = { unit, code: IDENTIFICATION, address: 0, count: 1 };
  return [...fewer, identification, ...others];
}

/** 1 to `most`. */
function sizes(most: number): number[] {
  return Array.from({ length: Math.max(0, most) }, (_, i) => i + 1);
}
