/** What the shell itself puts on record: records that were parked, recorded data that was given up. */
import type { NoticeInput } from "./core/input.ts";
import type { Millis } from "./core/time.ts";
import type { Log } from "./log.ts";
import type { Pipeline } from "./pipeline.ts";
import { iso } from "./record/message.ts";
import type { Gap } from "./store/port.ts";

export function reportGap(pipeline: Pipeline, gap: Gap, log: Log): void {
  const { n, what, from, to, rows, why } = gap;
  log.error("recorded data was given up", { gap: n, what, rows, why });
  const at = pipeline.core.state.now;
  pipeline.offer(dataNotice(at, { what, gap: n, from: iso(from), to: iso(to), rows, reason: why }));
}

export const parkedNotice = (at: Millis, seq: number, reason: string): NoticeInput =>
  dataNotice(at, { what: "parked", fromSeq: seq, toSeq: seq, reason });

const dataNotice = (at: Millis, detail: NoticeInput["detail"]): NoticeInput => ({
  kind: "notice",
  at,
  start: at,
  end: at,
  detail,
});
