/**
 * A replayed table as one HTML page: every channel with its training baseline, the statistic with its limit, and the
 * events. No script, nothing loaded from elsewhere. Refuses more detail than a screen has pixels.
 */
import { isoOf, type SignalEvent } from "./events.ts";
import type { Replayed } from "./replay.ts";
import { spans } from "./score.ts";
import { pathOf, type Scale, scaleOf, WIDTH, xOf, yOf } from "./strip.ts";

const HEIGHT = 90;
/** A statistic beyond this many limits is drawn at the rim. */
const RIM = 5;
/** Events in the table: the strongest. All of them are in the strips and in `signals replay`. */
const LISTED = 100;

const STYLE = `
:root { color-scheme: light dark; font: 14px/1.5 system-ui, sans-serif; }
body { max-width: 68rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; overflow-wrap: anywhere; }
svg { width: 100%; height: ${HEIGHT}px; display: block; overflow: visible; border-bottom: 1px solid #8886; }
figure { margin: 0 0 .8rem; } figcaption, .axis { display: flex; flex-wrap: wrap; justify-content: space-between; column-gap: 1rem; }
.line { fill: none; stroke: currentColor; stroke-width: 1; vector-effect: non-scaling-stroke; }
.limit { stroke: #c60; stroke-dasharray: 5 4; vector-effect: non-scaling-stroke; }
.mean { stroke: #27a; vector-effect: non-scaling-stroke; }
.band { fill: #27a2; } .train { fill: #8882; } .event { fill: #d333; } .fault { fill: #d90; }
small { opacity: .7; } .key { padding: 0 .5rem; white-space: nowrap; }
.events { overflow-x: auto; } table { border-collapse: collapse; } .at { white-space: nowrap; }
td, th { padding: .2rem .8rem .2rem 0; text-align: left; vertical-align: top; }
@media (max-width: 40rem) { .late { display: none; } }
`;

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

