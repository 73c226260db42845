/**
 * The drawing as code: inputs are released in order, run through the core, and what became known is committed in
 * groups of whole steps. The only caller of `advance` in a running agent. Knows no fieldbus and no broker.
 *
 *   offer ─▶ hold 200 ms ─▶ advance ─▶ facts, sealed records ─▶ store.commit ─▶ committed()
 */
import { calendarFeeds } from "./calendar/feeds.ts";
import { createCommitter } from "./committer.ts";
import { advance } from "./core/advance.ts";
import { type Core, type CoreState, coreOf, newCore } from "./core/core.ts";
import type { Fault } from "./core/fault.ts";
import type { Input } from "./core/input.ts";
import type { Millis } from "./core/time.ts";
import type { Plant } from "./plant.ts";
import { type Chain, seal } from "./record/chain.ts";
import { message } from "./record/message.ts";
import { modelsOf } from "./record/model-of.ts";
import { createHold, HOLD_MS } from "./release.ts";
import type { Gap, Recovered, Store } from "./store/port.ts";
import { fromTaggedJson, toTaggedJson } from "./store/tagged-json.ts";

/** Shape of the journaled core state; a store of another version begins with a fresh core. */
const STATE_VERSION = 1;

export interface PipelinePorts {
  store: Pick<Store, "append" | "commit">;
  committed(result: { records: number; gaps: Gap[] }): void;
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
}

export interface Pipeline {
  readonly core: Core;
  readonly heads: Record<string, string>;
  /** Takes an input; it enters the core when the hold is over. */
  offer(input: Input): void;
  /** Enters at once, behind everything offered so far: starts, configurations, clock steps. */
  enter(input: Input): void;
  /** The plant's configuration takes effect at `at`, unless it is the one in force. */
  configure(at: Millis): void;
  /** Axis time is `now`: releases what has been held long enough, runs deadlines, commits what is due. */
  tick(now: Millis): void;
  /** Releases everything up to `now` and commits until all is durable or the disk refuses. */
  drain(now: Millis): Promise<void>;
  statistics(): PipelineStatistics;
}

export function openPipeline(plant: Plant, recovered: Recovered, ports: PipelinePorts): Pipeline {
  const { store, committed, trouble, failed } = ports;
  const core = recoverCore(recovered);
  const { nextSeq, heads } = recovered;
  const chain: Chain = { nextSeq, heads: { ...heads }, replayed: false };
  const reached = Object.values(core.state.calendars).map(({ id, horizon }) => [id, horizon]);
  const feeds = calendarFeeds(plant.calendars, Object.fromEntries(reached));
  const hold = createHold();
  const models = modelsOf(core);
  const snapshot = (): string => toTaggedJson({ version: STATE_VERSION, state: core.state });
  const committer = createCommitter(
    { store, snapshot, heads: chain.heads, committed, trouble, failed },
    recovered.snapshot === null,
  );
  let fedUtc: Millis = core.state.now;
  let lateInputs = 0;
  let cycles = 0;

  const step = (input: Input): void => {
    if (input.kind !== "tick") store.append(input);
    models.see(input);
    for (const fact of advance(core, input)) {
      committer.fact(fact);
      if (fact.kind === "record") committer.record(seal(chain, message(fact, models.of(fact))));
    }
  };
  const enter = (input: Input): void => {
    for (const known of feeds.until(latest(input))) step(known);
    if (input.at < fedUtc) {
      lateInputs++;
      step({ ...input, at: fedUtc });
      return;
    }
    fedUtc = input.kind === "clock" ? input.at + input.stepMs : input.at;
    if (input.kind === "cycle") cycles++;
    step(input);
  };
  const release = (until: Millis): void => {
    for (const input of hold.release(until)) enter(input);
    if (until > fedUtc) enter({ kind: "tick", at: until });
  };
  /** The log ends with a tick, so that recovery runs every deadline that the commit has run. */
  const commit = (now: Millis): Promise<void> => {
    store.append({ kind: "tick", at: fedUtc });
    return committer.commit(now);
  };

  return {
    core,
    heads: chain.heads,
    offer: (input) => hold.offer(input),
    enter(input) {
      release(input.at);
      enter(input);
    },
    configure(at) {
      if (core.state.configHash === plant.hash) return;
      for (const known of feeds.configure(plant.calendars, at)) step(known);
      enter({ kind: "config", at, hash: plant.hash, model: plant.model });
    },
    tick(now) {
      release(now - HOLD_MS);
      if (committer.isDue(now)) void commit(now);
    },
    async drain(now) {
      release(now);
      await committer.idle();
      await commit(now);
    },
    statistics: () => ({
      lateInputs,
      cycles,
      commits: committer.commits,
      waiting: committer.waiting(),
    }),
  };
}

/** The core as the last commit left it. What the re-applied inputs give was committed already. */
function recoverCore({ snapshot, inputs, nextSeq }: Recovered): Core {
  const known = snapshot === null ? null : (fromTaggedJson(snapshot) as JournaledState);
  // Ids end in ordinals; after a loss they go on above any that can have been given out.
  const core = known?.version === STATE_VERSION ? coreOf(known.state) : newCore(nextSeq - 1);
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
