/**
 * The whole page as one document: no request to anywhere else, no framework, works without its script. The script
 * only fetches the live part anew and remembers a name.
 */
import { type Html, html } from "./html.ts";
import { incidentsPart, signalsPart } from "./incidents.ts";
import { machinesPart, standingPart } from "./machines.ts";
import { SCRIPT } from "./script.ts";
import { STYLE } from "./style.ts";
import type { PageView } from "./view.ts";
import { clockText, lengthText } from "./words.ts";

export interface Frame {
  /** Proves that a form came from this page. */
  token: string;
  /** Another one each time: with what a button does it names the act. */
  nonce: string;
  /** Who pressed, to be pressed again. */
  by: string;
  notice: { isGood: boolean; lines: string[] } | null;
}

/** What changes: everything inside the form but the name. A page that outlives the agent learns its new token so. */
export function livePart(view: PageView, { token, nonce }: Pick<Frame, "token" | "nonce">): Html {
  const { now, zone, clock } = view;
  return html`<input type="hidden" name="token" value="${token}"><input type="hidden" name="nonce" value="${nonce}">
${contentsPart(view)}${incidentsPart(view)}${signalsPart(view)}${machinesPart(view)}${standingPart(view)}
<footer>${troubleText(view)}<p>${deliveryText(view)}</p><p>${clockText(now, now, zone)} ${zone}, clock ${clock}</p></footer>`;
}

/** What there is and how much of it: of many machines the rest would be far below. */
function contentsPart({ incidents, signals, machines, standing }: PageView): Html {
  const parts: [id: string, count: number][] = [
    ["incidents", incidents.length],
    ["signals", signals.length],
    ["machines", machines.length],
    ["contracts", standing.length],
  ];
  const there = parts.filter(([id, count]) => count > 0 || id === "incidents");
  return html`<nav>${there.map(([id, count]) => html`<a href="#${id}">${id} ${count}</a> `)}</nav>`;
}

function troubleText({ trouble }: PageView): Html | null {
  return trouble === null
    ? null
    : html`<p class="limit missed">${trouble}: what happens is not kept yet; tell the service</p>`;
}

function deliveryText({ broker, outbox, now }: PageView): string {
  const link =
    broker === null
      ? "no broker configured"
      : broker.connected
        ? "broker connected"
        : `broker: ${broker.trouble ?? "connecting"}`;
  const oldest =
    outbox.oldestAt === null ? "" : `, the oldest ${lengthText(now - outbox.oldestAt)} old`;
  const parked = outbox.parked > 0 ? `, ${outbox.parked} parked` : "";
  return `${link}; ${outbox.depth} records wait${oldest}${parked}`;
}

export function pageDocument(view: PageView, frame: Frame): string {
  const { by, notice } = frame;
  const { gateway, site } = view;
  const said =
    notice &&
    html`<p class="notice ${notice.isGood ? "good" : "bad"}" role="status">${notice.lines.map((line) => html`<span>${line}</span> `)}</p>`;
  const body = html`<header><h1>${gateway} <small>${site}</small></h1><p id="contact" role="status" hidden></p></header>
${said}
<form method="post" action="/act" autocomplete="on">
<noscript><p>Without its script this page stays as it was at ${clockText(view.now, view.now, view.zone)}: load it again.</p></noscript>
<label class="by">Your name <input id="by" name="by" value="${by}" required maxlength="64" autocomplete="name"></label>
<main id="live">${livePart(view, frame)}</main></form>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
${html`<title>${gateway}</title>`.markup}
<link rel="icon" href="data:,">
<style>${STYLE}</style></head>
<body>
${body.markup}
<script>${SCRIPT}</script>
</body></html>
`;
}
