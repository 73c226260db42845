/** Open incidents and signals on the page, with the buttons that a technician needs, and none that is done already. */
import type { IncidentView, SignalView } from "../acts/port.ts";
import type { Step } from "../core/incident/act.ts";
import { type Html, html } from "./html.ts";
import type { PageView } from "./view.ts";
import { clockText, lengthText } from "./words.ts";

/** What may be entered on the page; nothing that says who answers for time. */
export const PAGE_ACTS = [
  "acknowledge",
  "respond",
  "restore",
  "close",
  "signal-acknowledge",
] as const;
export type PageAct = (typeof PAGE_ACTS)[number];

/** Those that would be refused are not shown. */
const BUTTONS: readonly (readonly [act: PageAct & Step, label: string])[] = [
  ["acknowledge", "Acknowledge"],
  ["respond", "I am here"],
  ["restore", "Restored"],
  ["close", "Close"],
];

export function incidentsPart(view: PageView): Html {
  const { incidents } = view;
  const list = incidents.map((each) => incidentCard(each, view));
  return html`<section id="incidents"><h2>Open incidents</h2>${list.length > 0 ? html`<div class="cards">${list}</div>` : html`<p class="none">none</p>`}</section>`;
}

/** What is meant, as people call it and as acts do. */
function heading({ asset, id }: { asset: string; id: string }, { machines }: PageView): Html {
  const name = machines.find((each) => each.id === asset)?.name ?? asset;
  return html`<h3>${name} <small>${name === asset ? id : `${asset} ${id}`}</small></h3>`;
}

function incidentCard(incident: IncidentView, view: PageView): Html {
  const { now, zone } = view;
  const { severity, state, from, held, mode, reason, fits, limits } = incident;
  const buttons = BUTTONS.filter(([act]) => fits.includes(act));
  const clocks = limits
    .filter((limit) => limit.state !== "met")
    .map(
      ({ limit, due, state: how }) =>
        html`<p class="limit ${how}">${limit}: ${dueText(due, now, zone, how)}</p>`,
    );
  return html`<article class="card incident">${heading(incident, view)}
<p class="state"><b>${severity} ${state}</b>${held ? html` <span>on hold</span>` : null} <span>${reason ?? mode}</span></p>
<p class="since">since ${clockText(from, now, zone)}, ${lengthText(now - from)}</p>${clocks}
${buttons.length > 0 ? html`<div class="buttons">${buttons.map(([act, label]) => button(act, incident, label))}</div>` : null}</article>`;
}

function dueText(due: number | null, now: number, zone: string, state: string): string {
  if (due === null) return state;
  const left = due - now;
  return left > 0
    ? `${lengthText(left)} left, until ${clockText(due, now, zone)}`
    : `missed since ${clockText(due, now, zone)}`;
}

/** Its value says what is done to what. */
const button = (act: PageAct, of: { asset: string; id: string }, label: string): Html =>
  html`<button name="do" value="${act} ${of.asset}/${of.id}">${label}</button>`;

export function signalsPart(view: PageView): Html | null {
  if (view.signals.length === 0) return null;
  return html`<section id="signals"><h2>Signals</h2><div class="cards">${view.signals.map((each) => signalCard(each, view))}</div></section>`;
}

function signalCard(signal: SignalView, view: PageView): Html {
  const { id, asset, state, severity, since, text } = signal;
  const { now, zone } = view;
  const isNew = state === "raised";
  return html`<article class="card signal">${heading(signal, view)}
<p class="state"><b>${severity} ${state}</b></p><p>${text}</p><p class="since">since ${clockText(since, now, zone)}</p>
${isNew ? html`<div class="buttons">${button("signal-acknowledge", { asset, id }, "Seen")}</div>` : null}</article>`;
}
