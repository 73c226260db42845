/** From bytes on the command topic to the desk: what is no command is refused before it, and every answer is one. */
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterEach, expect, test } from "vitest";
import { commandsOf, LONGEST_COMMAND } from "../../../agent/commands/reader.ts";
import { openLog } from "../../../agent/log.ts";
import { bundledSchema } from "../../../config/schemas.ts";
import { type Shop, shop } from "../acts/shop.ts";

const ROOT = { namespace: "uptime1", enterprise: "acme", site: "ulm" };
const isAnswer = new Ajv2020({ strict: false }).compile(bundledSchema("answer")!);
const answers: Record<string, unknown>[] = [];

function door(made: Shop = shop(), as: "customer" | null = "customer") {
  const log = openLog({
    level: "warn",
    to: { write: (line) => made.logged.push(JSON.parse(line)) },
    clock: made.clock,
  });
  const allow = ["acknowledge", "attribute"] as const;
  const commands = commandsOf(ROOT, "gw-1", { allow, as }, { desk: made.desk, log });
  const send = async (payload: string | Buffer, retain = false) => {
    const answer = JSON.parse(
      await commands.take({ topic: commands.topic, payload: Buffer.from(payload), retain }),
    );
    answers.push(answer);
    return answer;
  };
  return { commands, send, made };
}

afterEach(() => {
  for (const answer of answers.splice(0)) {
    expect(isAnswer(answer), JSON.stringify(isAnswer.errors)).toBe(true);
    expect(answer).toMatchObject({ schema: "uptime.answer/1", agent: "gw-1" });
  }
});

const acknowledge = { id: "m-1", act: "acknowledge", asset: "press-01", by: "Jo" };

test("topics are the gateway's", () => {
  const { topic, answerTopic } = door().commands;
  expect([topic, answerTopic]).toEqual([
    "uptime1/acme/ulm/_gateway/gw-1/command",
    "uptime1/acme/ulm/_gateway/gw-1/command/answer",
  ]);
});

test("an act by message, once", async () => {
  const { send, made } = door();
  expect(await send(JSON.stringify(acknowledge))).toMatchObject({ id: "m-1", answer: "accepted" });
  expect(await send(JSON.stringify(acknowledge))).toMatchObject({ answer: "already-done" });
  expect(made.submitted).toEqual([
    expect.objectContaining({ via: "mqtt", party: "customer", by: "Jo" }),
  ]);
});

test.each([
  ["no JSON", "acknowledge!", false],
  ["no UTF-8", Buffer.from([0x22, 0xff, 0x22]), false],
  ["nothing", "", false],
  ["too long", JSON.stringify({ ...acknowledge, why: "x".repeat(LONGEST_COMMAND) }), false],
  ["without an id", JSON.stringify({ ...acknowledge, id: undefined }), false],
  ["retained", JSON.stringify(acknowledge), true],
])("%s is refused and logged", async (_, payload, retain) => {
  const { send, made } = door();
  expect(await send(payload, retain)).toMatchObject({ id: null, answer: "refused" });
  expect(made.submitted).toEqual([]);
  expect(made.logged).toEqual([expect.objectContaining({ msg: "a command was refused" })]);
});

test("what is not allowed, or claims another party, is refused with its id", async () => {
  const { send, made } = door();
  const restore = { ...acknowledge, act: "restore" };
  expect(await send(JSON.stringify(restore))).toMatchObject({ id: "m-1", answer: "refused" });
  const claim = { ...acknowledge, party: "supplier" };
  expect(await send(JSON.stringify(claim))).toMatchObject({ id: "m-1", answer: "refused" });
  expect(made.submitted).toEqual([]);
});

test("a defect is answered without a word of it", async () => {
  const made = shop();
  made.submit = () => Promise.reject(new Error("secret path"));
  const answer = await door(made).send(JSON.stringify(acknowledge));
  expect(answer).toMatchObject({ answer: "refused", what: "the agent failed at it" });
  expect(JSON.stringify(answer)).not.toContain("secret");
});
