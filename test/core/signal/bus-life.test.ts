/** A line's signal in the core: it is acted on, shelved, listed and closed like any other, and outlives restarts and configurations. */
import { beforeEach, expect, test } from "vitest";
import { signalsOf } from "../../../agent/acts/plant-facts.ts";
import { calendarFeeds } from "../../../agent/calendar/feeds.ts";
import { advance } from "../../../agent/core/advance.ts";
import type { SignalActInput } from "../../../agent/core/annotation/entered.ts";
import { type Core, coreOf, newCore } from "../../../agent/core/core.ts";
import type { RecordFact } from "../../../agent/core/fact.ts";
import type { CycleInput, Input } from "../../../agent/core/input.ts";
import type { SignalChange } from "../../../agent/core/signal/change.ts";
import { upgraded } from "../../../agent/core/upgrade.ts";
import { createPacker, pack, seal } from "../../../agent/store/pack.ts";
import { createUnpacker, unpack } from "../../../agent/store/unpack.ts";
import { plantOf, YAML } from "../../support/line-plant.ts";
import { play, revived } from "../../support/play.ts";
import { HOUR, MINUTE } from "./rig.ts";

const T = Date.UTC(2026, 10, 23, 5);
const WATCHED = YAML.replace("type: float32 }", "type: float32, unit: A, signal: auto }").replace(
  "condition:\n",
  "condition:\n      - { is: maintenance, when: { point: status, equals: 12 } }\n",
);
const PLANT = plantOf(WATCHED);
const ID = "bus-meter-bus";

let core: Core;
let inputs: Input[];
let told: SignalChange[];
let now: number;

function enter(input: Input): void {
  inputs.push(input);
  for (const fact of advance(core, input))
    if (fact.kind === "record" && fact.class === "signal")
      told.push((fact as RecordFact & { body: SignalChange }).body);
}

function configure(text = WATCHED): void {
  const { hash, model, calendars } = text === WATCHED ? PLANT : plantOf(text);
  for (const known of calendarFeeds(calendars, {}).until(now + 48 * HOUR)) enter(known);
  enter({ kind: "config", at: now, hash, model });
}

/** Polls both sources every 10 s for so long; one in `worst` cycles of the meter is broken. */
function poll(forMs: number, { status = 6, worst = 0 } = {}): void {
  for (const until = now + forMs; now < until; now += 10_000) {
    const said = { kind: "cycle", at: now, asset: "press-01", bad: {}, failure: null } as const;
    const i = Math.round(now / 10_000);
    const broken = worst > 0 && i % worst === 0 ? "MODBUS_FRAME" : null;
    const meter: CycleInput = { ...said, source: "meter", values: { power: 2 + (i % 7) / 10 } };
    enter({ ...said, source: "main", values: { status, total: BigInt(i), good: i }, tookMs: 8 });
    enter(broken ? { ...meter, values: {}, failure: broken } : { ...meter, tookMs: 21 + (i % 3) });
  }
  enter({ kind: "tick", at: now });
}

const act = (over: Partial<SignalActInput>): void =>
  enter({
    ...{ kind: "signal-act", id: `a-${now}`, at: now, asset: "press-01", signal: ID },
    ...{
      act: "acknowledge",
      until: null,
      points: null,
      by: "jo",
      why: "seen",
      via: "cli",
      ...over,
    },
  });
const brief = (): string[] => {
  enter({ kind: "tick", at: ++now });
  return told.map(({ id, status, version }) => `${id} ${status} ${version}`);
};

beforeEach(() => {
  core = newCore();
  inputs = [];
  told = [];
  now = T;
  configure();
});

