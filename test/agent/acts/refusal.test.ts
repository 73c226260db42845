/** What the desk refuses, in words that help, and who may say what on a way in. Nothing refused changes anything. */
import { describe, expect, test } from "vitest";
import { CLI, incident, NOW, shop } from "./shop.ts";

const by = "Jo";
const ago = (minutes: number): string => new Date(NOW - minutes * 60_000).toISOString();
const ahead = (minutes: number): string => ago(-minutes);

describe("refusals say what, why and what next, and change nothing", () => {
  const span = { from: ago(60), to: ago(30) };
  const attribute = { act: "attribute", attribution: "customer", by, why: "no air" };
  const cases: [name: string, document: unknown, what: RegExp][] = [
    ["no object", "acknowledge", /no act/],
    ["an unknown machine", { act: "open", asset: "press-1", by, why: "x" }, /no asset press-1$/],
    [
      "an unknown incident",
      { act: "acknowledge", incident: "press-01/i-9", by },
      /no incident press-01\/i-9$/,
    ],
    [
      "another machine's incident",
      { act: "restore", asset: "press-02", incident: "press-01/i-4", by },
      /belongs to press-01, not to press-02/,
    ],
    ["no machine at all", { act: "acknowledge", by }, /no machine/],
    ["nothing open", { act: "acknowledge", asset: "press-02", by }, /no open incident/],
    [
      "a future moment",
      { act: "acknowledge", asset: "press-01", by, at: ahead(1) },
      /in the future/,
    ],
    [
      "a span that ends in the future",
      { ...attribute, asset: "press-01", from: ago(5), to: ahead(5) },
      /in the future/,
    ],
    [
      "a span upside down",
      { ...attribute, asset: "press-01", from: span.to, to: span.from },
      /not after its begin/,
    ],
    [
      "an empty span",
      { ...attribute, asset: "press-01", from: span.to, to: span.to },
      /not after its begin/,
    ],
    ["no span", { ...attribute, asset: "press-01", from: ago(9) }, /time it is about is missing/],
    ["no span and no incident", { ...attribute, asset: "press-02" }, /no open incident/],
    [
      "a plan that began",
      {
        act: "plan",
        asset: "press-01",
        from: ago(1),
        to: ahead(60),
        schedule: "no-demand",
        by,
        why: "x",
      },
      /has passed/,
    ],
    [
      "a plan in another year",
      {
        act: "plan",
        asset: "press-01",
        from: ahead(1),
        to: "2062-01-01T00:00:00Z",
        schedule: "no-demand",
        by,
        why: "x",
      },
      /400 days/,
    ],
    [
      "another machine's window",
      {
        act: "scrap",
        asset: "press-02",
        window: `gw-1/press-01/hour/${ago(60)}`,
        reject: 1,
        by,
        why: "x",
      },
      /belongs to press-01/,
    ],
    [
      "a window that is none of its",
      { act: "scrap", asset: "press-02", window: "hour", from: ago(60), reject: 1, by, why: "x" },
      /press-02 has no hour/,
    ],
    [
      "a window to come",
      { act: "scrap", asset: "press-01", window: "hour", from: ahead(60), reject: 1, by, why: "x" },
      /in the future/,
    ],
    [
      "more scrap than pieces",
      { act: "scrap", asset: "press-01", window: "hour", from: ago(60), reject: 101, by, why: "x" },
      /101 rejects are more than the 100/,
    ],
    [
      "an unknown recipe",
      {
        act: "ideal",
        asset: "press-01",
        recipe: "zz",
        idealCycle: "1s",
        from: ago(60),
        by,
        why: "x",
      },
      /no recipe zz/,
    ],
    [
      "a cycle of nothing",
      {
        act: "ideal",
        asset: "press-01",
        recipe: "a7",
        idealCycle: "0s",
        from: ago(60),
        by,
        why: "x",
      },
      /is none/,
    ],
    [
      "an unknown annotation",
      { act: "agree", annotation: "note-9", party: "customer", by },
      /no annotation note-9/,
    ],
    [
      "agreeing with oneself",
      { act: "agree", annotation: "note-1", party: "supplier", by },
      /made by the supplier/,
    ],
    ["a decision without a party", { act: "agree", annotation: "note-1", by }, /needs a party/],
    [
      "shelving until yesterday",
      { act: "signal-shelve", signal: "oil-drift", until: ago(60), by, why: "x" },
      /has passed/,
    ],
    ["an unknown signal", { act: "signal-acknowledge", signal: "hum", by }, /no signal hum/],
    [
      "an unknown point",
      { act: "maintenance", asset: "press-01", points: ["hum"], by, why: "x" },
      /no point hum/,
    ],
  ];
  test.each(cases)("%s", async (_, document, what) => {
    const { desk, submitted, logged } = shop();
    const answer = await desk.take(document, CLI);
    expect(answer).toMatchObject({ answer: "refused", what: expect.stringMatching(what) });
    expect(answer).toHaveProperty("why", expect.stringMatching(/.{8}/));
    expect(answer).toHaveProperty("next", expect.stringMatching(/.{8}/));
    expect(submitted).toEqual([]);
    expect(logged).toEqual([expect.objectContaining({ level: "warn", msg: "an act was refused" })]);
  });

  test("a bare number that two machines have is asked back", async () => {
    const made = shop();
    made.incidents = [incident(), incident({ asset: "press-02" })];
    const answer = await made.desk.take({ act: "acknowledge", incident: "i-4", by }, CLI);
    expect(answer).toMatchObject({ what: "i-4 may be press-01/i-4 or press-02/i-4" });
    const foreign = { act: "acknowledge", incident: "i-4", asset: "press-02", by };
    expect(await made.desk.take(foreign, CLI)).toMatchObject({
      answer: "accepted",
      asset: "press-02",
    });
  });

  test("a closed incident stays as it is", async () => {
    const made = shop();
    made.incidents = [incident({ open: false, state: "closed" })];
    const answer = await made.desk.take({ act: "respond", incident: "press-01/i-4", by }, CLI);
    expect(answer).toMatchObject({ answer: "refused", what: "incident press-01/i-4 is closed" });
  });

  test("under a contract nobody annotates without a party", async () => {
    const made = shop();
    made.contracted = true;
    const document = { ...attribute, incident: "press-01/i-4" };
    expect(await made.desk.take(document, CLI)).toMatchObject({ what: "attribute needs a party" });
    const answer = await made.desk.take({ ...document, party: "customer" }, CLI);
    expect(answer).toMatchObject({ answer: "accepted" });
  });

  test("what the core refuses is refused, with its reason", async () => {
    const made = shop();
    made.submit = async () => ({
      accepted: false,
      reason: "the contract lets the supplier decide",
    });
    const answer = await made.desk.take({ act: "acknowledge", asset: "press-01", by }, CLI);
    expect(answer).toMatchObject({
      answer: "refused",
      why: "the contract lets the supplier decide",
    });
    expect(made.logged).toEqual([expect.objectContaining({ level: "warn", by })]);
  });
});

