/** Values and money of contracts as people read them. */
import { type Metric, VOLUMES } from "../core/contract/model.ts";
import type { Verdict } from "../core/contract/verdict.ts";
import { NONE, percent } from "./words.ts";

/** A share as a percentage, a volume as a number. */
export function quantityText(metric: Metric, value: number | null): string {
  if (value === null) return NONE;
  return (VOLUMES as readonly string[]).includes(metric) ? String(value) : percent(value);
}

/** Minor units as a decimal: 123456 with 2 digits is `1 234.56`. */
export function moneyText(minor: number | null, { digits }: { digits: number }): string {
  if (minor === null) return "not decided";
  const text = String(Math.abs(minor)).padStart(digits + 1, "0");
  const units = text.slice(0, text.length - digits).replace(/\B(?=(\d{3})+$)/g, "\u202f");
  const part = digits === 0 ? "" : `.${text.slice(-digits)}`;
  return `${minor < 0 ? "-" : ""}${units}${part}`;
}

/** How a verdict is told apart from others at a glance. */
export function verdictLook(verdict: Verdict): "met" | "missed" | "open" {
  if (verdict === "met" || verdict === "on-track") return "met";
  return verdict === "below-minimum" ? "missed" : "open";
}