/** `name` heads the page. */
export function pictureOf(replayed: Replayed, name: string): string {
  const { rows, train, events, warnings } = replayed;
  const n = rows.values.length;
  const strips = rows.channels.map((channel, j) => {
    const series = Float64Array.from(rows.values, (x) => x[j]!);
    const { mean, sd } = baselineOf(series, train);
    const scale = scaleOf(series, HEIGHT, [mean - 3 * sd, mean + 3 * sd]);
    const note = `learned ${figure(mean)} ± ${figure(sd)}; from ${figure(scale.low)} to ${figure(scale.high)}`;
    return strip(
      channel,
      note,
      backdrop(replayed) + baseline(mean, sd, scale) + line(series, scale),
    );
  });
  const shown = replayed.statistic.map((value) => Math.min(value, RIM));
  const scale = scaleOf(shown, HEIGHT, [0, 1.2]);
  const limit = rule("limit", 1, scale);
  strips.push(
    strip(
      "statistic",
      "as a multiple of its limit",
      backdrop(replayed) + limit + line(shown, scale),
    ),
  );
  const judged = `${n} rows, the first ${train} learned from; ${events.length} events`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Signals of ${escaped(name)}</title><style>${STYLE}</style></head><body>
<h1>Signals of ${escaped(name)}</h1>
<p>${judged}</p>
<p><small>${key(rows.labels !== null)}</small></p>
${warnings.map((warning) => `<p><small>Warning: ${escaped(warning)}</small></p>`).join("\n")}
${strips.join("\n")}
${axis(rows.at)}
${eventTable(events)}
</body></html>
`;
}

function key(labeled: boolean): string {
  const one = (style: string, text: string): string =>
    `<span class="key" style="${style}">${text}</span>`;
  return [
    one("background:#8882", "learning"),
    one("background:#27a2", "learned mean ± 3 sd"),
    one("background:#d333", "alarm"),
    ...(labeled ? [one("border-top:3px solid #d90", "fault by label")] : []),
  ].join(" ");
}

const shortTime = (at: string | null): string => (at ?? "").slice(0, 19).replace("T", " ");

/** First, middle and last instant below the strips; rows without times have none. */
function axis(at: Float64Array): string {
  const last = at.length - 1;
  const told = [0, last >> 1, last].map((i) => shortTime(isoOf(at[i]!)));
  if (told.every((time) => time === "")) return "";
  const [first, middle, end] = told;
  return `<p class="axis"><small>${first}</small><small class="late">${middle}</small><small>${end} UTC</small></p>`;
}

const figure = (value: number): string => String(Number(value.toPrecision(4)));

function baselineOf(series: Float64Array, train: number): { mean: number; sd: number } {
  const good = series.subarray(0, train).filter((value) => !Number.isNaN(value));
  if (good.length === 0) return { mean: 0, sd: 0 };
  const mean = good.reduce((sum, value) => sum + value, 0) / good.length;
  const variance = good.reduce((sum, value) => sum + (value - mean) ** 2, 0) / good.length;
  return { mean, sd: Math.sqrt(variance) };
}

const strip = (title: string, note: string, inside: string): string =>
  `<figure><figcaption><b>${escaped(title)}</b> <small>${escaped(note)}</small></figcaption><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${escaped(title)}">${inside}</svg></figure>`;

const line = (series: ArrayLike<number>, scale: Scale): string =>
  `<path class="line" d="${pathOf(series, scale)}"/>`;

const rule = (kind: string, value: number, scale: Scale): string =>
  `<path class="${kind}" d="M0 ${yOf(scale, value)}H${WIDTH}"/>`;

function baseline(mean: number, sd: number, scale: Scale): string {
  const top = Number(yOf(scale, mean + 3 * sd));
  const height = Number(yOf(scale, mean - 3 * sd)) - top;
  return `<rect class="band" x="0" y="${top}" width="${WIDTH}" height="${Math.max(0, height)}"/>${rule("mean", mean, scale)}`;
}

/** Learning, alarms and labelled faults behind every strip. */
function backdrop({ rows, train, events }: Replayed): string {
  const n = rows.values.length;
  const box = (kind: string, from: number, to: number, y: number, height: number): string => {
    const x = xOf(from, n);
    const width = Math.max(1, Number(xOf(to + 1, n)) - Number(x));
    return `<rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${height}"/>`;
  };
  return [
    box("train", 0, train - 1, 0, HEIGHT),
    ...events.map(({ from, to }) => box("event", from, to, 0, HEIGHT)),
    ...spans(rows.labels ?? [], 0).map(([from, to]) => box("fault", from, to, 0, 3)),
  ].join("");
}

function eventTable(events: readonly SignalEvent[]): string {
  if (events.length === 0) return "<p>Nothing to tell.</p>";
  const strongest = [...events].sort((a, b) => b.overLimit - a.overLimit).slice(0, LISTED);
  const shown = events.length > LISTED ? events.filter((one) => strongest.includes(one)) : events;
  const head = `<tr><th>rows</th><th>from (UTC)</th><th class="late">to</th><th>× limit</th><th>what deviates</th></tr>`;
  const title = shown.length < events.length ? `The ${LISTED} strongest events` : "Events";
  return `<h2>${title}</h2><div class="events"><table>${head}${shown.map(eventRow).join("")}</table></div>`;
}

function eventRow({ from, to, fromAt, toAt, open, overLimit, ...event }: SignalEvent): string {
  const { contributions, kind } = event;
  const what = [
    ...contributions.map(({ channel, share }) =>
      share === 1 ? channel : `${channel} ${Math.round(share * 100)} %`,
    ),
    ...(kind === null ? [] : [kind]),
  ].join(", ");
  const until = open ? "still on" : shortTime(toAt);
  return `<tr><td>${from === to ? from : `${from} to ${to}`}</td><td class="at">${shortTime(fromAt)}</td><td class="at late">${until}</td><td>${overLimit.toFixed(1)}</td><td>${escaped(what)}</td></tr>`;
}
