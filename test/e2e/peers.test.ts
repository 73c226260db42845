/** Real peers at every end: a Modbus server and a client that are not ours, a broker and a subscriber that are not ours. */
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { lockstep } from "../../simulator/demo/lockstep.ts";
import { endAll, startMosquitto, until } from "../publisher/real-brokers.ts";
import { cli, endProcesses, type Running, startCli, startProcess } from "../support/cli.ts";
import { type Inside, startInside } from "../support/inside.ts";
import { pathOf, peer } from "../support/peers.ts";
import {
  chainFaults,
  onceEach,
  type Payload,
  sequenceFaults,
  violations,
} from "../support/records.ts";
import { newSite, type Site, type SiteOptions } from "../support/site.ts";

const HOUR = 3_600_000;
const START = Date.parse("2026-11-23T05:00:00Z");
const SETTLE = 600_000;

let site: Site | null = null;
let agent: Inside | null = null;
afterEach(async () => {
  await agent?.stop();
  await endProcesses();
  await endAll();
  site?.remove();
  [site, agent] = [null, null];
});

/** The first line a process prints. */
async function firstLine({ stdout, stderr }: Running): Promise<string> {
  await until(() => stdout().includes("\n")).catch(() => {
    throw new Error(`it does not serve: ${stderr()}`);
  });
  return stdout().split("\n")[0] ?? "";
}

async function pymodbusSite(options: Partial<SiteOptions> = {}): Promise<Site> {
  const script = join(import.meta.dirname, "fixtures/pymodbus-server.py");
  const modbus = Number(await firstLine(startProcess(pathOf("pymodbus"), [script])));
  return newSite({ modbus, machines: { "press-01": 1 }, poll: "5s", timeout: "5s", ...options });
}

peer("pymodbus")("a Modbus server that is not ours", () => {
  test("is read to the last bit", async () => {
    site = await pymodbusSite();
    const { code, stdout, stderr } = await cli(["test", "-c", site.config, "--json"]);
    expect([code, stderr]).toEqual([0, ""]);
    const [source] = (JSON.parse(stdout) as { sources: { points: Record<string, Value> }[] })
      .sources;
    const values = Object.entries(source?.points ?? {}).map(([id, { value }]) => [id, value]);
    expect(Object.fromEntries(values)).toEqual({
      status: 8,
      reason: 42,
      total: 65_000,
      good: 58_500,
      recipe: 7,
      oilTemp: -5.5,
      vibration: 2.5,
      current: -17.25,
      pressure: 6.12,
      guard: true,
    });
  });
  interface Value {
    value: number | boolean;
  }
});

peer(
  "pymodbus",
  "mosquitto",
  "mosquitto_sub",
)("from pymodbus through mosquitto", () => {
  test("two hours of a machine arrive with the right numbers", { timeout: 60_000 }, async () => {
    const mosquitto = await startMosquitto(["allow_anonymous true"]);
    site = await pymodbusSite({ mqtt: mosquitto.port });
    const address = ["-h", "127.0.0.1", "-p", String(mosquitto.port)];
    const args = [...address, "-q", "1", "-i", "far-end", "-t", "uptime1/#", "-F", "%J"];
    const subscriber = startProcess(pathOf("mosquitto_sub"), args);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const steps = lockstep(START);
    agent = await startInside(site.config, { steps });
    await steps.run(START + 2 * HOUR + SETTLE, 60_000, () => Promise.resolve());
    await until(async () => (await agent?.depth()) === 0);
    await agent.stop();
    await until(() => /"online":\s*false/.test(subscriber.stdout()));

    const messages = subscriber
      .stdout()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { topic: string; qos: number; payload: Payload });
    const payloads = messages.map(({ payload }) => payload);
    expect(violations(payloads)).toEqual([]);
    const records = onceEach(payloads);
    expect(sequenceFaults(records)).toEqual({ missing: [], shared: [] });
    expect(chainFaults(records)).toMatchObject({ faults: [] });

    const second = records.find(({ id }) => id === "gw-1/press-01/hour/2026-11-23T06:00:00.000Z/1");
    // 720 polls an hour: a quarter of them fault, each other one a piece, one in ten of them bad.
    expect(second).toMatchObject({
      conditionMs: { producing: 2_700_000, fault: 900_000, unknown: 0 },
      counts: { total: 540, good: 486, reject: 54 },
      oee: { availability: 0.75, quality: 0.9, loadingMs: HOUR },
      reliability: { failures: 1 },
    });
    const topic = "uptime1/acme/ulm/hall/l1/press-01/window/hour";
    expect(messages.filter((message) => message.topic === topic)).toHaveLength(4);
  });
});

peer("mbpoll")("a Modbus client that is not ours", () => {
  test("reads the simulator as it ships, and cannot write to it", async () => {
    const running = startCli([
      "simulate",
      "--scenario",
      "shift",
      "--port",
      "0",
      "--speed",
      "600",
      "--json",
    ]);
    const { port } = JSON.parse(await firstLine(running)) as { port: number };
    const mbpoll = async (...args: string[]) => {
      const client = startProcess(pathOf("mbpoll"), ["-p", String(port), "-0", "-1", ...args]);
      const { code } = await client.exit;
      return { code, text: client.stdout() + client.stderr() };
    };
    const totals: number[] = [];
    for (let i = 0; i < 2; i++) {
      const { code, text } = await mbpoll(
        "-a",
        "1",
        "-t",
        "4:int",
        "-B",
        "-r",
        "2",
        "-c",
        "2",
        "127.0.0.1",
      );
      expect([code, text]).toEqual([0, expect.stringMatching(/^\[2\]:\s+\d+$/m)]);
      const [total = -1, good = -1] = [...text.matchAll(/^\[\d\]:\s+(\d+)/gm)].map(([, n]) =>
        Number(n),
      );
      expect(good).toBeLessThanOrEqual(total);
      totals.push(total);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    expect(totals[1]).toBeGreaterThan(totals[0] ?? Number.NaN);
    const write = await mbpoll("-a", "1", "-t", "4", "-r", "0", "127.0.0.1", "6");
    expect(write.text).toMatch(/Illegal function/i);
    const absent = await mbpoll("-a", "99", "-t", "4", "-r", "0", "127.0.0.1");
    expect(absent.text).toMatch(/failed/i);
  });
});
