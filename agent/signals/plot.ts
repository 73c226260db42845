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

const STYLE = `
:root { color-scheme: light dark; font: 14px/1.5 system-ui, sans-serif; }
body { max-width: 68rem; margin: 2rem auto; padding: 0 1rem; }
svg { width: 100%; height: ${HEIGHT}px; display: block; overflow: visible; border-bottom: 1px solid #8886; }
figure { margin: 0 0 .8rem; } figcaption { display: flex; justify-content: space-between; }
.line { fill: none; stroke: currentColor; stroke-width: 1; vector-effect: non-scaling-stroke; }
.limit { stroke: #c60; stroke-dasharray: 5 4; vector-effect: non-scaling-stroke; }
.mean { stroke: #27a; vector-effect: non-scaling-stroke; }
.band { fill: #27a2; } .train { fill: #8882; } .event { fill: #d333; } .fault { fill: #d90; }
small { opacity: .7; } table { border-collapse: collapse; } td, th { padding: .2rem .8rem .2rem 0; text-align: left; }
.key { padding: 0 .5rem; }
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
  const span = [isoOf(rows.at[0]!), isoOf(rows.at[n - 1]!)]
    .filter((at) => at !== null)
    .join(" to ");
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Signals of ${escaped(name)}</title><style>${STYLE}</style></head><body>
<h1>Signals of ${escaped(name)}</h1>
<p>${judged}${span === "" ? "" : `; ${span}`}</p>
<p><small><span class="key" style="background:#8882">learning</span> <span class="key" style="background:#27a2">learned mean ± 3 sd</span> <span class="key" style="background:#d333">alarm</span> <span class="key" style="border-top:3px solid #d90">fault by label</span></small></p>
${warnings.map((warning) => `<p><small>Warning: ${escaped(warning)}</small></p>`).join("\n")}
${strips.join("\n")}
${eventTable(events)}
</body></html>
`;
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
  const cells = (values: string[], tag: string): string =>
    `<tr>${values.map((value) => `<${tag}>${escaped(value)}</${tag}>`).join("")}</tr>`;
  const head = cells(["rows", "from", "to", "x limit", "what deviates"], "th");
  const body = events.map(({ from, to, fromAt, toAt, open, overLimit, contributions, kind }) =>
    cells(
      [
        from === to ? `${from}` : `${from} to ${to}`,
        fromAt ?? "",
        open ? "still on" : (toAt ?? ""),
        overLimit.toFixed(1),
        [
          ...contributions.map(({ channel, share }) => `${channel} ${Math.round(share * 100)} %`),
          ...(kind === null ? [] : [kind]),
        ].join(", "),
      ],
      "td",
    ),
  );
  return `<h2>Events</h2><table>${head}${body.join("")}</table>`;
}
