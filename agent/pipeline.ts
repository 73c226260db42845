/**
 * The drawing as code: inputs are released in order, run through the core, and what became known is committed in
 * groups of whole steps. The only caller of `advance` in a running agent. Knows no fieldbus and no broker.
 *
 *   offer ─▶ hold 200 ms ─▶ advance ─▶ facts, sealed records ─▶ store.commit ─▶ committed()
 *                   └──────▶ store.append, writeAhead with every slot ─▶ kept()
 */
import { type CalendarFeeds, calendarFeeds } from "./calendar/feeds.ts";
import {
  type Committed,
  type Committer,
  type CommitterPorts,
  createCommitter,
} from "./committer.ts";
import { isAdopted } from "./core/adopt.ts";
import { advance } from "./core/advance.ts";
import { type Core, type CoreState, coreOf, newCore } from "./core/core.ts";
import type { Fact } from "./core/fact.ts";
import type { Fault, FaultCode } from "./core/fault.ts";
import type { Input } from "./core/input.ts";
import type { Millis } from "./core/time.ts";
import { STATE_VERSION, upgraded } from "./core/upgrade.ts";
import type { Plant } from "./plant.ts";
import { type Chain, type Sign, seal } from "./record/chain.ts";
import { message } from "./record/message.ts";
import { modelsOf } from "./record/model-of.ts";
import { createHold, HOLD_MS } from "./release.ts";
import type { Heads } from "./store/head.ts";
import type { Recovered, Store } from "./store/port.ts";
import { fromTaggedJson, toTaggedJson } from "./store/tagged-json.ts";
import { openSubmissions, type Submitted } from "./submission.ts";

export interface PipelinePorts {
  store: Pick<Store, "append" | "writeAhead" | "commit" | "history">;
  /** The gateway's signature; without it evidence is chained and not signed. */
  sign?: Sign | undefined;
  /** What became known, before it is durable. */
  told?(fact: Fact): void;
  /** Everything that entered the core up to this instant outlives the process. */
  kept(until: Millis): void;
  committed(result: Committed): void;
  /** A commit failed; it is tried again with what came since. */
  trouble(fault: Fault): void;
  /** The store broke its contract: nothing more can be kept. */
  failed(error: unknown): void;
}

export interface PipelineStatistics {
  /** Inputs that came after the hold and were clamped to core time. */
  lateInputs: number;
  cycles: number;
  commits: number;
  /** Facts and records that wait for a commit. */
  waiting: number;
  /** Why the last commit failed; null when it did not. */
  trouble: FaultCode | null;
}

export interface Pipeline {
  readonly core: Core;
  readonly heads: Heads;
  /** Takes an input; it enters the core when the hold is over. */
  offer(input: Input): void;
  /** Takes what somebody entered, dated `at`; answered when it is durable, or refused and nothing has changed. */
  submit(input: Input): Promise<Submitted>;
  /** Enters at once, behind everything offered so far: starts, configurations, clock steps. */
  enter(input: Input): void;
  /** The plant's configuration takes effect at `at`, unless it is the one in force. */
  configure(at: Millis): void;
  /**
   * Axis time is `now`: releases what has been held long enough, runs deadlines, commits what is due, and else
   * writes the inputs ahead of their commit.
   */
  tick(now: Millis): void;
  /** Releases everything up to `now` and commits until all is durable or the disk refuses. */
  drain(now: Millis): Promise<void>;
  statistics(): PipelineStatistics;
}

