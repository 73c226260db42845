/**
 * A reader that believes its device only after a check: at the first answer, after every loss, and every so often.
 * While the device is another one, all points of the source are bad (IDENTITY_MISMATCH). Learns nothing.
 */
import type { GuardPlan } from "../../config/guard.ts";
import type {
  Connection,
  DriverClock,
  Identification,
  Reading,
  SourceReader,
} from "../../drivers/driver.ts";
import { judgeChecks, judgeIdentity, type Mismatch, type Verdict } from "./judge.ts";

/** Told when a device turned out to be another one (`mismatch`), and when it is the right one again (null). */
export type GuardNews = (mismatch: Mismatch | null) => void;

/** Another device in the place is looked at again this soon: somebody is probably working on it. */
const RECHECK_MS = 10_000;

/** `reader` behind a guard. `unit` as for the source itself; the guard asks over the same connection. */
export function guarded(
  reader: SourceReader,
  connection: Connection,
  unit: number,
  plan: GuardPlan,
  clock: DriverClock,
  news: GuardNews,
): SourceReader {
  const { checks, identity } = plan;
  const registers =
    checks.length === 0
      ? null
      : connection.source(
          `${plan.asset}/${plan.source}#guard`,
          unit,
          checks.map(({ point }) => point),
        );
  let mismatch: Mismatch | null = null;
  /** Reconnects of the connection that the last decided check knew of; null: nothing is known of the device. */
  let known: number | null = null;
  let dueAt = Number.NEGATIVE_INFINITY;

  const verdictOf = async (): Promise<Verdict> => {
    if (identity && connection.identify) {
      const said: Identification = await connection.identify(unit);
      const verdict = judgeIdentity(identity, said);
      if (verdict.state !== "match") return verdict;
    }
    return registers ? judgeChecks(checks, await registers.read()) : { state: "match" };
  };
  const check = async (): Promise<string | null> => {
    const epoch = connection.health().reconnects;
    const verdict = await verdictOf();
    if (verdict.state === "undecided") return verdict.reason;
    const found = verdict.state === "mismatch" ? verdict.mismatch : null;
    if ((found === null) !== (mismatch === null)) news(found);
    mismatch = found;
    known = epoch;
    dueAt = clock.now() + (found ? Math.min(RECHECK_MS, plan.everyMs) : plan.everyMs);
    return found ? "IDENTITY_MISMATCH" : null;
  };
  /** The reason why nothing of the device is to be believed now, or null. */
  const doubt = async (): Promise<string | null> => {
    const isKnown = known !== null && known === connection.health().reconnects;
    if (isKnown && clock.now() < dueAt) return mismatch ? "IDENTITY_MISMATCH" : null;
    const reason = await check();
    if (reason === null || reason === "IDENTITY_MISMATCH") return reason;
    // A check that got no answer changes nothing while the device was never lost from sight.
    return isKnown && mismatch === null ? null : reason;
  };
  const refused = (failure: string): Reading => ({
    samples: new Map(),
    failure,
    at: clock.now(),
    requests: 0,
  });

  const { busTime } = reader;
  return {
    ...(busTime && { busTime: () => busTime.call(reader) }),
    plan: () => [...reader.plan(), ...describe(plan, registers)],
    async read() {
      if (mismatch && clock.now() < dueAt) return refused("IDENTITY_MISMATCH");
      // The device is read first: what is checked after it has answered is the device that answered.
      const reading = await reader.read();
      if (reading.failure !== null) {
        known = null;
        return reading;
      }
      const reason = await doubt();
      return reason === null ? reading : refused(reason);
    },
  };
}

function describe({ identity, everyMs }: GuardPlan, registers: SourceReader | null): string[] {
  const every = `(guard, every ${Math.round(everyMs / 1000)} s)`;
  const lines = registers?.plan().map((line) => `${line} ${every}`) ?? [];
  return identity ? [`identification ${every}`, ...lines] : lines;
}
