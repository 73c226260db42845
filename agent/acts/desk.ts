/**
 * The desk for acts: one door behind command line, page and MQTT. Checks an act, files it once, and answers when it
 * is durable. What is refused changes nothing and is logged with who and why; what is accepted is in the journal.
 */
import type { Clock } from "../clock.ts";
import { FAULTS, Fault } from "../core/fault.ts";
import type { Input } from "../core/input.ts";
import type { Log } from "../log.ts";
import type { Submitted } from "../submission.ts";
import { type Answer, isRefusal, type Refusal, refusal } from "./answer.ts";
import { type Act, readAct } from "./document.ts";
import { type Judged, judge, type Sender } from "./input.ts";
import { outcomeOf } from "./outcome.ts";
import type { ActPort, ChannelView, Filed, IncidentView, SignalView } from "./port.ts";

export interface ActDeskPorts extends ActPort {
  clock: Clock;
  log: Log;
  /** A new act id. */
  newId(): string;
}

export interface ActDesk {
  /** Never rejects for anything that a sender can do. Throws what the agent itself failed with. */
  take(document: unknown, sender: Sender): Promise<Answer>;
  /** Open incidents and those closed of late; the newest first. */
  incidents(): readonly IncidentView[];
  /** Signals that are raised, and what is watched for them. */
  signals(): { signals: readonly SignalView[]; channels: readonly ChannelView[] };
}

/** How long an answer waits for the disk. */
const PATIENCE_MS = 5_000;
/** Acts under way at once; people are slower than this. */
const MOST_UNDER_WAY = 32;

interface Desk {
  ports: ActDeskPorts;
  /** What each act that is in the journal was, by id; null until it was read. */
  done: Map<string, Known> | null;
  underWay: Map<string, Promise<Answer>>;
}

interface Known {
  act: string;
  asset: string | null;
  /** In the journal; else in memory, and waiting for the disk. */
  isKept: boolean;
}

export function openActDesk(ports: ActDeskPorts): ActDesk {
  const desk: Desk = { ports, done: null, underWay: new Map() };
  return {
    take: (document, sender) => take(desk, document, sender),
    incidents: () => ports.facts().incidents(),
    signals() {
      const facts = ports.facts();
      return { signals: facts.signals(), channels: facts.channels() };
    },
  };
}

async function take(desk: Desk, document: unknown, sender: Sender): Promise<Answer> {
  const read = readAct(document);
  if ("wrong" in read) {
    const next = "`uptime-agent schema act` shows what an act may say";
    return refused(
      desk,
      idOf(document),
      byOf(document),
      sender,
      refusal("it is no act", read.wrong.join("; "), next),
    );
  }
  const { act } = read;
  const id = act.id ?? desk.ports.newId();
  const known = doneBefore(desk).get(id);
  if (known) {
    known.isKept ||= isJournaled(desk.ports, id);
    const told = already(id, act, known);
    return known.isKept || told.answer === "refused" ? told : pending(act, id, known.asset);
  }
  const underWay = desk.underWay.get(id);
  if (underWay !== undefined) return again(await underWay);
  if (desk.underWay.size >= MOST_UNDER_WAY) return refused(desk, id, act.by, sender, tooMany());
  const whole = file(desk, act, id, sender);
  desk.underWay.set(id, whole);
  const forget = (): void => void desk.underWay.delete(id);
  whole.then(forget, forget);
  return bounded(desk, act, id, whole);
}

/** Waits, for so long, until it is kept. */
async function bounded(
  { ports }: Desk,
  act: Act,
  id: string,
  whole: Promise<Answer>,
): Promise<Answer> {
  const enough = new AbortController();
  const late = ports.clock.sleep(ports.clock.mono() + PATIENCE_MS, enough.signal).then(() => null);
  try {
    return (await Promise.race([whole, late])) ?? pending(act, id, act.asset ?? null);
  } finally {
    enough.abort();
  }
}

async function file(desk: Desk, act: Act, id: string, sender: Sender): Promise<Answer> {
  const judged = await judge(act, id, sender, desk.ports.facts());
  if (isRefusal(judged)) return refused(desk, id, act.by, sender, judged);
  try {
    return settled(desk, act, judged, sender, await desk.ports.submit(judged.input));
  } catch (error) {
    if (!(error instanceof Fault) || FAULTS[error.code].class !== "retry") throw error;
    // The core has it and the disk does not, for now: entered again, it would be there twice.
    doneBefore(desk).set(id, { act: act.act, asset: judged.asset, isKept: false });
    return pending(act, id, judged.asset);
  }
}

