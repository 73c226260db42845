/** The closed word lists of the accounting (glossary: ARCHITECTURE.md). Order is the published order. */

export const CONDITIONS = [
  "producing",
  "idle",
  "starved",
  "blocked",
  "setup",
  "engineering",
  "maintenance",
  "fault",
  "external-fault",
  "off",
  "unknown",
] as const;
export type Condition = (typeof CONDITIONS)[number];

export const SCHEDULES = ["scheduled", "planned-stop", "no-demand", "unscheduled"] as const;
export type Schedule = (typeof SCHEDULES)[number];

export const ATTRIBUTIONS = [
  "none",
  "supplier",
  "customer",
  "third-party",
  "force-majeure",
  "pending",
] as const;
export type Attribution = (typeof ATTRIBUTIONS)[number];

/** Why an instant was not observed. */
export const UNKNOWN_CAUSES = [
  "agent-stopped",
  "power-lost",
  "link-down",
  "device-silent",
  "read-rejected",
  "clock-untrusted",
  "configuration",
  "rule-undecided",
] as const;
export type UnknownCause = (typeof UNKNOWN_CAUSES)[number];

/** Same-instant publication order of windows. */
export const WINDOW_KINDS = ["hour", "shift", "day", "month", "period"] as const;
export type WindowKind = (typeof WINDOW_KINDS)[number];

export const CLOCK_QUALITIES = ["synced", "holdover", "unsynced"] as const;
export type ClockQuality = (typeof CLOCK_QUALITIES)[number];

/** The two parties of a contract. */
export const PARTIES = ["supplier", "customer"] as const;
export type Party = (typeof PARTIES)[number];

/** How an act reached the agent. */
export const VIAS = ["cli", "page", "mqtt", "button"] as const;
export type Via = (typeof VIAS)[number];
