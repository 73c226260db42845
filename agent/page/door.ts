/**
 * Who may look and who may press: password, the page's own token, the site a request comes from. Answers with a
 * reason or lets through; serves nothing.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { Clock } from "../clock.ts";

export interface DoorSettings {
  /** Null: whoever reaches the address may look. Only for an address that programs of the gateway alone reach. */
  password: string | null;
}

export type Verdict = { pass: true } | { pass: false; status: 401 | 403 | 421 | 429; why: string };

export interface Door {
  /** Another one with each start. */
  token: string;
  look(headers: IncomingHttpHeaders): Verdict;
  /** For what changes something, behind {@link look}. */
  press(headers: IncomingHttpHeaders, token: string): Verdict;
}

const PASS: Verdict = { pass: true };
const OWN_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/;
/** Wrong passwords a minute; then nobody is let in for the rest of it. */
const MOST_GUESSES = 20;
const MINUTE_MS = 60_000;

export function openDoor({ password }: DoorSettings, clock: Pick<Clock, "mono">): Door {
  const token = randomBytes(24).toString("base64url");
  const guesses = { since: clock.mono(), wrong: 0 };
  const known = password === null ? null : digest(password);
  const check = ({ authorization = "" }: IncomingHttpHeaders, wanted: Buffer): Verdict => {
    if (clock.mono() - guesses.since >= MINUTE_MS)
      Object.assign(guesses, { since: clock.mono(), wrong: 0 });
    if (guesses.wrong >= MOST_GUESSES)
      return { pass: false, status: 429, why: "too many wrong passwords; wait a minute" };
    const given = passwordIn(authorization);
    if (given !== null && timingSafeEqual(digest(given), wanted)) return PASS;
    if (given !== null) guesses.wrong++;
    return { pass: false, status: 401, why: "the page needs its password" };
  };
  return {
    token,
    look(headers) {
      if (known !== null) return check(headers, known);
      // A name that leads here from a site elsewhere is not ours: that site would read along.
      if (OWN_HOST.test(headers.host ?? "")) return PASS;
      return { pass: false, status: 421, why: "this page is for programs on the gateway itself" };
    },
    press(headers, given) {
      if (isForeign(headers) || !timingSafeEqual(digest(given), digest(token)))
        return { pass: false, status: 403, why: "the page is old, or not ours: load it again" };
      return PASS;
    },
  };
}

/** Digests have one length, so that comparing tells nothing about it. */
const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Of basic authentication, whatever the user is called. */
function passwordIn(authorization: string): string | null {
  const [, encoded] = /^Basic ([A-Za-z0-9+/=]{1,1000})$/i.exec(authorization) ?? [];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0 ? null : text.slice(colon + 1);
}

function isForeign({ origin, host, "sec-fetch-site": site }: IncomingHttpHeaders): boolean {
  if (site !== undefined && site !== "same-origin" && site !== "none") return true;
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}