function settled(
  desk: Desk,
  act: Act,
  { input, asset, incident }: Judged,
  sender: Sender,
  result: Submitted,
): Answer {
  const { id, by } = input as Filed & { by: string };
  if (!result.accepted) {
    const why = refusal(
      `${act.act} was refused`,
      result.reason,
      "`uptime-agent incident list` shows how things are",
    );
    return refused(desk, id, by, sender, why);
  }
  doneBefore(desk).set(id, { act: act.act, asset, isKept: true });
  desk.ports.log.info("an act was entered", { act: act.act, asset, id, by, via: sender.via });
  const { message, about } = outcomeOf(act, asset, id, incident, desk.ports.facts());
  return { id, answer: "accepted", act: act.act, asset, incident: about, message };
}

function refused(
  { ports }: Desk,
  id: string | null,
  by: string | null,
  { via }: Sender,
  why: Refusal,
): Answer {
  ports.log.warn("an act was refused", { id, by, via, what: why.what, why: why.why });
  return { id, answer: "refused", ...why };
}

function pending({ act }: Act, id: string, asset: string | null): Answer {
  const message = `act ${id} is taken and will be kept as soon as the disk lets it`;
  return { id, answer: "pending", act, asset, incident: null, message };
}

/** Where the first answer is a refusal, the same act is refused again. */
const again = (first: Answer): Answer =>
  first.answer === "accepted"
    ? { ...first, answer: "already-done", message: `already done: ${first.message}` }
    : first;

/** An id that stands for something else is refused: its sender counts on an act that never was. */
function already(id: string, { act, asset }: Act, known: Known): Answer {
  if (known.act === act && (asset === undefined || known.asset === asset)) {
    const message = "already done; nothing was changed";
    return { id, answer: "already-done", act, asset: known.asset, incident: null, message };
  }
  const what = `the id ${id} is taken`;
  const why = `it named the act ${known.act}${known.asset ? ` on ${known.asset}` : ""}`;
  return { id, answer: "refused", ...refusal(what, why, "leave `id` out, or make a new one") };
}

const tooMany = (): Refusal =>
  refusal(
    "too many acts at once",
    `${MOST_UNDER_WAY} wait for the disk`,
    "try again in some seconds with the same id",
  );

/** Ids of the journal. Read at the first act, so that a start waits for nothing. */
function doneBefore(desk: Desk): Map<string, Known> {
  if (desk.done) return desk.done;
  const done = new Map<string, Known>();
  for (const input of desk.ports.journal()) {
    const known = knownOf(input);
    if (known) done.set(...known);
  }
  desk.done = done;
  return done;
}

function knownOf(input: Input): [string, Known] | null {
  const { id } = input as Partial<Filed>;
  if (typeof id !== "string" || !("by" in input)) return null;
  return [id, { act: nameOf(input), asset: input.asset, isKept: true }];
}

/** False as well while the disk does not even let it be looked up. */
function isJournaled(ports: ActDeskPorts, id: string): boolean {
  try {
    for (const input of ports.journal()) if ((input as Partial<Filed>).id === id) return true;
  } catch (error) {
    ports.log.warn("the journal cannot be read", { error });
  }
  return false;
}

/** The name of the act that an input was made from. */
function nameOf(input: Extract<Input, { by: string }>): string {
  switch (input.kind) {
    case "act":
      return input.act;
    case "signal-act":
      return input.act === "maintenance" ? "maintenance" : `signal-${input.act}`;
    case "decision":
      return input.decision === "agreed" ? "agree" : "dispute";
    case "counts":
      return "scrap";
    case "plan":
      return "plan";
    case "reason":
      if (input.ideal) return "ideal";
      if (input.schedule) return "schedule";
      return input.attribution === null ? "reason" : "attribute";
  }
}

const textOf = (document: unknown, key: string): string | null => {
  const value =
    typeof document === "object" && document !== null ? Reflect.get(document, key) : null;
  return typeof value === "string" ? value.slice(0, 64) : null;
};
const idOf = (document: unknown): string | null => textOf(document, "id");
const byOf = (document: unknown): string | null => textOf(document, "by");
