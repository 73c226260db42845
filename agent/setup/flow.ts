/** Plain data as YAML in flow style, as people write it: bare words where they are safe. Pure. */

/** Words that YAML 1.1 or 1.2 reads as something else. */
const TAKEN = /^(true|false|yes|no|on|off|y|n|null)$/i;

/** On one line. */
export function flowText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flowText).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([key, each]) => `${word(key)}: ${flowText(each)}`);
    return `{ ${entries.join(", ")} }`;
  }
  return typeof value === "string" ? word(value) : JSON.stringify(value);
}

/** A scalar: text that is no safe word is quoted as JSON, which YAML reads as well. */
export const word = (text: string): string =>
  /^[A-Za-z_][\w./-]*$/.test(text) && !TAKEN.test(text) ? text : JSON.stringify(text);
