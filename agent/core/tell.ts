/** What an instant tells: a change of state, lost contact, the end of a stop; and the order of its records. */
import type { AssetState } from "./asset.ts";
import { showChange } from "./contracts.ts";
import { type Core, calendarOf, event, record, stamp } from "./core.ts";
import type { RecordFact, StateBody } from "./fact.ts";
import { showCondition } from "./incidents.ts";
import type { AssetPlan } from "./plant.ts";
import type { Millis } from "./time.ts";
import { scheduleAt } from "./timeline/schedule.ts";
import { current } from "./timeline/track.ts";
import { WINDOW_KINDS } from "./vocabulary.ts";

const RANK = {
  meta: 0,
  event: 1,
  state: 2,
  window: 3,
  signal: 4,
  incident: 5,
  contract: 6,
} as const;

/** Same instant: by asset, then class, windows by kind, begin and revision. The gateway comes first, with the contracts. */
function inOrder(a: RecordFact, b: RecordFact): number {
  const [x, y] = [a.asset ?? "", b.asset ?? ""];
  if (x !== y) return x < y ? -1 : 1;
  if (a.class !== "window" || b.class !== "window") return RANK[a.class] - RANK[b.class];
  return (
    WINDOW_KINDS.indexOf(a.body.kind) - WINDOW_KINDS.indexOf(b.body.kind) ||
    a.body.from - b.body.from ||
    a.body.revision - b.body.revision
  );
}

/** Ends the present instant: gives its records out. */
export function flush(core: Core): void {
  const { state } = core;
  for (const asset of core.touched) tellState(core, asset);
  core.touched.clear();
  if (state.pending.length === 0) return;
  core.out.push(...state.pending.sort(inOrder));
  state.pending = [];
}

function tellState(core: Core, asset: AssetState): void {
  const plan = core.plan.assets.get(asset.id);
  const calendar = plan && calendarOf(core, plan);
  if (!plan || !calendar || asset.firstInputAt === null) return;
  const { now } = core.state;
  const segment = current(asset.track);
  const body: StateBody = {
    condition: segment.condition,
    cause: segment.cause,
    reason: segment.reason,
    since: segment.from,
    schedule: scheduleAt(calendar, asset.plans, now).schedule,
  };
  tellContact(core, asset, body);
  showCondition(core, asset, plan, body);
  const { told } = asset;
  const same =
    told !== null &&
    told.condition === body.condition &&
    told.cause === body.cause &&
    told.reason === body.reason &&
    told.since === body.since &&
    told.schedule === body.schedule;
  if (same) return;
  if (told && told.condition !== body.condition) tellStop(core, asset, plan, body.since);
  asset.told = body;
  showChange(core, asset.id);
  const n = ++asset.ordinals.state;
  record(core, { kind: "record", asset: asset.id, ...stamp(core), class: "state", n, body });
}

/** Contact with the machine was lost or came back. */
function tellContact(core: Core, asset: AssetState, body: StateBody): void {
  const lost =
    body.cause === "link-down" || body.cause === "device-silent" || body.cause === "read-rejected";
  if (lost && !asset.comm) {
    asset.comm = { start: body.since };
    event(core, asset, {
      type: "comm",
      start: body.since,
      end: null,
      detail: { cause: body.cause },
    });
  } else if (!lost && asset.comm) {
    const { start } = asset.comm;
    asset.comm = null;
    event(core, asset, { type: "comm", start, end: body.since, detail: { cause: null } });
  }
}

/** A stop of at least the micro-stop limit ended. */
function tellStop(core: Core, asset: AssetState, plan: AssetPlan, end: Millis): void {
  const last = current(asset.track);
  if (last.condition !== "producing") return;
  const { segments } = asset.track;
  const before = segments.slice(0, -1);
  const boundary = before.findLastIndex(
    (segment) => segment.condition === "producing" || segment.condition === "unknown",
  );
  const run = before.slice(boundary + 1);
  // A stop longer than the log begins where the ledger says.
  const settled = boundary < 0 ? asset.ledger.stop?.from : undefined;
  const start = settled ?? run[0]?.from;
  if (start === undefined || run.length === 0 || end - start < plan.model.microStopMs) return;
  const detail = {
    conditions: [...new Set(run.map((segment) => segment.condition))].join(" "),
    reason: run.find((segment) => segment.reason !== null)?.reason ?? null,
  };
  event(core, asset, { type: "stop", start, end, detail });
}
