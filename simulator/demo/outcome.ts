/** What the demo says of incidents and of the contract: lines for people, made of the records as they arrive. */

export interface IncidentRecord {
  asset: string;
  time: string;
  incident: { id: string; status: string; severity: string; mode: string; faultAt: string };
}

interface Outcome {
  metric: string;
  target: number | null;
  minimum: number | null;
  value: number | null;
  min: number | null;
  max: number | null;
  verdict: string;
  budget: { allowedMs: number; spentMs: number; pendingMs: number; leftMs: number } | null;
}

export interface ContractRecord {
  contract: { id: string; final: boolean; outcomes: Outcome[] };
}

const percent = (value: number | null): string =>
  value === null ? "-" : `${(100 * value).toFixed(1)} %`;
const minutes = (ms: number): string => `${Math.round(ms / 60_000)} min`;

/** `i-3 restored (s1, fault:42)` */
export const incidentGist = (incident: IncidentRecord["incident"]): string =>
  `${incident.id} ${incident.status} (${incident.severity}, ${incident.mode})`;

/** `uptime 95.1 % at-risk, oee 75.8 % on-track` */
export const contractGist = (contract: ContractRecord["contract"]): string =>
  contract.outcomes
    .map(({ metric, value, verdict }) => `${metric} ${percent(value)} ${verdict}`)
    .join(", ");

/** How many incidents there were, and how they went. */
export function incidentLine(records: readonly IncidentRecord[]): string {
  const count = (status: string): number =>
    records.filter(({ incident }) => incident.status === status).length;
  return `incidents: ${count("opened")} opened, ${count("restored")} restored, ${count("closed")} closed`;
}

/** The standing of a contract, a line for each outcome. */
export function standingLines({ contract }: ContractRecord): string[] {
  const outcomes = contract.outcomes.map((outcome) => {
    const { metric, value, min, max, target, minimum, verdict, budget } = outcome;
    const levels = `target ${percent(target)}, minimum ${percent(minimum)}`;
    const between = min === max ? "" : ` (${percent(min)} to ${percent(max)})`;
    const left = budget
      ? `; downtime allowed ${minutes(budget.allowedMs)}, pending ${minutes(budget.pendingMs)}`
      : "";
    return `  ${metric.padEnd(9)} ${percent(value)}${between}, ${levels}: ${verdict}${left}`;
  });
  return [`contract ${contract.id}, this month so far:`, ...outcomes];
}
