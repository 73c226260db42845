import { describe, expect, test } from "vitest";
import { type Answer, noteOf } from "../../simulator/answers.ts";
import { believed, type Place } from "../../simulator/believed.ts";
import { LIES, type LieName, lying } from "../../simulator/lie.ts";
import { MISCHIEFS, mischief } from "../../simulator/mischief.ts";
import {
  answerPdu,
  type Device,
  frame,
  type Request,
  takeRequest,
} from "../../simulator/modbus-request.ts";
import { keyOf, stream } from "../../simulator/random.ts";
import { loadScenario } from "../../simulator/scenario-file.ts";
import { FRAMINGS } from "../../simulator/serial-frame.ts";
import type { Framing } from "../../simulator/serve.ts";
import { lieAt, mischiefAt, welcomeAt } from "../../simulator/trouble.ts";

const TCP: Framing = {
  take: takeRequest,
  frame,
  spoil: (bytes) => Buffer.from(bytes).fill(1, 3, 4),
};
const request: Request = { transaction: 9, unit: 1, code: 3, pdu: Buffer.from([3, 0, 2, 0, 4]) };

describe("lies", () => {
  let total = 70_000;
  const device: Device = {
    identity: ["a", "b", "c"],
    read: (_table, address, quantity) =>
      [6, 0, Math.floor(total / 65_536), total % 65_536, 0, 9, 7].slice(
        address,
        address + quantity,
      ),
  };
  const counter = (of: Device): number => {
    const [high = 0, low = 0] = of.read("holding", 2, 2) ?? [];
    return high * 65_536 + low;
  };

  test.each([
    ["rollover", 4_294_967_291, 4_294_967_295, 0],
    ["reset", 0, 4, 5],
    ["step-back", 69_999, 70_003, 70_004],
    ["jump", 1_070_000, 1_070_004, 1_070_005],
    ["frozen", 70_000, 70_000, 70_000],
    ["sentinel", 0x7fff_7fff, 0x7fff_7fff, 0x7fff_7fff],
    ["all-ones", 0xffff_ffff, 0xffff_ffff, 0xffff_ffff],
  ] as const)("%s", (name, ...expected) => {
    let lie: LieName | null = null;
    const liar = lying(device, () => lie);
    total = 70_000;
    expect(counter(liar)).toBe(70_000);
    lie = name;
    const seen = [0, 4, 5].map((more) => {
      total = 70_000 + more;
      return counter(liar);
    });
    expect(seen).toEqual(expected);
    lie = null;
    expect(counter(liar)).toBe(70_005);
  });
});

describe.each([
  ["tcp", TCP],
  ["rtu", FRAMINGS.rtu],
  ["ascii", FRAMINGS.ascii],
] as const)("mischief over %s", (_name, framing) => {
  const device: Device = { identity: ["a", "b", "c"], read: () => [1, 2, 3, 4] };
  const pdu = answerPdu(device, request);
  const reply = { request, pdu, bytes: framing.frame(request, pdu), framing };

  test.each(MISCHIEFS)("%s gives the answer whole only where it says so", (kind) => {
    const random = stream(keyOf(1, kind));
    for (let i = 0; i < 50; i++) {
      const action = mischief(kind, random, 100);
      if (action.do !== "pieces") continue;
      const sent = Buffer.concat(action.make(reply).map(({ bytes }) => bytes));
      expect(sent.includes(reply.bytes)).toBe(action.isTrue);
    }
  });
});

describe("the oracle", () => {
  const PLACE: Place[] = [{ id: "a", table: "holding", address: 3, words: 1 }];
  const asked = (askedAt: number, values: number[], sentAt: number | null): Answer => ({
    ...noteOf(request, "answer", askedAt),
    values,
    sentAt,
  });
  const reading = (value: number, at = 20) => ({
    samples: new Map([["a", { quality: "good" as const, value, raw: [value] }]]),
    failure: null,
    at,
    requests: 1,
  });
  const wrong = (value: number, answers: Answer[], at?: number): number =>
    believed(reading(value, at), 10, 1, PLACE, answers).wrong.length;

  test("believes only the answer to the last request, sent in time", () => {
    expect(wrong(7, [asked(11, [0, 7, 0, 0], 12)])).toBe(0);
    expect(wrong(8, [asked(11, [0, 7, 0, 0], 12)])).toBe(1);
    expect(wrong(7, [asked(9, [0, 7, 0, 0], 12)])).toBe(1);
    expect(wrong(7, [asked(11, [0, 7, 0, 0], null)])).toBe(1);
    expect(wrong(7, [asked(11, [0, 7, 0, 0], 21)])).toBe(1);
    expect(wrong(7, [asked(11, [0, 7, 0, 0], 12), asked(13, [0, 8, 0, 0], 14)])).toBe(1);
    expect(wrong(7, [])).toBe(1);
  });
});

test("a scenario says when what is sick", () => {
  const { events, from } = loadScenario("sick-bus");
  const at = (minutes: number): number => from + minutes * 60_000;
  const random = stream(1);
  const spoiled = (minutes: number, machine: string): number =>
    Array.from({ length: 200 }, () => mischiefAt(events, machine, at(minutes), random)).filter(
      (action) => action.do !== "answer",
    ).length;
  expect([spoiled(1, "press-01"), spoiled(22, "press-01"), spoiled(22, "pack-01")]).toEqual([
    0, 200, 0,
  ]);
  expect(spoiled(6, "pack-01")).toBeGreaterThan(30);
  expect([39, 41].map((minutes) => welcomeAt(events, 1, at(minutes)))).toEqual(["serve", "ignore"]);
  expect([1, 2].map((open) => welcomeAt(events, open, at(46)))).toEqual(["serve", "close"]);
  expect(lieAt(events, "press-01", at(56))).toBe("frozen");
  expect(lieAt(events, "pack-01", at(56))).toBeNull();
  expect(LIES).toContain(lieAt(events, "pack-01", at(91)));
});
