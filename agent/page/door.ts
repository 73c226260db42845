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
  /** `from`: the address that asks. */
  look(headers: IncomingHttpHeaders, from: string): Verdict;
  /** For what changes something, behind {@link look}. */
  press(headers: IncomingHttpHeaders, token: string): Verdict;
}

const PASS: Verdict = { pass: true };
const OWN_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/;
/** Wrong passwords a minute from one address; then nobody there is let in for the rest of it. */
const MOST_GUESSES = 20;
/** Addresses that are remembered; the one that guessed longest ago is forgotten first. */
const MOST_GUESSERS = 256;
const MINUTE_MS = 60_000;

export function openDoor({ password }: DoorSettings, clock: Pick<Clock, "mono">): Door {
  const token = randomBytes(24).toString("base64url");
  const guesses: Guesses = new Map();
  const known = password === null ? null : digest(password);
  const check = (
    { authorization = "" }: IncomingHttpHeaders,
    from: string,
    wanted: Buffer,
  ): Verdict => {
    if (wrongFrom(guesses, from, clock.mono()) >= MOST_GUESSES)
      return { pass: false, status: 429, why: "too many wrong passwords; wait a minute" };
    const given = passwordIn(authorization);
    if (given !== null && timingSafeEqual(digest(given), wanted)) return PASS;
    if (given !== null) noteWrong(guesses, from, clock.mono());
    return { pass: false, status: 401, why: "the page needs its password" };
  };
  return {
    token,
    look(headers, from) {
      if (known !== null) return check(headers, from, known);
      // A name that leads here from a site elsewhere is not ours: that site would read along.
      if (OWN_HOST.test(headers.host ?? "")) return PASS;
      return { pass: false, status: 421, why: "this page is for programs on the gateway itself" };
    },
    press(headers, given) {
      if (isForeign(headers) || !timingSafeEqual(digest(given), digest(token)))
        return {
          pass: false,
          status: 403,
          why: "the page was older than this run of the agent, or not ours",
        };
      return PASS;
    },
  };
}

/** By address, within a minute of the first; insertion order is that of the first. */
type Guesses = Map<string, { since: number; wrong: number }>;

function wrongFrom(guesses: Guesses, from: string, now: number): number {
  const known = guesses.get(from);
  if (known && now - known.since < MINUTE_MS) return known.wrong;
  guesses.delete(from);
  return 0;
}

/** Behind {@link wrongFrom}: what is there is of this minute. */
function noteWrong(guesses: Guesses, from: string, now: number): void {
  const known = guesses.get(from) ?? { since: now, wrong: 0 };
  known.wrong++;
  guesses.set(from, known);
  const [oldest] = guesses.keys();
  if (guesses.size > MOST_GUESSERS && oldest !== undefined) guesses.delete(oldest);
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
