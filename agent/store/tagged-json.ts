/**
 * JSON that also carries bigints, for inputs in the journal and the raw log. Bigints become `{"$big":"…"}`;
 * own keys that begin with `$` are doubled, so that nothing is mistaken for one. Not a canonical form.
 */

export const toTaggedJson = (value: unknown): string => JSON.stringify(value, tag);
export const fromTaggedJson = (text: string): unknown => JSON.parse(text, untag);

function tag(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return { $big: value.toString() };
  return rename(value, (key) => `$${key}`);
}

function untag(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const { $big } = value as { $big?: unknown };
  if (typeof $big === "string") return BigInt($big);
  return rename(value, (key) => key.slice(1));
}

/** The same object unless some of its keys begin with `$`. */
function rename(value: unknown, to: (key: string) => string): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value);
  if (!entries.some(([key]) => key.startsWith("$"))) return value;
  return Object.fromEntries(
    entries.map(([key, own]) => [key.startsWith("$") ? to(key) : key, own]),
  );
}
