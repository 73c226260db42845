/** What whoever entered an act hears, in one shape for all ways in. */
import type { ActName } from "./document.ts";

/** Nothing was changed: what was refused, why, and what to do next. */
export interface Refusal {
  what: string;
  why: string;
  next: string;
}

export type Answer =
  | {
      id: string;
      /** `pending`: taken, and not yet known to be durable. The same id again tells. */
      answer: "accepted" | "already-done" | "pending";
      act: ActName;
      asset: string | null;
      incident: string | null;
      message: string;
    }
  | ({ id: string | null; answer: "refused" } & Refusal);

export const isRefusal = (value: object): value is Refusal =>
  "next" in value && "why" in value && "what" in value;

export const refusal = (what: string, why: string, next: string): Refusal => ({ what, why, next });
