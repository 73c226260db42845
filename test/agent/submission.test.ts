/**
 * The way in of what people enter, over a real store: what is taken is judged by everything known so far, durable when
 * it is answered, and the same as a replay makes it; what is refused leaves no trace.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type {
  ActInput,
  CountsInput,
  DecisionInput,
  ReasonInput,
} from "../../agent/core/annotation/entered.ts";
import { Fault } from "../../agent/core/fault.ts";
import type { Input } from "../../agent/core/input.ts";
import { openPipeline, type Pipeline } from "../../agent/pipeline.ts";
import { HOLD_MS } from "../../agent/release.ts";
import { replay } from "../../agent/replay/replay.ts";
import { openStore } from "../../agent/store/open.ts";
import type { RecordRow, Store } from "../../agent/store/port.ts";
import { toTaggedJson } from "../../agent/store/tagged-json.ts";
import type { Submitted } from "../../agent/submission.ts";
import { HOUR, MINUTE, plantOf, SIX, YAML } from "../support/line-plant.ts";
import { bodyOf, type Payload } from "../support/records.ts";
import { optionsFor, temporary } from "./store/plant.ts";

const PLANT = `${YAML}    incidents: {}
contracts:
  acme:
    assets: [press-01, saw-02]
    period: month
    outcomes: [{ metric: uptime, target: 97% }]
`;
const END = SIX + 3 * HOUR;
/** Records of an instant are told when it is over. */
const AFTER = END + 1000;

let place: ReturnType<typeof temporary>;
let store: Store;
let pipeline: Pipeline;
let kept: RecordRow[];
let isBroken: boolean;

beforeEach(async () => {
  place = temporary();
  [kept, isBroken] = [[], false];
  const opened = await openStore(optionsFor(place.folder));
  store = opened.store;
  const rethrow = (error: unknown): never => {
    throw error;
  };
  pipeline = openPipeline(plantOf(PLANT), opened.recovered, {
    store: {
      ...store,
      async commit(commit) {
        const fault = new Fault("STORE_IO", "the disk is gone");
        if (isBroken) return { ok: false, fault, retryAfterMs: 0 } as never;
        const result = await store.commit(commit);
        if (result.ok) kept.push(...commit.records);
        return result;
      },
    },
    ...{ kept: () => {}, committed: () => {}, trouble: () => {}, failed: rethrow },
  });
  pipeline.configure(SIX);
});
afterEach(async () => {
  await store.close();
  place.remove();
});

/** The saw works, with 20 minutes of idling in each hour; every 10 s. */
const polls = (from: number, to: number): Input[] =>
  Array.from({ length: (to - from) / 10_000 }, (_, n): Input => {
    const at = from + n * 10_000;
    const values = { status: (at - SIX) % HOUR < 20 * MINUTE ? 0 : 6 };
    return { kind: "cycle", at, asset: "saw-02", source: "main", values, bad: {}, failure: null };
  });

async function work(from: number, to: number, isKept = true): Promise<void> {
  for (const input of polls(from, to)) pipeline.enter(input);
  if (isKept) await pipeline.drain(to);
}

