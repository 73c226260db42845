/** The page over HTTP: what it shows, what its buttons do, and whom it lets do it. */
import { createHash } from "node:crypto";
import { createServer } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { servePage } from "../../../agent/page/server.ts";
import { incident } from "../acts/shop.ts";
import { hidden, openSite, type Site, view } from "./site.ts";

let open: Site | null = null;
const site = async (...settings: Parameters<typeof openSite>): Promise<Site> => {
  open = await openSite(...settings);
  return open;
};
afterEach(async () => {
  await open?.page.close();
  open = null;
});

describe("what it shows", () => {
  test("machines, incidents, signals, contracts and delivery, in the gateway's time", async () => {
    const { get } = await site();
    const { status, body } = await get("/");
    expect(status).toBe(200);
    for (const text of [
      "Press 1",
      "E12 jam",
      "since 14:50, 10 min",
      "88.1 %",
      "86.7 % to 88.3 %",
      "observed 98.3 %",
      "link-down, unscheduled",
      "not seen yet",
      "s1 notified",
      "respond: 1 h 00 min left, until 16:00",
      "oilTemp rises 0.4 degC/h",
      "acme-2026",
      "at-risk",
      "target 97.0 %, minimum 92.0 %",
      "broker: MQTT_UNREACHABLE; 12 records wait, the oldest 1 h 00 min old, 1 parked",
    ])
      expect(body).toContain(text);
  });

  test("the live part is that of the page, but for its number", async () => {
    const { get } = await site();
    const [whole, part] = [(await get("/")).body, (await get("/live")).body];
    const plain = (text: string): string => text.replace(/name="nonce" value="[^"]*"/, "");
    expect(plain(whole)).toContain(plain(part));
    expect(hidden(whole, "nonce")).not.toBe(hidden(part, "nonce"));
  });

  test("of an incident: the buttons that fit, and none that would be refused", async () => {
    const made = await site();
    made.shown = view({
      incidents: [
        incident({ fits: ["acknowledge", "respond", "hold", "release"], held: true }),
        incident({ id: "i-5", state: "restored", fits: ["verify", "close"] }),
        incident({ id: "i-6", state: "acknowledged", fits: [] }),
      ],
      signals: [],
    });
    const { body } = await made.get("/");
    const buttons = [...body.matchAll(/<button name="do" value="([^"]*)"/g)];
    expect(buttons.map(([, value]) => value)).toEqual([
      "acknowledge press-01/i-4",
      "respond press-01/i-4",
      "close press-01/i-5",
    ]);
    expect(body).toContain("on hold");
  });

  test("an incident without a reason says what opened it", async () => {
    const made = await site();
    made.shown = view({ incidents: [incident({ reason: null, mode: "lost-contact" })] });
    expect((await made.get("/")).body).toContain("<span>lost-contact</span>");
  });

  test("amounts have their unit", async () => {
    const made = await site();
    const [standing] = view().standing;
    const so = { value: 12.34, min: 12, max: 20 };
    const hours = { ...standing!, unit: "h", so, target: 30, minimum: null };
    made.shown = view({ standing: [hours] });
    const { body } = await made.get("/");
    expect(body).toContain("so far 12.3 h, between 12 h and 20 h");
    expect(body).toContain("target 30 h<");
  });

  test("hostile text stays text", async () => {
    const made = await site();
    const evil = `"><script>alert(1)</script><img src=x onerror='a'>&`;
    const base = view();
    made.shown = view({
      gateway: evil,
      site: evil,
      machines: base.machines.map((each) => ({ ...each, name: evil, reason: evil, cause: evil })),
      incidents: [incident({ id: evil, asset: evil, reason: evil, severity: evil })],
      signals: base.signals.map((each) => ({ ...each, id: evil, text: evil, state: evil })),
      standing: base.standing.map((each) => ({
        ...each,
        contract: evil,
        verdict: evil,
        text: evil,
      })),
      broker: { connected: false, trouble: evil },
    });
    for (const { body } of [await made.get("/"), await made.press({ by: evil, do: evil })]) {
      expect(body).not.toContain("<script>alert");
      expect(body).not.toContain("<img");
      expect(body).toContain("&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;");
      expect(body.match(/<script/g)).toHaveLength(1);
    }
  });

  test("nothing is fetched from elsewhere, and only its own script and style run", async () => {
    const { body, headers } = await (await site()).get("/");
    const elsewhere = [...body.matchAll(/(?:src|href|action)="([^#"][^"]*)"/g)];
    expect(elsewhere.map(([, to]) => to)).toEqual(["data:,", "/act"]);
    expect(body).not.toMatch(/\son[a-z]+=|style="/);
    const policy = headers["content-security-policy"] ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe");
    for (const [tag, directive] of [
      ["script", "script-src"],
      ["style", "style-src"],
    ] as const) {
      const text = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(body)?.[1] ?? "";
      const hash = createHash("sha256").update(text).digest("base64");
      expect(policy).toContain(`${directive} 'sha256-${hash}'`);
    }
    expect(headers).toMatchObject({
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
    });
  });
});

describe("its buttons", () => {
  test("a press is an act, told on the page", async () => {
    const { press, submitted } = await site();
    const { status, body } = await press({ do: "respond press-01/i-4" });
    expect(status).toBe(200);
    expect(body).toContain("incident press-01/i-4 is notified");
    expect(submitted).toEqual([
      expect.objectContaining({ act: "respond", mode: "on-site", via: "page", by: "Jo" }),
    ]);
  });

  test("twice on one page is once; on the next it is another", async () => {
    const { press, submitted } = await site();
    await press({ do: "respond press-01/i-4", nonce: "n1" });
    expect((await press({ do: "respond press-01/i-4", nonce: "n1" })).body).toContain(
      "already done",
    );
    await press({ do: "restore press-01/i-4", nonce: "n1" });
    await press({ do: "respond press-01/i-4", nonce: "n2" });
    expect(submitted.map((each) => each.kind === "act" && each.act)).toEqual([
      "respond",
      "restore",
      "respond",
    ]);
  });

  test("a signal is seen", async () => {
    const { press, submitted } = await site();
    await press({ do: "signal-acknowledge oil-drift" });
    expect(submitted).toEqual([
      expect.objectContaining({ kind: "signal-act", act: "acknowledge" }),
    ]);
  });

  test.each([
    ["an act that the page has not", { do: "attribute press-01/i-4" }],
    ["nothing", { do: "" }],
    ["an unknown incident", { do: "restore press-01/i-9" }],
    ["nobody", { do: "restore press-01/i-4", by: " " }],
  ])("%s is refused, and the page says why", async (_, fields) => {
    const { press, submitted } = await site();
    const { status, body } = await press(fields);
    expect([status, submitted]).toEqual([409, []]);
    expect(body).toContain("Next: ");
  });
});

describe("whom it lets", () => {
  const press = { do: "restore press-01/i-4" };

  test.each([
    ["a token of another start", { ...press, token: "x".repeat(32) }, {}],
    ["no token", { ...press, token: "" }, {}],
    ["a form of another site", press, { origin: "http://evil.example" }],
    ["a form of a page without origin", press, { origin: "null" }],
    ["a request across sites", press, { "sec-fetch-site": "cross-site" }],
    ["a request of a neighbor", press, { "sec-fetch-site": "same-site" }],
  ])("%s is turned away", async (_, fields, headers) => {
    const made = await site();
    const { status, body } = await made.press(fields, headers);
    expect([status, made.submitted]).toEqual([403, []]);
    expect(body).toContain("nothing was done");
  });

  test("a page that outlived the agent has the new token from its live part", async () => {
    const made = await site();
    const token = hidden((await made.get("/live")).body, "token");
    expect((await made.press({ ...press, token })).status).toBe(200);
  });

  test("a browser is not told to keep the origin of its forms to itself", async () => {
    expect((await (await site()).get("/")).headers["referrer-policy"]).toBe("same-origin");
  });

  test("its own origin is let", async () => {
    const made = await site();
    const host = `127.0.0.1:${made.page.port}`;
    const headers = { host, origin: `http://${host}`, "sec-fetch-site": "same-origin" };
    expect((await made.press(press, headers)).status).toBe(200);
  });

  test.each([
    ["JSON", { "content-type": "application/json" }],
    ["a long form", { "content-length": "5000" }],
  ])("%s is no form", async (_, headers) => {
    const made = await site();
    const asked = made.press(press, headers);
    expect(["413", "ECONNRESET"]).toContain(
      await asked.then(
        ({ status }) => `${status}`,
        (error) => error.code,
      ),
    );
    expect(made.submitted).toEqual([]);
  });

  test.each(["evil.example", "evil.example:8080", "127.0.0.1.evil.example", "10.0.0.9"])(
    "the name %j that leads here is not ours",
    async (host) => {
      const made = await site();
      expect((await made.get("/", { host })).status).toBe(421);
    },
  );

  test.each(["localhost:8080", "127.0.0.1", "[::1]:80"])("the name %s is", async (host) => {
    expect((await (await site()).get("/", { host })).status).toBe(200);
  });

  test.each([
    ["GET", "/act", 405],
    ["POST", "/", 405],
    ["DELETE", "/live", 405],
    ["HEAD", "/", 200],
    ["GET", "/../etc/passwd", 404],
    ["GET", "/favicon.ico", 404],
    ["GET", "/?x=<script>", 200],
  ])("%s %s is %i", async (method, path, status) => {
    expect((await (await site()).get(path, {}, method)).status).toBe(status);
  });
});

test("a port that is taken is a fault that says so", async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const { port } = taken.address() as { port: number };
  const { page, clock, desk } = await site();
  expect(page.port).toBeGreaterThan(0);
  const log = { ...console, child: () => log } as never;
  const ports = { view: async () => view(), acts: desk, clock, log };
  await expect(servePage({ host: "127.0.0.1", port, password: null }, ports)).rejects.toMatchObject(
    {
      code: "PAGE_UNAVAILABLE",
    },
  );
  await new Promise((resolve) => taken.close(resolve));
});

test("a view that fails is told as a failure, not as an empty plant", async () => {
  const made = await site();
  Object.defineProperty(made, "shown", {
    get: () => {
      throw new Error("secret");
    },
  });
  const { status, body } = await made.get("/");
  expect(status).toBe(500);
  expect(body).not.toContain("secret");
  expect(made.logged).toEqual([
    expect.objectContaining({ level: "error", msg: "the page failed" }),
  ]);
});
