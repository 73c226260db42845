/** Machines and contracts on the page: how each is, and how the day and the period go, with their bounds. */
import { type Html, html } from "./html.ts";
import type { Bounded, MachineView, PageView, StandingView } from "./view.ts";
import { amountText, boundsText, clockText, lengthText, percentText } from "./words.ts";

export function machinesPart({ machines, now, zone }: PageView): Html {
  return html`<section id="machines"><h2>Machines</h2><div class="cards">${machines.map((each) => card(each, now, zone))}</div></section>`;
}

function card(machine: MachineView, now: number, zone: string): Html {
  const { id, name, condition, cause, reason, since, schedule, today } = machine;
  const details = [cause, reason, schedule === "scheduled" ? null : schedule].filter(
    (text) => text !== null,
  );
  return html`<article class="card ${condition}">
<h3>${name}${name === id ? null : html` <small>${id}</small>`}</h3>
<p class="state"><b>${condition}</b>${details.length > 0 ? html` <span>${details.join(", ")}</span>` : null}</p>
<p class="since">${since === null ? "not seen yet" : `since ${clockText(since, now, zone)}, ${lengthText(now - since)}`}</p>
${today === null ? null : html`${gauge("Uptime today", today.uptime)}${gauge("OEE today", today.oee)}<p class="coverage">observed ${percentText(today.coverage)}</p>`}
</article>`;
}

export function gauge(label: string, ratio: Bounded): Html {
  const bounds = boundsText(ratio);
  return html`<div class="gauge"><span>${label}</span><b>${percentText(ratio.value)}</b>${bar(ratio)}${bounds === null ? null : html`<small>${bounds}</small>`}</div>`;
}

/** The band from lower to upper bound, and the value as a stroke in it. */
function bar({ value, min, max }: Bounded): Html | null {
  if (min === null || max === null) return null;
  const at = (ratio: number): number => Math.min(100, Math.max(0, Math.round(ratio * 1_000) / 10));
  const stroke =
    value === null
      ? null
      : html`<rect class="value" x="${Math.min(99, at(value))}" y="0" width="1" height="6"/>`;
  return html`<svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect class="track" x="0" y="1" width="100" height="4"/><rect class="sure" x="0" y="1" width="${at(min)}" height="4"/><rect class="band" x="${at(min)}" y="1" width="${Math.max(0, at(max) - at(min))}" height="4"/>${stroke}</svg>`;
}

export function standingPart({ standing }: PageView): Html | null {
  if (standing.length === 0) return null;
  return html`<section id="contracts"><h2>Contracts</h2><div class="cards">${standing.map(outcome)}</div></section>`;
}

function outcome(standing: StandingView): Html {
  const { contract, outcome: name, verdict, unit, so, target, minimum, text } = standing;
  const amount = (value: number | null): string =>
    unit === null ? percentText(value) : amountText(value, unit);
  const levels = [
    target === null ? null : `target ${amount(target)}`,
    minimum === null ? null : `minimum ${amount(minimum)}`,
  ].filter((level) => level !== null);
  const plain = html`<p>so far ${amount(so.value)}, between ${amount(so.min)} and ${amount(so.max)}</p>`;
  return html`<article class="card verdict ${verdict}"><h3>${contract} <small>${name}</small></h3>
<p class="state"><b>${verdict}</b></p>${unit === null ? gauge("so far", so) : plain}<p class="since">${levels.join(", ")}</p>${text === null ? null : html`<p>${text}</p>`}</article>`;
}
