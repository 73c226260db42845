/**
 * Acts by MQTT message: from bytes on the command topic to the desk, and its answer back as text. A message speaks for
 * whom the configuration says, in what the configuration allows; anything else is refused and answered.
 */
import { type Answer, refusal } from "../acts/answer.ts";
import type { ActDesk } from "../acts/desk.ts";
import type { ActName } from "../acts/document.ts";
import { gatewayTopic, type TopicRoot } from "../core/topic.ts";
import type { Party } from "../core/vocabulary.ts";
import type { Log } from "../log.ts";
import type { Commands } from "../publisher/commands.ts";
import type { Incoming } from "../publisher/wire.ts";

/** Bytes. An act is a few hundred. */
export const LONGEST_COMMAND = 4_096;

export interface CommandSettings {
  allow: readonly ActName[];
  as: Party | null;
}

/** `gateway` is the id of the agent. */
export function commandsOf(
  root: TopicRoot,
  gateway: string,
  { allow, as }: CommandSettings,
  { desk, log }: { desk: ActDesk; log: Log },
): Commands {
  const sender = { via: "mqtt", as, allow } as const;
  const answer = async (message: Incoming): Promise<Answer> => {
    const read = documentIn(message);
    if ("document" in read) return await desk.take(read.document, sender);
    log.warn("a command was refused", { why: read.why, bytes: message.payload.length });
    const next = "`uptime-agent schema act` shows what an act may say";
    return { id: null, answer: "refused", ...refusal("it is no command", read.why, next) };
  };
  return {
    topic: gatewayTopic(root, gateway, "command"),
    answerTopic: gatewayTopic(root, gateway, "command", "answer"),
    async take(message) {
      const given = await answer(message).catch((error: unknown) => {
        log.error("a command failed", { error });
        return failed;
      });
      return JSON.stringify({ schema: "uptime.answer/1", agent: gateway, ...given });
    },
  };
}

const failed: Answer = {
  id: null,
  answer: "refused",
  what: "the agent failed at it",
  why: "this is a defect of the agent",
  next: "its log says more; nothing may be assumed of the act",
};

function documentIn({ payload, retain }: Incoming): { document: unknown } | { why: string } {
  if (retain)
    return { why: "it was retained, and would be carried out again with every connection" };
  if (payload.length > LONGEST_COMMAND)
    return { why: `it has ${payload.length} bytes, and a command at most ${LONGEST_COMMAND}` };
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(payload);
    const document: unknown = JSON.parse(text);
    // Delivery is at least once: without an id a message that came again would be another act.
    if (typeof document === "object" && document !== null && !("id" in document))
      return { why: "it has no `id`: the same message may come twice, and is told by it" };
    return { document };
  } catch {
    return { why: "it is not JSON in UTF-8" };
  }
}
