/**
 * Serial answers carry no id, so a late one looks like the answer to the next request of the same shape. This keeps
 * the shapes that are still owed an answer and finds a request that none of them could answer. Pure.
 * It trusts one thing: a unit answers in the order it was asked, or not at all.
 */
import { type Ask, IDENTIFICATION, shapeOf } from "./ask.ts";

interface Owed {
  code: number;
  bytes: number;
  at: number;
}

/** No answer is later than this. */
const LATEST_MS = 60_000;
/** Sizes of other tables that may serve as a probe. */
const SIZES = 32;

export class Doubts {
  readonly #owed = new Map<number, Owed[]>();

  /** Whether a late answer could be taken for the answer to `ask`. */
  covers(ask: Ask, now: number): boolean {
    const { code, bytes } = shapeOf(ask);
    return this.#open(ask.unit, now).some((owed) => owed.code === code && owed.bytes === bytes);
  }

  /** A request that failed may be answered yet. */
  failed(ask: Ask, now: number): void {
    const owed = this.#open(ask.unit, now);
    owed.push({ ...shapeOf(ask), at: now });
    this.#owed.set(ask.unit, owed);
  }

  /**
   * An answer came. One that nothing owed could have been settles all before it; one that could, settles nothing
   * and leaves its own request open. Exceptions have the shape of their function alone.
   */
  answered(ask: Ask, isException: boolean, now: number): void {
    if (!this.#owed.has(ask.unit)) return;
    const { code } = shapeOf(ask);
    const isVague = isException
      ? this.#open(ask.unit, now).some((owed) => owed.code === code)
      : this.covers(ask, now);
    if (isVague) this.failed(ask, now);
    else this.#owed.delete(ask.unit);
  }

  /**
   * Instead of `ask`, a read that no late answer could be taken to answer: fewer of the same, then identification,
   * then other tables, where even a refusal is an unmistakable answer. Null when everything is owed.
   */
  probe(ask: Ask, now: number): Ask | null {
    return candidates(ask).find((candidate) => !this.covers(candidate, now)) ?? null;
  }

  #open(unit: number, now: number): Owed[] {
    return (this.#owed.get(unit) ?? []).filter(({ at }) => now - at < LATEST_MS);
  }
}

function candidates(ask: Ask): Ask[] {
  const { unit, code, address, count } = ask;
  const fewer = sizes(count - 1).map((less): Ask => ({ ...ask, count: less }));
  const tables = ([4, 3, 2, 1] as const).filter((other) => other !== code);
  const others = sizes(Math.min(SIZES, 65_536 - address)).flatMap((size) =>
    tables.map((other): Ask => ({ unit, code: other, address, count: size })),
  );
  return [...fewer, { unit, code: IDENTIFICATION, address: 0, count: 1 }, ...others];
}

/** 1 to `most`. */
function sizes(most: number): number[] {
  return Array.from({ length: Math.max(0, most) }, (_, i) => i + 1);
}
