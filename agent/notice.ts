/** What the shell itself puts on record: records that were parked, recorded data that was given up. */
import type { Fact } from "./core/fact.ts";
import type { Fault } from "./core/fault.ts";
import type { NoticeInput } from "./core/input.ts";
import type { Millis } from "./core/time.ts";
import type { Log } from "./log.ts";
import type { Pipeline } from "./pipeline.ts";
import { iso } from "./record/iso.ts";
import type { Gap, Recovered } from "./store/port.ts";

export function reportGap(pipeline: Pipeline, gap: Gap, log: Log): void {
  const { n, what, from, to, rows, why } = gap;
  log.error("recorded data was given up", { gap: n, what, rows, why });
  const at = pipeline.core.state.now;
  pipeline.offer(dataNotice(at, { what, gap: n, from: iso(from), to: iso(to), rows, reason: why }));
}

export const parkedNotice = (at: Millis, seq: number, reason: string): NoticeInput =>
  dataNotice(at, { what: "parked", fromSeq: seq, toSeq: seq, reason });

/** Frames that nobody asked for: two masters on one bus make every value doubtful, though none that was accepted is wrong. */
export function reportStrays(
  pipeline: Pipeline,
  at: Millis,
  connection: string,
  frames: number,
  log: Log,
): void {
  log.warn("frames on the bus that were not asked for", {
    connection,
    frames,
    hint: "answers that come after `timeout`, a second master, or two units with one id: `uptime-agent scan`",
  });
  const detail = { what: "foreign frames", connection, frames };
  pipeline.offer({ ...dataNotice(at, detail), type: "comm" });
}

/** Contact with a machine that was lost or came back: what whoever looks at the log came for. */
export function tellContact(log: Log, fact: Fact): void {
  if (fact.kind !== "record" || fact.class !== "event" || fact.body.type !== "comm") return;
  const { asset } = fact;
  const { start, end, detail } = fact.body;
  if (asset === null) return;
  const hint =
    "`uptime-agent status` shows its connection, `uptime-agent read` what its registers answer";
  if (end === null) log.warn(`${asset} cannot be read`, { since: iso(start), ...detail, hint });
  else log.info(`${asset} is read again`, { since: iso(end) });
}

export function tellTrouble(log: Log, fault: Fault): void {
  const { code, hint } = fault;
  log.error("a commit failed; it is kept in memory and tried again", { code, error: fault, hint });
}

export function tellRecovery(log: Log, { quarantined, lost }: Recovered): void {
  if (quarantined)
    log.error("the store was damaged and set aside; a new one was begun", { quarantined });
  if (lost) log.error("part of the journal is lost", { lost });
}

const dataNotice = (at: Millis, detail: NoticeInput["detail"]): NoticeInput => ({
  kind: "notice",
  at,
  start: at,
  end: at,
  detail,
});