/** The answer, while the loop goes on ticking at one instant. */
async function answered<T>(promise: Promise<T>, now: number): Promise<T> {
  let isOver = false;
  const over = promise.finally(() => {
    isOver = true;
  });
  over.catch(() => {});
  while (!isOver) {
    pipeline.tick(now + HOLD_MS);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return over;
}

const said = (more: Partial<ReasonInput> = {}): ReasonInput => ({
  ...{ kind: "reason", at: END, asset: "saw-02", from: SIX, to: SIX + 15 * MINUTE },
  ...{ reason: "no material", attribution: "customer", by: "lead", why: "seen" },
  ...more,
});

const revisions = (records: RecordRow[]): Payload[] =>
  records
    .map(({ payload }) => JSON.parse(payload) as Payload)
    .filter(({ window }) => ((window as { revision?: number })?.revision ?? 0) > 1);

/** The same inputs, replayed. */
function replayed(inputs: Input[]): Payload[] {
  const printed: Payload[] = [];
  const run = replay({
    plant: plantOf(PLANT),
    load: () => plantOf(PLANT),
    print: (line) => void printed.push(JSON.parse(line).payload),
  });
  for (const { kind, ...input } of inputs)
    run.line(JSON.stringify(kind === "cycle" ? input : { event: kind, ...input }));
  run.end(AFTER);
  return printed;
}

const evidence = (payloads: Payload[]): string[] =>
  payloads
    .filter(({ schema }) => schema !== "uptime.status/1")
    .map(bodyOf)
    .sort();
const told = (): Payload[] => kept.map(({ payload }) => JSON.parse(payload) as Payload);

describe("what is taken", () => {
  test("is durable when it is answered, and what a replay makes of it", async () => {
    await work(SIX, END);
    expect(await answered(pipeline.submit(said()), END)).toEqual({ accepted: true });
    await pipeline.drain(AFTER);
    const [revised] = revisions(kept);
    expect(revised?.["window"]).toMatchObject({ revision: 2, by: "lead", why: "seen" });
    expect(evidence(replayed([...polls(SIX, END), said()]))).toEqual(evidence(told()));
  });

  test("is judged by what is not committed yet as well", async () => {
    await work(SIX, SIX + HOUR);
    await work(SIX + HOUR, END, false);
    const note = said({ from: SIX + HOUR, to: SIX + 2 * HOUR });
    expect(await answered(pipeline.submit(note), END)).toEqual({ accepted: true });
    await pipeline.drain(AFTER);
    expect(revisions(kept).map(({ id }) => id)).toEqual([
      `gw-1/saw-02/hour/${new Date(SIX + HOUR).toISOString()}/2`,
    ]);
    expect(evidence(replayed([...polls(SIX, END), note]))).toEqual(evidence(told()));
  });

  test("at the same time by two is taken one after the other, each seeing the one before", async () => {
    await work(SIX, END);
    const [one, two] = [said(), said({ from: SIX + 5 * MINUTE, attribution: "supplier" })];
    const both = Promise.all([pipeline.submit(one), pipeline.submit(two)]);
    expect(await answered(both, END)).toEqual([{ accepted: true }, { accepted: true }]);
    await pipeline.drain(AFTER);
    expect(revisions(kept).map(({ window }) => (window as { revision: number }).revision)).toEqual([
      2, 3,
    ]);
    expect(evidence(replayed([...polls(SIX, END), one, two]))).toEqual(evidence(told()));
  });

  test("while the disk refuses is said so, and kept once as soon as it does not", async () => {
    await work(SIX, END);
    isBroken = true;
    await expect(answered(pipeline.submit(said()), END)).rejects.toMatchObject({
      code: "STORE_IO",
    });
    expect(revisions(kept)).toEqual([]);
    isBroken = false;
    await pipeline.drain(END + MINUTE);
    expect(revisions(kept)).toHaveLength(1);
  });
});

describe("what is refused changes nothing", () => {
  const proposed = said({ id: "a-1", party: "supplier" });
  const decided = (more: Partial<DecisionInput>): DecisionInput => ({
    ...{ kind: "decision", at: END, asset: "saw-02", annotation: "a-1", decision: "agreed" },
    ...{ party: "customer", by: "boss", why: "yes" },
    ...more,
  });
  const late: CountsInput = {
    ...{ kind: "counts", at: END, asset: "mill-09", window: "hour", from: SIX, reject: 1 },
    ...{ by: "lab", why: "late" },
  };
  const acted: ActInput = {
    ...{ kind: "act", id: "x", at: END, asset: "saw-02", incident: "i-99", act: "acknowledge" },
    ...{ mode: null, party: null, by: "desk", why: "", via: "cli" },
  };

  test.each<[string, Input, RegExp]>([
    ["an unknown machine", said({ asset: "mill-09" }), /no asset "mill-09"/],
    ["late scrap of an unknown machine", late, /no asset "mill-09"/],
    ["an empty span", said({ to: SIX }), /empty/],
    ["a span that ends before it begins", said({ to: SIX - 1 }), /empty/],
    ["a future time", said({ from: END + HOUR, to: END + 2 * HOUR }), /future/],
    ["an answer to an unknown annotation", decided({ annotation: "a-7" }), /no annotation "a-7"/],
    [
      "an answer about another machine",
      decided({ asset: "press-01" }),
      /no annotation "a-1" of press-01/,
    ],
    ["an answer of the same party", decided({ party: "supplier" }), /the other party decides/],
    ["an unknown incident", acted, /i-99/],
    ["an incident of a machine without", { ...acted, asset: "press-01" }, /no incidents/],
  ])("%s", async (_, input, reason) => {
    await work(SIX, END);
    await answered(pipeline.submit(proposed), END);
    await pipeline.drain(END);
    const before = toTaggedJson(pipeline.core.state);
    const answer: Submitted = await answered(pipeline.submit(input), END);
    expect(answer).toEqual({ accepted: false, reason: expect.stringMatching(reason) });
    expect(toTaggedJson(pipeline.core.state)).toBe(before);
    const lines = [...polls(SIX, END), proposed, input];
    expect(() => replayed(lines)).toThrow(new RegExp(`^line ${lines.length}: `));
  });
});
