/** A page over real HTTP on a free port of 127.0.0.1, with a desk behind it, and a plain client. */
import { type IncomingHttpHeaders, request } from "node:http";
import { openLog } from "../../../agent/log.ts";
import { type Page, type PageSettings, servePage } from "../../../agent/page/server.ts";
import type { PageView } from "../../../agent/page/view.ts";
import { incident, NOW, type Shop, shop, signal } from "../acts/shop.ts";

export const view = (more: Partial<PageView> = {}): PageView => ({
  gateway: "gw-1",
  site: "ulm",
  zone: "Europe/Berlin",
  now: NOW,
  clock: "synced",
  machines: [
    {
      id: "press-01",
      name: "Press 1",
      condition: "fault",
      cause: null,
      reason: "E12 jam",
      since: NOW - 600_000,
      schedule: "scheduled",
      today: {
        uptime: { value: 0.881356, min: 0.866667, max: 0.883333 },
        oee: { value: 0.861017, min: 0.85, max: 0.9 },
        coverage: 0.983333,
      },
    },
    {
      id: "press-02",
      name: "press-02",
      condition: "unknown",
      cause: "link-down",
      reason: null,
      since: null,
      schedule: "unscheduled",
      today: null,
    },
  ],
  incidents: [incident()],
  signals: [signal()],
  standing: [
    {
      contract: "acme-2026",
      outcome: "uptime",
      verdict: "at-risk",
      unit: null,
      so: { value: 0.96, min: 0.95, max: 0.97 },
      target: 0.97,
      minimum: 0.92,
      text: "21 h 36 min of downtime allowed, 19 h spent",
    },
  ],
  broker: { connected: false, trouble: "MQTT_UNREACHABLE" },
  outbox: { depth: 12, oldestAt: NOW - 3_600_000, parked: 1 },
  trouble: null,
  ...more,
});

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Site extends Shop {
  page: Page;
  shown: PageView;
  get(path: string, headers?: Record<string, string>, method?: string): Promise<Reply>;
  /** A form, as the page would send it, with these fields in place of its own. */
  press(fields: Record<string, string>, headers?: Record<string, string>): Promise<Reply>;
}

export async function openSite(settings: Partial<PageSettings> = {}): Promise<Site> {
  const made = shop();
  const { clock, logged, desk } = made;
  const log = openLog({
    level: "info",
    to: { write: (line) => logged.push(JSON.parse(line)) },
    clock,
  });
  const ports = { view: async () => site.shown, acts: desk, clock, log };
  const page = await servePage({ host: "127.0.0.1", port: 0, password: null, ...settings }, ports);
  const send = (
    method: string,
    path: string,
    headers: Record<string, string>,
    body = "",
  ): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const options = { host: "127.0.0.1", port: page.port, agent: false, method, path, headers };
      const asked = request(options, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
        );
      });
      asked.on("error", reject);
      asked.end(body);
    });
  const site: Site = Object.assign(made, {
    page,
    shown: view(),
    get: (path: string, headers: Record<string, string> = {}, method = "GET") =>
      send(method, path, headers),
    press: async (fields: Record<string, string>, headers: Record<string, string> = {}) => {
      const { authorization } = headers;
      const { body } = await send("GET", "/", authorization === undefined ? {} : { authorization });
      const own = { token: hidden(body, "token"), nonce: hidden(body, "nonce"), by: "Jo" };
      const form = new URLSearchParams({ ...own, ...fields }).toString();
      const type = { "content-type": "application/x-www-form-urlencoded" };
      const length = { "content-length": String(Buffer.byteLength(form)) };
      return send("POST", "/act", { ...type, ...length, ...headers }, form);
    },
  });
  return site;
}

/** Value of a hidden field. */
export const hidden = (body: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(body)?.[1] ?? "";