test("raised while the machine is sound; acknowledged, shelved, back when the shelf is over", () => {
  poll(4 * HOUR, { worst: 15 });
  expect(told).toMatchObject([{ id: ID, kind: "bus", evidence: { reason: "wiring" } }]);
  expect(signalsOf(core)).toMatchObject([
    { id: ID, asset: "press-01", state: "raised", severity: "advisory" },
  ]);
  expect(signalsOf(core)[0]?.text).toMatch(
    /^line: wiring \(cycles broken or unanswered [67]\.\d* %, usually 4 %\)$/,
  );
  act({});
  act({ act: "shelve", until: now + HOUR });
  expect(signalsOf(core)[0]?.state).toBe("shelved");
  // Nothing of the machine arrives any more: time passes all the same.
  for (const until = now + 2 * HOUR; now < until; now += 10_000)
    enter({
      ...{ kind: "cycle", at: now, asset: "press-01", source: "meter", values: {}, bad: {} },
      failure: "MODBUS_TIMEOUT",
    });
  expect(brief()).toEqual([
    `${ID} raised 1`,
    `${ID} acknowledged 2`,
    `${ID} shelved 3`,
    `${ID} unshelved 4`,
  ]);
  expect(told[3]!.at - told[2]!.at).toBeLessThanOrEqual(HOUR + MINUTE);
});

test("an agent that starts again, and one that replays what was kept, tell the same", () => {
  poll(HOUR);
  poll(2 * HOUR, { worst: 5 });
  const packer = createPacker();
  for (const input of inputs) pack(packer, input);
  const unpacker = createUnpacker();
  const kept = seal(packer).flatMap(({ body, fresh }) =>
    unpack(unpacker, Buffer.from(body), fresh),
  );
  expect(kept).toEqual(inputs);
  const plain = play(inputs);
  const cut = play(kept, (i, each) => (i % 500 === 499 ? revived(each) : each));
  expect(plain.messages.filter((text) => text.includes(ID))).not.toEqual([]);
  expect(cut.messages).toEqual(plain.messages);
});

test("while somebody works at the machine, its line is not judged", () => {
  poll(6 * HOUR, { status: 12, worst: 5 });
  expect(brief()).toEqual([]);
  expect(core.byId.get("press-01")?.watch?.buses).toEqual({});
});

test("a maintenance of the machine begins the line anew; one of a point leaves it", () => {
  poll(2 * HOUR, { worst: 5 });
  const version = () => core.byId.get("press-01")?.watch?.buses["meter"]?.version;
  act({ signal: null, act: "maintenance", points: ["power"] });
  expect(brief()).toEqual([`${ID} raised 1`]);
  expect(version()).toBe(1);
  act({ signal: null, act: "maintenance" });
  expect(brief()).toEqual([`${ID} raised 1`, `${ID} cleared 2`]);
  expect(told[1]).toMatchObject({ by: "jo", why: "seen" });
  expect(version()).toBe(2);
});

test("a line that stays keeps what is known of it, another number of points begins it anew, one that goes is over", () => {
  poll(2 * HOUR, { worst: 5 });
  const busOf = () => core.byId.get("press-01")?.watch?.buses["meter"];
  const known = structuredClone(busOf());
  configure(WATCHED.replace("microStop: 1min", "microStop: 2min"));
  expect(busOf()).toEqual(known);
  const more = "      more: { source: meter, table: input, address: 60, type: float32 }\n";
  configure(WATCHED.replace("    condition:\n", `${more}    condition:\n`));
  poll(MINUTE);
  expect(busOf()).toMatchObject({ version: 2, points: 2 });
  expect(brief()).toEqual([`${ID} raised 1`]);
  configure(WATCHED.replace(/^ {6}meter:.*\n/m, "").replace("source: meter, ", ""));
  expect(brief()).toEqual([`${ID} raised 1`, `${ID} cleared 2`]);
  expect(busOf()).toBeUndefined();
  expect(signalsOf(core)).toEqual([]);
});

test("a state in which lines kept their signals apart goes on with them", () => {
  poll(2 * HOUR, { worst: 5 });
  const state = structuredClone(core.state);
  const { watch } = state.assets[0]!;
  const { [ID]: signal, ...others } = watch!.bank.signals;
  watch!.bank.signals = others;
  watch!.buses = { meter: { block: [], usual: [], sums: [], signals: { [ID]: signal } } } as never;
  core = coreOf(upgraded(2, state)!);
  expect(signalsOf(core)).toMatchObject([{ id: ID, state: "raised" }]);
  act({});
  poll(MINUTE);
  expect(brief()).toEqual([`${ID} raised 1`, `${ID} acknowledged 2`]);
});
