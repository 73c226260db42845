/** The script of the page: what it cannot do without is done without it. The only text that runs in a browser. */

/** Milliseconds between two looks while the page is seen. */
const EVERY_MS = 3_000;

export const SCRIPT = `"use strict";
const live = document.getElementById("live");
const contact = document.getElementById("contact");
const by = document.getElementById("by");
try {
  by.value = by.value || localStorage.getItem("by") || "";
  by.addEventListener("change", () => localStorage.setItem("by", by.value));
} catch {}
if (location.pathname !== "/") history.replaceState(null, "", "/");
let heard = Date.now();
const lost = () => {
  contact.textContent = "No contact with the agent for " + Math.round((Date.now() - heard) / 1000) + " s: what you see is old.";
  contact.hidden = false;
  live.classList.add("old");
};
const look = async () => {
  if (document.hidden) return;
  try {
    const answer = await fetch("/live", { signal: AbortSignal.timeout(${EVERY_MS}) });
    if (answer.status === 401 || answer.status === 403) return location.reload();
    if (!answer.ok) return lost();
    const text = await answer.text();
    // A button that goes while it is being pressed is not pressed.
    if (live.querySelector(":active")) return;
    const focused = live.contains(document.activeElement) ? document.activeElement.value : undefined;
    live.innerHTML = text;
    if (focused) [...live.querySelectorAll("button")].find((each) => each.value === focused)?.focus({ preventScroll: true });
    heard = Date.now();
    contact.hidden = true;
    live.classList.remove("old");
  } catch {
    lost();
  }
};
setInterval(look, ${EVERY_MS});
document.addEventListener("visibilitychange", look);
`;
