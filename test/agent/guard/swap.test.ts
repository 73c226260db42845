/** A device that is swapped while the agent runs: its time is unknown, with an event, until the right one is back. */
import { afterEach, expect, test } from "vitest";
import { saveIdentity } from "../../../agent/guard/saved.ts";
import { loadPlant } from "../../../agent/plant.ts";
import type { ModbusServer } from "../../../simulator/modbus.ts";
import { type Inside, startInside } from "../../support/inside.ts";
import { deviceOf, serveUnits } from "../commission/device.ts";
import { type Folder, folderWith } from "../commission/folder.ts";

let server: ModbusServer | null = null;
let folder: Folder | null = null;
let agent: Inside | null = null;

afterEach(async () => {
  await agent?.stop();
  await server?.close();
  folder?.remove();
  agent = null;
});

const READ = "read: { table: holding, address: 2, type: uint16 }";
const RIGHT = deviceOf({ holding: [6, 1500, 4711], identity: ["Acme", "X1", "1.2"] });

const assetOf = async (): Promise<object | undefined> => {
  const status = (await agent?.status()) as { local: { assets: object[] } };
  return status.local.assets[0];
};

async function until(wanted: object): Promise<void> {
  const limit = performance.now() + 10_000;
  for (;;) {
    const asset = await assetOf();
    try {
      expect(asset).toMatchObject(wanted);
      return;
    } catch (error) {
      if (performance.now() > limit) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test.each([
  [
    "another program",
    `, guard: { every: 1s, canary: [{ ${READ}, equals: 4711 }] }`,
    [6, 1500, 4712],
    "X1",
  ],
  ["another product", ", guard: { every: 1s, identity: { product: X1 } }", [6, 1500, 4711], "X2"],
  ["another than was saved", "", [6, 1500, 4711], "X2"],
])("%s", async (_, guard, holding, product) => {
  const devices = new Map([[1, RIGHT]]);
  server = await serveUnits(devices);
  folder = folderWith(server.port, guard);
  if (guard === "") saveIdentity(folder.config, "plc/1", { product: "X1" });
  agent = await startInside(folder.config);
  await until({ condition: "producing" });

  devices.set(1, deviceOf({ holding, identity: ["Acme", product, "1.2"] }));
  // A swap on the bus is a new connection; without one the routine check would find it.
  if (guard === "") {
    await server.listen(false);
    await server.listen(true);
  }
  await until({ condition: "unknown", cause: "configuration" });
  expect(agent.log.some((line) => line.includes("IDENTITY_MISMATCH"))).toBe(true);

  devices.set(1, RIGHT);
  if (guard !== "") await until({ condition: "producing" });
});

test("a file of identities that is not ours stops the start", () => {
  folder = folderWith(502);
  saveIdentity(folder.config, "plc/1", { product: "X1" });
  expect(loadPlant(folder.config).guards).toMatchObject([{ identity: { product: "X1" } }]);
  saveIdentity(folder.config, "plc/1", { product: 7 } as unknown as { product: string });
  expect(() => loadPlant(folder?.config ?? "")).toThrow("identity.json");
});
