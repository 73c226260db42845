/**
 * Runs before every test file: hears each request that reaches a simulated device in this process and fails the test
 * in which one was for anything but reading, unless the test itself plays a client that writes.
 */
import { afterEach, beforeEach, expect } from "vitest";
import { REQUESTS } from "../../simulator/serve.ts";

const READS: ReadonlySet<unknown> = new Set([1, 2, 3, 4, 43]);
let writes: unknown[] = [];
let isAllowed = false;

REQUESTS.subscribe((code) => {
  if (!READS.has(code)) writes.push(code);
});

/** For tests that write by hand, to see it refused: lifts the ban until the test ends. */
export function writingMyself(): void {
  isAllowed = true;
}

beforeEach(() => {
  [writes, isAllowed] = [[], false];
});
afterEach(() => {
  if (!isAllowed) expect(writes, "function codes other than reads on the wire").toEqual([]);
});
