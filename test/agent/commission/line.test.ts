/** Who touches the bus: the running agent where one holds it, a line of our own where none does, never both. */
import type { Server } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Line, openLine } from "../../../agent/commission/line.ts";
import type { Picture } from "../../../agent/commission/picture.ts";
import { readWords } from "../../../agent/commission/registers.ts";
import { scanPlaces } from "../../../agent/commission/scan.ts";
import { plantBeside, targetOf } from "../../../agent/commission/target.ts";
import { askAgent, askStatus, serveControl } from "../../../agent/control.ts";
import { loadPlant } from "../../../agent/plant.ts";
import { storePaths } from "../../../agent/storage.ts";
import type { ModbusServer } from "../../../simulator/modbus.ts";
import type { Device } from "../../../simulator/modbus-request.ts";
import { type Inside, startInside } from "../../support/inside.ts";
import { deviceOf, serveUnits } from "./device.ts";
import { type Folder, folderWith } from "./folder.ts";

let devices: Map<number, Device>;
let server: ModbusServer;
let folder: Folder;
let agent: Inside | null;
let control: Server | null;
let line: Line | null;

beforeEach(async () => {
  devices = new Map([[1, deviceOf({ holding: [6, 1500, 3] })]]);
  server = await serveUnits(devices);
  folder = folderWith(server.port);
  agent = null;
  control = null;
  line = null;
});

afterEach(async () => {
  await line?.close();
  control?.close();
  await agent?.stop();
  await server.close();
  folder.remove();
});

async function run(): Promise<string> {
  agent = await startInside(folder.config);
  const { socket } = storePaths(loadPlant(folder.config));
  control = await serveControl(socket, agent);
  return socket;
}

const target = (given: object) => targetOf({ config: folder.config, ...given });
const byHand = () => target({ host: "127.0.0.1", port: String(server.port) });
const open = async (to = byHand(), options = {}): Promise<Line> => {
  line = await openLine(plantBeside(folder.config), to, options);
  return line;
};

/** Waits for what the agent does in its own time. */
async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  const limit = performance.now() + 5000;
  while (!(await condition())) {
    if (performance.now() > limit) throw new Error(`never: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe("while an agent runs", () => {
  test.each([
    ["named by hand", byHand],
    ["by its id", () => target({ connection: "plc" })],
  ])("a read of its endpoint, %s, goes through it, on its one connection", async (_, to) => {
    await run();
    await until(() => server.open === 1);
    const own = await open(to());
    expect(own.via).toBe("plc");
    const { words } = await readWords(own, 1, "holding", 1, 2);
    expect(words.map(({ word }) => word)).toEqual([1500, 3]);
    expect(await own.identify(1)).toMatchObject({ objects: { 0: "Acme" }, failure: null });
    expect(server.mostOpen).toBe(1);
  });

  test("what needs the bus for itself is refused, and nothing is asked", async () => {
    await run();
    await until(() => server.open === 1);
    const refused = { code: "AGENT_HOLDS_BUS" };
    await expect(open(byHand(), { trace: () => {} })).rejects.toMatchObject(refused);
    const places = [{ target: byHand(), units: [1] }];
    const scan = scanPlaces(places, plantBeside(folder.config), folder.config, () => {});
    await expect(scan).rejects.toMatchObject(refused);
    expect(server.mostOpen).toBe(1);
  });

  test("another endpoint is none of its business", async () => {
    await run();
    const other = await serveUnits(devices);
    const own = await open(target({ host: "127.0.0.1", port: String(other.port) }));
    expect(own.via).toBeNull();
    expect((await readWords(own, 1, "holding", 0, 1)).words[0]?.word).toBe(6);
    await own.close();
    await other.close();
  });

  test("it shows the machines, tells its status, and explains what it cannot do", async () => {
    const socket = await run();
    const picture = async (): Promise<Picture> =>
      (await askAgent(socket, { ask: "picture" }, 2000)) as Picture;
    await until(async () => (await picture()).assets[0]?.condition === "producing");
    expect((await picture()).assets[0]?.points).toMatchObject([
      { id: "status", source: "main", value: 6, quality: "good", reason: null },
      { id: "speed", value: 1500, unit: "rpm", quality: "good" },
    ]);
    expect(await askStatus(socket, 2000)).toMatchObject({ local: { refused: [] } });
    const read = { ask: "read" as const, connection: "other", unit: 1, points: [] };
    await expect(askAgent(socket, read, 2000)).rejects.toMatchObject({ code: "USAGE_INVALID" });
    const nonsense = { ask: "write" } as unknown as { ask: "status" };
    await expect(askAgent(socket, nonsense, 2000)).rejects.toMatchObject({ code: "USAGE_INVALID" });
  });

  test("values that it refuses are counted by point and reason", async () => {
    const socket = await run();
    devices.set(1, deviceOf({ holding: [6, 65_535] }));
    const refused = async () =>
      ((await askStatus(socket, 2000)) as { local: { refused: object[] } }).local.refused;
    await until(async () => (await refused()).length > 0);
    expect((await refused())[0]).toMatchObject({
      asset: "press-01",
      point: "speed",
      reason: "VALUE_RANGE",
    });
  });
});

describe("without an agent", () => {
  test("the line is our own, and a socket file without an agent does not matter", async () => {
    await run();
    control?.close();
    control = null;
    await agent?.stop();
    agent = null;
    const own = await open();
    expect(own.via).toBeNull();
    expect((await readWords(own, 1, "holding", 0, 1)).words[0]?.word).toBe(6);
  });

  test("every byte can be shown", async () => {
    const seen: string[] = [];
    const own = await open(byHand(), { trace: (direction: string) => void seen.push(direction) });
    await readWords(own, 1, "holding", 0, 1);
    expect(seen).toEqual(["sent", "received"]);
  });

  test.each([
    [{}, "say where"],
    [{ host: "a", device: "/dev/b" }, "say where"],
    [{ connection: "plcc" }, "it has plc"],
    [{ host: "a", port: "0" }, "--port must be a whole number from 1 to 65535"],
    [{ device: "/dev/b", parity: "mark" }, "--parity must be one of none, even, odd"],
    [{ host: "a", framing: "rtu" }, "needs the --port"],
    [{ host: "a", patience: "soon" }, "--patience must be a duration"],
  ])("%o is refused", (given, message) => {
    expect(() => target(given)).toThrow(message);
  });
});