describe("who may say what on a way in", () => {
  const mqtt = { via: "mqtt", as: "customer", allow: ["acknowledge", "agree"] } as const;

  test("the party is the configured one", async () => {
    const { desk, submitted } = shop();
    await desk.take({ act: "agree", annotation: "note-1", by }, mqtt);
    expect(submitted).toEqual([expect.objectContaining({ party: "customer", decision: "agreed" })]);
  });

  test("a message that claims the other party is refused", async () => {
    const { desk, submitted } = shop();
    const document = { act: "agree", annotation: "note-1", by, party: "supplier" };
    expect(await desk.take(document, mqtt)).toMatchObject({ answer: "refused" });
    expect(submitted).toEqual([]);
  });

  test("acts that are not allowed are refused", async () => {
    const answer = await shop().desk.take({ act: "restore", asset: "press-01", by }, mqtt);
    expect(answer).toMatchObject({ answer: "refused", what: "restore is not taken here" });
  });

  test("from outside nothing is said about time without a party, contract or not", async () => {
    const document = { act: "reason", incident: "press-01/i-4", reason: "air", by, why: "x" };
    const sender = { via: "mqtt", as: null, allow: null } as const;
    expect(await shop().desk.take(document, sender)).toMatchObject({
      what: "reason needs a party",
    });
  });
});
