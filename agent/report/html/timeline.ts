/** What each machine did, as colored bars on local time: lanes for a day, one row a day for longer spans. */
import { civilDay, isoDate, weekday, zoneOf } from "../../calendar/zone.ts";
import { type Millis, overlapMs, type Span } from "../../core/time.ts";
import { CONDITIONS, type Condition } from "../../core/vocabulary.ts";
import type { AssetReport, Stretch } from "../build.ts";
import { clockOf, clockTime, localTime } from "../words.ts";
import { clockScale } from "./clock-scale.ts";
import { at, type Markup, picture, tag, text } from "./markup.ts";

const WIDTH = 1000;
const HOUR = 3_600_000;
const LANE_LIMIT = 36 * HOUR;
/** More stretches in a row than this are drawn as what prevailed in each of as many slots. */
const SLOTS = 720;

interface Lane extends Span {
  label: string;
  zone: string;
  line: readonly Stretch[];
  settledTo: Millis;
}

interface Look {
  left: number;
  lane: number;
  gap: number;
}

/** Over up to 36 hours one picture for all machines whose clocks agree; else one for each, with a row a local day. */
export function timelines(assets: readonly AssetReport[]): Markup {
  if (assets.every(({ from, to }) => to - from <= LANE_LIMIT)) return shortTimelines(assets);
  return assets
    .map((asset, i) => {
      const rows = daysOf(asset).map((day) => {
        const line = asset.timeline.filter((one) => overlapMs(one, day.from, day.to) > 0);
        return { ...laneOf(asset), ...day, line };
      });
      const title = `Timeline of ${asset.asset.id}, one row a day`;
      const heading = assets.length > 1 ? tag("h3", {}, text(asset.asset.name)) : "";
      return heading + lanes(`timeline-${i}`, title, rows, { left: 78, lane: 13, gap: 7 });
    })
    .join("");
}

function shortTimelines(assets: readonly AssetReport[]): Markup {
  const clocks = (asset: AssetReport): string =>
    [asset.from, asset.to].map((t) => localTime(t, asset.asset.zone)).join();
  const look = { left: 110, lane: 26, gap: 14 };
  if (new Set(assets.map(clocks)).size <= 1)
    return lanes("timeline", "Timeline", assets.map(laneOf), look);
  return assets
    .map((asset, i) => lanes(`timeline-${i}`, "Timeline", [laneOf(asset)], look))
    .join("");
}

const laneOf = ({ asset, from, to, timeline, settledTo }: AssetReport): Lane => ({
  ...{ label: asset.id, zone: asset.zone, from, to, line: timeline, settledTo },
});

