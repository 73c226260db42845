/**
 * Listens on one connection to what somebody tells the agent, and lines up the answers. Understands none of it. What
 * is lost with the connection is lost: its sender gets no answer and asks again with the same id.
 */
import { type FlightDeck, REJECTED } from "./flight.ts";
import type { Incoming } from "./wire.ts";

export interface Commands {
  topic: string;
  answerTopic: string;
  /** The answer as text. Never rejects. */
  take(message: Incoming): Promise<string>;
}

/** Answers that wait for the window; a flood of commands gets no more. */
const MOST_ANSWERS = 100;

/** `onDeaf`: the broker does not let the agent listen. */
export function listen(
  deck: FlightDeck,
  { topic, answerTopic, take }: Commands,
  onDeaf: (topic: string, reason: number) => void,
): void {
  const heard = async (message: Incoming): Promise<void> => {
    const payload = await take(message);
    if (deck.answers.length >= MOST_ANSWERS) return;
    deck.answers.push({ topic: answerTopic, payload });
    deck.ring();
  };
  deck.wire.subscribe(
    topic,
    (message) => void heard(message),
    (reason) => {
      if (reason >= REJECTED) onDeaf(topic, reason);
    },
  );
}
