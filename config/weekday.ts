/** Days of the week as a calendar writes them. Knows no dates. */
import type { Days } from "./types.ts";

/** Monday first, as in ISO 8601. */
export const DAY_NAMES = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** ISO numbers 1 (Monday) to 7 of `mon`, `mon-fri`, `sat-mon` or a list of these; ascending, each once. */
export function weekdaysOf(days: Days): number[] {
  const found = new Set<number>();
  for (const part of typeof days === "string" ? [days] : days) {
    const [first = "", last = first] = part.split("-");
    const end = DAY_NAMES.indexOf(last);
    for (let day = DAY_NAMES.indexOf(first); ; day = (day + 1) % 7) {
      found.add(day + 1);
      if (day === end) break;
    }
  }
  return [...found].sort((a, b) => a - b);
}
