/** Cells of a table as numbers and instants. What is neither is NaN, and the caller counts it; nothing throws. */

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** NaN for what is absent or no finite number. With a separator other than the comma, `0,5` is a half. */
export function numberOf(cell: string | undefined, separator: string): number {
  if (cell === undefined) return Number.NaN;
  let text = cell.trim();
  if (separator !== "," && text.includes(",") && !text.includes(".")) text = text.replace(",", ".");
  if (!NUMBER.test(text)) return Number.NaN;
  const value = Number(text);
  return Number.isFinite(value) ? value : Number.NaN;
}

/** How a file says that there is no value: that is a gap, not a mistake. */
export const isAbsent = (cell: string | undefined): boolean =>
  cell === undefined || /^\s*(?:|nan|na|n\/a|null|none|-)\s*$/i.test(cell);

const STAMP =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/i;
const GERMAN = /^(\d{2})\.(\d{2})\.(\d{4})(?: (\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?$/;

/**
 * Milliseconds UTC of `2026-11-23 06:00:00`, RFC 3339, `23.11.2026 06:00:00`, or epoch seconds or milliseconds.
 * A text without an offset is taken as UTC. NaN for anything else.
 */
export function instantOfCell(cell: string | undefined): number {
  const text = cell?.trim() ?? "";
  const stamp = STAMP.exec(text);
  if (stamp) {
    const [, y, mo, d, h, mi, s, fraction, offset] = stamp;
    return utc([y, mo, d, h, mi, s], fraction) - offsetMs(offset);
  }
  const german = GERMAN.exec(text);
  if (german) {
    const [, d, mo, y, h, mi, s, fraction] = german;
    return utc([y, mo, d, h, mi, s], fraction);
  }
  const epoch = numberOf(text.replace(",", "."), ",");
  if (Number.isNaN(epoch) || Math.abs(epoch) > 8e15) return Number.NaN;
  return Math.round(Math.abs(epoch) < 1e11 ? epoch * 1000 : epoch);
}

function utc(parts: (string | undefined)[], fraction: string | undefined): number {
  const [y, mo, d, h, mi, s] = parts.map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const at = Date.UTC(y, mo - 1, d, h, mi, s, Math.floor(Number(`0.${fraction ?? 0}`) * 1000));
  // 31 February would silently become March.
  return new Date(at).getUTCDate() === d && h < 24 && mi < 60 && s < 60 ? at : Number.NaN;
}

function offsetMs(offset: string | undefined): number {
  const parts = /^([+-])(\d{2}):?(\d{2})$/.exec(offset ?? "");
  if (!parts) return 0;
  const ms = (Number(parts[2]) * 60 + Number(parts[3])) * 60_000;
  return parts[1] === "-" ? -ms : ms;
}