export function openPipeline(plant: Plant, recovered: Recovered, ports: PipelinePorts): Pipeline {
  const { core, heads, committer, take, keep, writeAhead } = openLedger(recovered, ports);
  const feeds = resumedFeeds(plant, core);
  const hold = createHold();
  let fedUtc: Millis = core.state.now;
  let lateInputs = 0;
  let cycles = 0;

  const submissions = openSubmissions({
    ...{ core, store: ports.store, idle: committer.idle, gather: committer.gather },
    offer: (input) => hold.offer(input),
    async settle() {
      await committer.idle();
      const before = committer.commits;
      await keep(fedUtc, fedUtc);
      return committer.commits > before;
    },
  });
  const step = (input: Input): void => {
    if (input.kind !== "tick") ports.store.append(input);
    take(input);
  };
  const enter = (input: Input): void => {
    const at = Math.max(input.at, fedUtc);
    const timely = submissions.ripen(input, at === input.at ? input : { ...input, at });
    if (timely === null) return;
    for (const known of feeds.until(latest(timely))) step(known);
    if (timely.at !== input.at) lateInputs++;
    if (input.kind === "cycle") cycles++;
    fedUtc = input.kind === "clock" ? at + input.stepMs : at;
    step(timely);
  };
  const release = (until: Millis): void => {
    for (const input of hold.release(until)) enter(input);
    if (until > fedUtc) enter({ kind: "tick", at: until });
  };
  return {
    core,
    heads,
    offer: (input) => hold.offer(input),
    submit: submissions.submit,
    enter(input) {
      // Deadlines within a gap are the core's to judge: nothing was silent, nobody listened.
      release(input.kind === "agent-started" ? Math.min(input.lastAlive, input.at) : input.at);
      enter(input);
    },
    configure(at) {
      if (isAdopted(core, plant)) return;
      for (const known of feeds.configure(plant.calendars, at, plant.model.contracts)) step(known);
      enter({ kind: "config", at, hash: plant.hash, model: plant.model });
    },
    tick(now) {
      release(now - HOLD_MS);
      if (committer.isDue(now)) void keep(fedUtc, now);
      else writeAhead(fedUtc);
    },
    async drain(now) {
      release(now);
      await committer.idle();
      await keep(fedUtc, now);
    },
    statistics: () => ({
      lateInputs,
      cycles,
      commits: committer.commits,
      waiting: committer.waiting(),
      trouble: committer.trouble(),
    }),
  };
}

/** Calendars and contract periods go on where the run before left them. */
function resumedFeeds({ calendars, model }: Plant, { state }: Core): CalendarFeeds {
  const reached = Object.values(state.calendars).map(({ id, horizon }) => [id, horizon]);
  const fed = Object.entries(state.periods).map(([id, told]) => [id, told.at(-1)?.to ?? 0]);
  return calendarFeeds(
    calendars,
    Object.fromEntries(reached),
    model.contracts,
    Object.fromEntries(fed),
  );
}

interface Ledger {
  core: Core;
  heads: Heads;
  committer: Committer;
  /** Runs an input through the core; what it gives waits for the next commit. */
  take(input: Input): void;
  /** Commits everything up to `fedUtc`. */
  keep(fedUtc: Millis, now: Millis): Promise<void>;
  writeAhead(fedUtc: Millis): void;
}

/** What becomes of an input: facts, sealed records, commits. Begins where the run before ended. */
function openLedger(
  recovered: Recovered,
  { store, sign, told = () => {}, kept, committed, trouble, failed }: PipelinePorts,
): Ledger {
  const core = recoverCore(recovered);
  const { nextSeq, heads } = recovered;
  const chain: Chain = { nextSeq, heads: { ...heads }, replayed: false, sign };
  const models = modelsOf(core);
  let committing: Millis = core.state.now;
  const ports: CommitterPorts = {
    ...{ store, heads: chain.heads, trouble, failed },
    snapshot: () => toTaggedJson({ version: STATE_VERSION, state: core.state }),
    committed(result) {
      kept(committing);
      committed(result);
    },
  };
  const committer = createCommitter(ports, recovered.snapshot === null);
  const take = (input: Input): void => {
    models.see(input);
    for (const fact of advance(core, input)) {
      told(fact);
      committer.fact(fact);
      if (fact.kind === "record") committer.record(seal(chain, message(fact, models.of(fact))));
    }
  };
  // Written, never committed: nothing of it was published, and raw has it already.
  for (const input of recovered.uncommitted) take(input);
  return {
    ...{ core, heads: chain.heads, committer, take },
    keep(fedUtc, now) {
      // The log ends with a tick, so that recovery runs every deadline that the commit has run.
      store.append({ kind: "tick", at: fedUtc });
      committing = fedUtc;
      return committer.commit(now);
    },
    writeAhead(fedUtc) {
      store.writeAhead().then((isWritten) => {
        if (isWritten) kept(fedUtc);
      }, failed);
    },
  };
}

/** The core as the last commit left it. What these inputs give was committed already. */
function recoverCore({ snapshot, inputs, nextSeq }: Recovered): Core {
  const known = snapshot === null ? null : (fromTaggedJson(snapshot) as JournaledState);
  // Ids end in ordinals; after a loss they go on above any that can have been given out.
  const state = known && upgraded(known.version, known.state);
  const core = state ? coreOf(state) : newCore(nextSeq - 1);
  for (const input of inputs) advance(core, input);
  return core;
}

interface JournaledState {
  version: number;
  state: CoreState;
}

/** How far calendars must be known before an input is taken. */
const latest = (input: Input): Millis =>
  input.kind === "clock" ? input.at + Math.max(0, input.stepMs) : input.at;