const DAYS = ["", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

function daysOf({ asset, from, to }: AssetReport): (Span & { label: string })[] {
  const zone = zoneOf(asset.zone);
  const rows: (Span & { label: string })[] = [];
  for (let day = zone.dayAt(from); zone.resolve(day, 0) < to; day++) {
    const label = `${DAYS[weekday(civilDay(isoDate(day)))]} ${isoDate(day).slice(5)}`;
    rows.push({ from: zone.resolve(day, 0), to: zone.resolve(day + 1, 0), label });
  }
  return rows;
}

function lanes(id: string, title: string, rows: readonly Lane[], look: Look): Markup {
  const { lane, gap } = look;
  const top = 18;
  const height = top + rows.length * (lane + gap);
  // A day without a change of the clock shows every hour.
  const usual = rows.find((row) => clockScale(row, row.zone).changeMs === 0) ?? rows[0];
  const marks = usual ? ticks(usual, look, height) : "";
  const drawn = rows.map((row, i) => laneMarkup(row, top + i * (lane + gap), look));
  const description = rows.map(described).join(" ");
  const drawing = picture({ id, title, description, width: WIDTH, height }, marks, ...drawn);
  return tag("div", { class: "wide" }, drawing);
}

/** Longest conditions first. */
function described({ label, line, from, to }: Lane): string {
  const sums = CONDITIONS.map((condition) => ({
    condition,
    ms: line.reduce(
      (sum, one) => sum + (one.condition === condition ? overlapMs(one, from, to) : 0),
      0,
    ),
  }));
  const said = sums.filter(({ ms }) => ms > 0).sort((a, b) => b.ms - a.ms);
  return `${label}: ${said.map(({ condition, ms }) => `${condition} ${clockTime(ms)}`).join(", ")}.`;
}

function ticks(row: Lane, { left }: Look, height: number): Markup {
  const { from, to, zone } = row;
  const { position } = clockScale(row, zone);
  const every = to - from > 14 * HOUR ? 3 : 1;
  const minute = Number(clockOf(from, zone).slice(3));
  const marks: Markup[] = [];
  for (let t = from + ((60 - minute) % 60) * 60_000; t <= to; t += HOUR) {
    const clock = clockOf(t, zone);
    if (Number(clock.slice(0, 2)) % every !== 0) continue;
    const x = at(left + (WIDTH - left) * position(t));
    marks.push(
      tag("line", { x1: x, x2: x, y1: 14, y2: height - 6, class: "grid" }),
      tag("text", { x: Math.min(x, WIDTH - 14), y: 10, class: "soft mid small" }, text(clock)),
    );
  }
  return marks.join("");
}

function laneMarkup(row: Lane, y: number, { left, lane }: Look): Markup {
  const { zone } = row;
  const { position } = clockScale(row, zone);
  const x = (t: Millis): number => left + (WIDTH - left) * position(t);
  const bars = slotted(row).map((stretch) => {
    const [from, to] = [x(Math.max(stretch.from, row.from)), x(Math.min(stretch.to, row.to))];
    const shape = { x: at(from), width: at(Math.max(to - from, 0.3)) };
    const full = { ...shape, y, height: lane };
    const own = `c-${stretch.condition}`;
    if (stretch.stop !== "micro") return tag("rect", { ...full, class: own }, hover(stretch, zone));
    const half = { ...shape, y: at(y + lane / 2), height: at(lane / 2), class: own };
    return tag("rect", { ...full, class: "c-producing" }) + tag("rect", half, hover(stretch, zone));
  });
  return [
    tag("text", { x: 0, y: at(y + lane / 2 + 4), class: "strong" }, text(row.label)),
    tag("rect", { x: left, y, width: WIDTH - left, height: lane, class: "base" }),
    ...bars,
    ...strips(row, x, y + lane + 1),
  ].join("");
}

const hover = ({ from, to, condition, reason, cause }: Stretch, zone: string): Markup =>
  tag(
    "title",
    {},
    text(
      `${localTime(from, zone).slice(11)} ${condition}${(reason ?? cause) ? ` (${reason ?? cause})` : ""} ${clockTime(to - from)}`,
    ),
  );

/** The schedule as a thin line below: what is not marked was not scheduled. */
function strips({ line, from, to }: Lane, x: (t: Millis) => number, y: number): Markup[] {
  const merged: { from: Millis; to: Millis; schedule: string }[] = [];
  for (const stretch of line) {
    if (overlapMs(stretch, from, to) === 0) continue;
    const last = merged.at(-1);
    if (last?.schedule === stretch.schedule) last.to = stretch.to;
    else merged.push({ ...stretch });
  }
  return merged
    .filter(({ schedule }) => schedule !== "unscheduled")
    .map((one) => {
      const [begin, end] = [x(Math.max(one.from, from)), x(Math.min(one.to, to))];
      const shape = { x: at(begin), width: at(end - begin), y: at(y), height: 2.5 };
      return tag("rect", { ...shape, class: `s-${one.schedule}` });
    });
}

/** The stretches of a row; where they are too many to see, what prevailed in each slot. */
function slotted({ line, from, to }: Lane): Stretch[] {
  const own = line.filter((stretch) => overlapMs(stretch, from, to) > 0);
  if (own.length <= SLOTS) return own;
  const length = (to - from) / SLOTS;
  const slots: Stretch[] = [];
  let i = 0;
  for (let n = 0; n < SLOTS; n++) {
    const span = { from: from + n * length, to: from + (n + 1) * length };
    while ((own[i]?.to ?? to) <= span.from) i++;
    const meeting: Stretch[] = [];
    for (let k = i; (own[k]?.from ?? to) < span.to; k++) meeting.push(own[k] as Stretch);
    const most = prevailing(meeting, span);
    const last = slots.at(-1);
    if (most && last?.condition === most.condition) last.to = span.to;
    else if (most) slots.push({ ...most, ...span, stop: "none", reason: null, cause: null });
  }
  return slots;
}

function prevailing(stretches: readonly Stretch[], { from, to }: Span): Stretch | null {
  const sums = new Map<Condition, Millis>();
  for (const one of stretches)
    sums.set(one.condition, (sums.get(one.condition) ?? 0) + overlapMs(one, from, to));
  const most = [...sums].sort((a, b) => b[1] - a[1])[0]?.[0];
  return stretches.find(({ condition }) => condition === most) ?? null;
}

const NAMES: Partial<Record<Condition, string>> = { unknown: "not observed" };

/** Only what is in the pictures. */
export function legend(assets: readonly AssetReport[]): Markup {
  const seen = CONDITIONS.filter((condition) =>
    assets.some(({ totals }) => totals.conditionMs[condition] > 0),
  );
  const item = (name: string, className: string, height: number): Markup =>
    tag(
      "li",
      {},
      tag(
        "svg",
        { viewBox: "0 0 12 12", "aria-hidden": "true" },
        tag("rect", { width: 12, height, y: 12 - height, class: className, rx: 1 }),
      ),
      text(name),
    );
  const schedules = (["scheduled", "planned-stop", "no-demand"] as const).filter((schedule) =>
    assets.some(({ totals }) => totals.scheduleMs[schedule] > 0),
  );
  const micro = assets.some(({ timeline }) => timeline.some(({ stop }) => stop === "micro"));
  const changes = assets.map((asset) => clockScale(asset, asset.asset.zone).changeMs);
  return tag(
    "ul",
    { class: "legend" },
    ...seen.map((name) => item(NAMES[name] ?? name, `c-${name}`, 12)),
    micro ? item("half height: micro-stop", "c-idle", 6) : "",
    ...schedules.map((name) => item(`line below: ${name}`, `s-${name}`, 3)),
    changes.some((ms) => ms < 0) ? tag("li", {}, text("clock forward: that hour is empty")) : "",
    changes.some((ms) => ms > 0)
      ? tag("li", {}, text("clock back: that hour is drawn twice, at half the width"))
      : "",
  );
}
