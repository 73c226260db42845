/**
 * Serves the local page over HTTP: looks are free of effects, acts go through the desk. Needs no network beyond its
 * own socket, sends nobody anywhere, and holds nothing of what it shows.
 */
import { createHash, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Answer } from "../acts/answer.ts";
import type { ActDesk } from "../acts/desk.ts";
import type { Clock } from "../clock.ts";
import { Fault } from "../core/fault.ts";
import type { Log } from "../log.ts";
import { type Frame, livePart, pageDocument } from "./document.ts";
import { type Door, type DoorSettings, openDoor } from "./door.ts";
import { PAGE_ACTS } from "./incidents.ts";
import { SCRIPT } from "./script.ts";
import { STYLE } from "./style.ts";
import type { PageView } from "./view.ts";

export interface PageSettings extends DoorSettings {
  host: string;
  /** 0: any that is free. */
  port: number;
}

export interface PagePorts {
  view(): Promise<PageView>;
  acts: ActDesk;
  clock: Clock;
  log: Log;
}

export interface Page {
  port: number;
  close(): Promise<void>;
}

const LONGEST_FORM = 4_096;
const SENDER = { via: "page", as: null, allow: PAGE_ACTS } as const;

const hashOf = (text: string): string =>
  `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

const HEADERS = {
  "content-security-policy": `default-src 'none'; script-src ${hashOf(SCRIPT)}; style-src ${hashOf(STYLE)}; connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  // `no-referrer` would take the origin from our own forms, too: a browser says `null` then.
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=()",
  "cache-control": "no-store",
};

/** Throws Fault `PAGE_UNAVAILABLE` where the address cannot be listened on. */
export function servePage({ host, port, ...door }: PageSettings, ports: PagePorts): Promise<Page> {
  const site: Site = { ports, door: openDoor(door, ports.clock) };
  const server = createServer({
    requestTimeout: 10_000,
    headersTimeout: 5_000,
    maxHeaderSize: 8_192,
  });
  server.maxConnections = 64;
  server.on("request", (request, response) => {
    serve(site, request, response).catch((error: unknown) => {
      ports.log.error("the page failed", { error });
      if (!response.headersSent)
        send(response, 500, "text/plain", "The agent failed at it; its log says more.\n");
      else response.destroy();
    });
  });
  return new Promise((resolve, reject) => {
    server.once("error", (error) =>
      reject(
        new Fault(
          "PAGE_UNAVAILABLE",
          `cannot serve the page on ${host}:${port}`,
          { host, port },
          error,
        ),
      ),
    );
    server.listen(port, host, () => resolve({ port: portOf(server), close: () => closed(server) }));
  });
}

interface Site {
  ports: PagePorts;
  door: Door;
}

const portOf = (server: Server): number => {
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
};

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

async function serve(
  site: Site,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const verdict = site.door.look(request.headers, request.socket.remoteAddress ?? "");
  if (!verdict.pass) {
    if (verdict.status === 401)
      response.setHeader("www-authenticate", 'Basic realm="uptime-agent", charset="UTF-8"');
    return send(response, verdict.status, "text/plain", `${verdict.why}\n`);
  }
  const path = (request.url ?? "/").split("?")[0];
  const allowed =
    path === "/act" ? ["POST"] : path === "/" || path === "/live" ? ["GET", "HEAD"] : null;
  if (allowed === null) return send(response, 404, "text/plain", "There is one page: /\n");
  if (!allowed.includes(request.method ?? "")) {
    response.setHeader("allow", allowed.join(", "));
    return send(response, 405, "text/plain", `${path} takes ${allowed.join(" and ")}\n`);
  }
  if (path === "/act") return act(site, request, response);
  const view = await site.ports.view();
  const frame = frameOf(site, "", null);
  if (path === "/live") return send(response, 200, "text/html", livePart(view, frame).markup);
  send(response, 200, "text/html", pageDocument(view, frame));
}

async function act(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { door, ports } = site;
  const form = await formOf(request);
  if (form === null) return send(response, 413, "text/plain", "That is no form of this page.\n");
  const verdict = door.press(request.headers, form.get("token") ?? "");
  const by = (form.get("by") ?? "").trim();
  if (!verdict.pass) {
    const lines = ["nothing was done", verdict.why, "Next: press again here"];
    const frame = frameOf(site, by, { isGood: false, lines });
    return send(response, verdict.status, "text/html", pageDocument(await ports.view(), frame));
  }
  const answer = await ports.acts.take(documentOf(form, by), SENDER);
  const frame = frameOf(site, by, noticeOf(answer));
  const status = answer.answer === "refused" ? 409 : 200;
  send(response, status, "text/html", pageDocument(await ports.view(), frame));
}

/** A button pressed twice, or a page loaded again, is the same act. */
function documentOf(form: URLSearchParams, by: string): object {
  const wanted = form.get("do") ?? "";
  const [act = "", id = ""] = wanted.split(" ", 2);
  const nonce = form.get("nonce") ?? "";
  const name = createHash("sha256").update(`${nonce} ${wanted}`).digest("hex").slice(0, 32);
  const subject = act.startsWith("signal-") ? { signal: id } : { incident: id };
  return { id: `page-${name}`, act, ...subject, by };
}

/** Null: too long, of unknown length, or not a form. Nothing of it is read then. */
async function formOf(request: IncomingMessage): Promise<URLSearchParams | null> {
  const { "content-type": type, "content-length": length = "Infinity" } = request.headers;
  if (type?.split(";")[0] !== "application/x-www-form-urlencoded") return null;
  if (!(Number(length) <= LONGEST_FORM)) return null;
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return new URLSearchParams(Buffer.concat(chunks).toString("utf8"));
}

const frameOf = ({ door }: Site, by: string, notice: Frame["notice"]): Frame => ({
  token: door.token,
  nonce: randomBytes(12).toString("hex"),
  by,
  notice,
});

function noticeOf(answer: Answer): Frame["notice"] {
  if (answer.answer === "refused")
    return { isGood: false, lines: [answer.what, answer.why, `Next: ${answer.next}`] };
  return { isGood: answer.answer !== "pending", lines: [answer.message] };
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  const headers = {
    ...HEADERS,
    "content-type": `${type}; charset=utf-8`,
    "content-length": Buffer.byteLength(body),
  };
  response.writeHead(status, headers);
  response.end(response.req.method === "HEAD" ? undefined : body);
}
