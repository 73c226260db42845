/**
 * The drawing as code: inputs are released in order, run through the core, and what became known is committed in
 * groups of whole steps. The only caller of `advance` in a running agent. Knows no fieldbus and no broker.
 *
 *   offer ─▶ hold 200 ms ─▶ advance ─▶ facts, sealed records ─▶ store.commit ─▶ committed()
 */
import { calendarFeeds } from "./calendar/feeds.ts";
import { advance } from "./core/advance.ts";
import { type Core, type CoreState, coreOf, newCore } from "./core/core.ts";
import type { Fact } from "./core/fact.ts";
import type { Fault } from "./core/fault.ts";
import type { Input } from "./core/input.ts";
import type { Millis } from "./core/time.ts";
import type { Plant } from "./plant.ts";
import { type Chain, type SealedRecord, seal } from "./record/chain.ts";
import { message } from "./record/message.ts";
import type { CommitResult, Gap, Recovered, Store } from "./store/port.ts";
import { fromTaggedJson, toTaggedJson } from "./store/tagged-json.ts";

/** Inputs wait this long for earlier ones that are still on their way (accounting rule 2). */
export const HOLD_MS = 200;
const COMMIT_BUSY_MS = 1_000;
const COMMIT_QUIET_MS = 10_000;
const SNAPSHOT_MS = 300_000;

export interface PipelinePorts {
  store: Pick<Store, "append" | "commit">;
  committed(result: { records: number; gaps: Gap[] }): void;
  /** A commit failed; it is tried again with what came since. */
  trouble(fault: Fault): void;
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
  const core: Core =
    recovered.snapshot === null
      ? newCore()
      : coreOf(fromTaggedJson(recovered.snapshot) as CoreState);
  for (const input of recovered.inputs) advance(core, input);
  const chain: Chain = {
    nextSeq: recovered.nextSeq,
    heads: { ...recovered.heads },
    replayed: false,
  };
  const reached = Object.values(core.state.calendars).map(({ id, horizon }) => [id, horizon]);
  const feeds = calendarFeeds(plant.calendars, Object.fromEntries(reached));
  let held: Input[] = [];
  let fedUtc: Millis = core.state.now;
  let facts: Fact[] = [];
  let records: SealedRecord[] = [];
  let changed = new Set<string>();
  let committing: Promise<void> | null = null;
  let committedAt: Millis = 0;
  let snapshotAt: Millis = 0;
  let snapshotNeeded = recovered.snapshot === null;
  const statistics: PipelineStatistics = { lateInputs: 0, cycles: 0, commits: 0, waiting: 0 };

  const step = (input: Input): void => {
    if (input.kind !== "tick") ports.store.append(input);
    for (const fact of advance(core, input)) {
      facts.push(fact);
      if (fact.kind !== "record") continue;
      const sealed = seal(chain, message(fact, core.state.model));
      records.push(sealed);
      if (sealed.keep) changed.add(sealed.asset ?? "_gateway");
    }
  };
  const enter = (input: Input): void => {
    for (const known of feeds.until(latest(input))) step(known);
    if (input.at < fedUtc) {
      statistics.lateInputs++;
      step({ ...input, at: fedUtc });
      return;
    }
    fedUtc = input.kind === "clock" ? input.at + input.stepMs : input.at;
    if (input.kind === "cycle") statistics.cycles++;
    step(input);
  };
  const release = (until: Millis): void => {
    if (held.length > 0) {
      held.sort((a, b) => a.at - b.at);
      const kept = held.findIndex((input) => input.at > until);
      const due = kept < 0 ? held : held.slice(0, kept);
      held = kept < 0 ? [] : held.slice(kept);
      for (const input of due) enter(input);
    }
    if (until > fedUtc) enter({ kind: "tick", at: until });
  };
  const commit = (now: Millis): Promise<void> => {
    if (committing) return committing;
    ports.store.append({ kind: "tick", at: fedUtc });
    const taken = { facts, records, changed };
    facts = [];
    records = [];
    changed = new Set();
    const heads = Object.fromEntries([...taken.changed].map((id) => [id, chain.heads[id] ?? ""]));
    const takeSnapshot = snapshotNeeded || now - snapshotAt >= SNAPSHOT_MS;
    committedAt = now;
    const settle = (result: CommitResult): void => {
      snapshotNeeded = result.snapshotNeeded;
      if (result.ok) {
        if (takeSnapshot) snapshotAt = now;
        statistics.commits++;
        ports.committed({ records: taken.records.length, gaps: result.gaps });
        return;
      }
      facts = [...taken.facts, ...facts];
      records = [...taken.records, ...records];
      for (const id of taken.changed) changed.add(id);
      ports.trouble(result.fault);
    };
    committing = ports.store
      .commit({
        at: now,
        facts: taken.facts,
        records: taken.records,
        heads,
        ...(takeSnapshot ? { snapshot: toTaggedJson(core.state) } : {}),
      })
      .then(settle)
      .finally(() => {
        committing = null;
      });
    return committing;
  };

  return {
    core,
    heads: chain.heads,
    offer: (input) => void held.push(input),
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
      const age = now - committedAt;
      if (age >= COMMIT_QUIET_MS || (records.length > 0 && age >= COMMIT_BUSY_MS) || age < 0)
        void commit(now);
    },
    async drain(now) {
      release(now);
      await committing;
      await commit(now);
    },
    statistics: () => ({ ...statistics, waiting: facts.length + records.length }),
  };
}

/** How far calendars must be known before an input is taken. */
const latest = (input: Input): Millis =>
  input.kind === "clock" ? input.at + Math.max(0, input.stepMs) : input.at;
