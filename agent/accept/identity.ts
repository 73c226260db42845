/** Who stands behind each source of the asset, and whether that is what the guards expect. Asked once, before the steps. */
import type { DeviceIdentity, GuardPlan } from "../../config/guard.ts";
import type { SourcePlan } from "../../config/source.ts";
import type { Identification, PointOptions, Reading } from "../../drivers/driver.ts";
import { identityOf, judgeChecks, judgeIdentity, type Verdict } from "../guard/judge.ts";
import type { Outcome } from "./trial.ts";

/** A bus, through the agent or opened for the time of the question. */
export interface Asked {
  identify(unit: number): Promise<Identification>;
  read(unit: number, points: PointOptions[]): Promise<Reading>;
}

export interface Met {
  source: string;
  connection: string;
  unit: number;
  /** What the device says of itself. */
  identity: DeviceIdentity;
  /** Why it says nothing, or null. */
  silence: string | null;
  /** Null: there is no guard to compare with. */
  verdict: Verdict | null;
}

/** Asks the device behind a source. Its silence is data. */
export async function meet(
  line: Asked,
  { source, connection, unit }: SourcePlan,
  guard: GuardPlan | null,
): Promise<Met> {
  const said = await line.identify(unit);
  const verdict = guard && (await compare(line, unit, guard, said));
  const { failure: silence } = said;
  return { source, connection, unit, identity: identityOf(said), silence, verdict };
}

async function compare(
  line: Asked,
  unit: number,
  { identity, checks }: GuardPlan,
  said: Identification,
): Promise<Verdict> {
  const verdict: Verdict = identity ? judgeIdentity(identity, said) : { state: "match" };
  if (verdict.state !== "match" || checks.length === 0) return verdict;
  const points = checks.map(({ point }) => point);
  return judgeChecks(checks, await line.read(unit, points));
}

/** Another device stands there: whatever the machine shows now is not to be believed. */
export const isOther = ({ verdict }: Met): boolean => verdict?.state === "mismatch";

/** The outcome of the step `identity`. Without a guard nothing can be compared, and that is said. */
export function outcomeOf(met: readonly Met[]): Outcome {
  const seen = met.map(textOf).join("; ");
  const judged = met.flatMap(({ verdict }) => verdict ?? []);
  if (judged.length === 0) {
    const why = "no guard is configured; `uptime-agent identify --save` makes one";
    return { result: "skipped", seen: seen === "" ? why : `${seen}; ${why}`, figures: {} };
  }
  const isMatch = judged.every(({ state }) => state === "match");
  return { result: isMatch ? "pass" : "fail", seen, figures: { guards: judged.length } };
}

function textOf({ connection, unit, identity, silence, verdict }: Met): string {
  const { vendor, product, version } = identity;
  const own = [vendor, product, version].filter((text) => text !== undefined).join(" ");
  const who = own === "" ? `says nothing of itself (${silence ?? "no objects"})` : own;
  return `${connection}/${unit}: ${who}${verdict ? `, ${verdictText(verdict)}` : ""}`;
}

function verdictText(verdict: Verdict): string {
  switch (verdict.state) {
    case "match":
      return "as the guard expects";
    case "mismatch": {
      const { what, expected, found } = verdict.mismatch;
      return `${what} is ${found} instead of ${expected}`;
    }
    case "undecided":
      return `could not be asked (${verdict.reason})`;
  }
}
