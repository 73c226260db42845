/** The page's password: what it hides, and how guesses at it are slowed without keeping others out. */
import { afterEach, describe, expect, test } from "vitest";
import { openDoor } from "../../../agent/page/door.ts";
import { virtualClock } from "../../support/clock.ts";
import { openSite, type Site } from "./site.ts";

let open: Site | null = null;
const site = async (...settings: Parameters<typeof openSite>): Promise<Site> => {
  open = await openSite(...settings);
  return open;
};
afterEach(async () => {
  await open?.page.close();
  open = null;
});

const basic = (text: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(text).toString("base64")}`,
});

describe("with a password", () => {
  test("nothing is shown or done without it", async () => {
    const made = await site({ password: "sésame" });
    const { status, headers, body } = await made.get("/", { host: "gateway.plant" });
    expect(status).toBe(401);
    expect(headers["www-authenticate"]).toMatch(/^Basic /);
    expect(body).not.toContain("press");
    for (const wrong of [basic("x:wrong"), basic("sésame"), { authorization: "Bearer sésame" }])
      expect((await made.get("/live", wrong)).status).toBe(401);
    expect((await made.press({ do: "restore press-01/i-4" })).status).toBe(401);
    expect(made.submitted).toEqual([]);
  });

  test("with it everything is, by any name of the gateway", async () => {
    const made = await site({ password: "sésame" });
    const right = basic("anybody:sésame");
    expect((await made.get("/", { ...right, host: "gateway.plant" })).status).toBe(200);
    expect((await made.press({ do: "restore press-01/i-4" }, right)).status).toBe(200);
  });

  test("guessing is slowed: after twenty wrong ones nobody there enters for the rest of the minute", async () => {
    const made = await site({ password: "right" });
    for (let n = 0; n < 20; n++)
      expect((await made.get("/live", basic(`x:${n}`))).status).toBe(401);
    expect((await made.get("/live", basic("x:right"))).status).toBe(429);
    await made.clock.advance(60_000);
    expect((await made.get("/live", basic("x:right"))).status).toBe(200);
  });
});

describe("guesses", () => {
  const door = () => {
    const clock = virtualClock(0);
    const { look } = openDoor({ password: "right" }, clock);
    const status = (text: string, from: string) => {
      const verdict = look(basic(text), from);
      return verdict.pass ? 200 : verdict.status;
    };
    return { clock, status };
  };

  test("of one address keep nobody else out", () => {
    const { status } = door();
    for (let n = 0; n < 20; n++) expect(status("x:wrong", "10.0.0.7")).toBe(401);
    expect([status("x:right", "10.0.0.7"), status("x:right", "10.0.0.8")]).toEqual([429, 200]);
  });

  test("of more addresses than are remembered forget the first", () => {
    const { status } = door();
    for (let n = 0; n < 20; n++) status("x:wrong", "10.0.0.7");
    for (let n = 0; n < 256; n++) status("x:wrong", `10.0.1.${n}`);
    expect(status("x:right", "10.0.0.7")).toBe(200);
  });
});
