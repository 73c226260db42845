/** What tests read of records, reports and verdicts of the command line. Judges nothing. */
import type { Payload } from "./records.ts";

/** The last revision of each final hour, by begin. */
export function hoursOf(records: Payload[], asset: string): Hour[] {
  const hours = new Map<string, Hour>();
  for (const record of records as unknown as Hour[])
    if (record.asset === asset && record.window?.kind === "hour" && record.window.final)
      hours.set(record.window.from, record);
  return [...hours.values()];
}

export interface Hour {
  asset: string;
  window: { kind: string; from: string; final: boolean };
  conditionMs: Record<string, number>;
  uptime: { upMs: number; downMs: number };
  counts: { reject: number };
}
export interface ReportDocument {
  assets: {
    asset: string;
    totals: {
      conditionMs: Record<string, number>;
      upMs: number;
      downMs: number;
      pieces: { reject: number };
    };
  }[];
}
export interface Report {
  ok: boolean;
  records: number;
  gaps: unknown[];
  recounted: { windows: number } | null;
  anchors: { proved: number } | null;
}

/** Of a contract. */
export interface Standing {
  id: string;
  final: boolean;
  outcomes: {
    metric: string;
    value: number | null;
    coverage: number | null;
    disputed: { value: number } | null;
  }[];
}

/** Of a signal. */
export interface Finding {
  point: string;
  evidence: { reason: string };
}
