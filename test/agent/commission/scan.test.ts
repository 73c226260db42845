/** Who answers on a bus, and what is made of silence; which template a device fits. */
import { afterEach, describe, expect, test } from "vitest";
import { candidatesIn, fingerprints } from "../../../agent/commission/fingerprint.ts";
import { type Line, ownLine } from "../../../agent/commission/line.ts";
import { barText } from "../../../agent/commission/progress.ts";
import { readWords } from "../../../agent/commission/registers.ts";
import { placesOf, scanPlaces } from "../../../agent/commission/scan.ts";
import { targetOf } from "../../../agent/commission/target.ts";
import { catalog } from "../../../config/catalog.ts";
import { chainOf, imageOf, readImage } from "../../../config/fixture.ts";
import { type ModbusServer, startModbus } from "../../../simulator/modbus.ts";
import type { Device } from "../../../simulator/modbus-request.ts";
import { deviceOf, serveUnits } from "./device.ts";

let server: ModbusServer | null = null;
let line: Line | null = null;

afterEach(async () => {
  await line?.close();
  await server?.close();
  line = null;
});

const config = "none.yaml";
const there = () => ({ config, host: "127.0.0.1", port: String(server?.port) });

describe("units", () => {
  test("those that answer, by a value or by a refusal; those that the gateway knows not are not there", async () => {
    server = await serveUnits(
      new Map([
        [2, deviceOf({ holding: [1] })],
        [5, deviceOf({ input: [1], identity: ["Beta", "Y", "2"] })],
      ]),
    );
    const steps: number[] = [];
    const places = placesOf({ ...there(), units: "1-6" });
    const result = await scanPlaces(places, null, config, ({ unit }) => steps.push(unit));
    expect(steps).toEqual([1, 2, 3, 4, 5, 6]);
    expect(result).toMatchObject({ asked: 6, unreachable: [] });
    expect(result.found.map(({ unit, identity }) => [unit, identity.vendor])).toEqual([
      [2, "Acme"],
      [5, "Beta"],
    ]);
  });

  test("silence before a unit does not hide it", async () => {
    const devices = new Map([[4, deviceOf({ holding: [1] })]]);
    server = await startModbus({
      host: "127.0.0.1",
      port: 0,
      devices,
      behave: ({ unit }) => ({ do: unit === 4 ? "answer" : "silent" }),
    });
    const places = placesOf({ ...there(), units: "1-4", patience: "40ms" });
    const { found, asked } = await scanPlaces(places, null, config, () => {});
    expect([asked, found.map(({ unit }) => unit)]).toEqual([4, [4]]);
  });

  test("a host that refuses is said once, and the next one is asked", async () => {
    server = await serveUnits(new Map([[1, deviceOf({ holding: [1] })]]));
    await server.listen(false);
    const gone = placesOf({ ...there(), units: "1-9" });
    const other = await serveUnits(new Map([[1, deviceOf({ holding: [1] })]]));
    const port = String(other.port);
    const here = placesOf({ config, host: "127.0.0.1", port, units: "1" });
    const { found, unreachable } = await scanPlaces([...gone, ...here], null, config, () => {});
    await other.close();
    expect(unreachable).toMatchObject([{ reason: "MODBUS_REFUSED" }]);
    expect(found).toHaveLength(1);
  });

  test("a serial line is asked at every setting, hosts only as they are named", () => {
    const serial = placesOf({ config, device: "/dev/ttyS9", baud: "9600,38400", parity: "none" });
    expect(serial.map(({ target, units }) => [target.label, units.length])).toEqual([
      ["/dev/ttyS9 9600 8N1", 32],
      ["/dev/ttyS9 38400 8N1", 32],
    ]);
    const hosts = placesOf({ config, host: "a, b" });
    expect(hosts.map(({ target }) => target.label)).toEqual(["a:502", "b:502"]);
    expect(placesOf({ config })).toEqual([]);
    expect(() => placesOf({ config, device: "/dev/ttyS9", units: "0" })).toThrow("from 1 to 247");
  });
});

describe("templates", () => {
  /** Every shipped template with a fixture and identifying registers of its own, as a device. */
  const shipped = catalog(".").flatMap(({ name, template }) => {
    const fixture = template?.fixtures[0];
    const isOwn = template?.probe.length !== 0 && Object.keys(template?.example ?? {}).length === 0;
    if (!template || !fixture || !isOwn) return [];
    const image = imageOf(chainOf(template, fixture.name));
    const device: Device = {
      identity: [template.vendor ?? "", "", ""],
      read: (table, address, quantity) => readImage(image, table, address, quantity),
    };
    return [{ name, vendor: template.vendor ?? null, device }];
  });

  const candidates = candidatesIn(".");

  test("there are some", () => expect(shipped.length).toBeGreaterThan(5));

  test.each(shipped)(
    "a device with the registers of $name fits it",
    async ({ name, vendor, device }) => {
      server = await serveUnits(new Map([[1, device]]));
      line = ownLine(targetOf(there()));
      const { found, failure } = await fingerprints(line, 1, vendor, candidates);
      expect(failure).toBeNull();
      expect(found.map(({ template }) => template)).toContain(name);
    },
  );

  test("a device that fits none, and one that falls silent", async () => {
    server = await serveUnits(new Map([[1, deviceOf({ holding: [0] })]]));
    line = ownLine(targetOf(there()));
    expect(await fingerprints(line, 1, null, candidates)).toEqual({ found: [], failure: null });
    await line.close();
    expect((await fingerprints(line, 1, null, candidates)).failure).toBe("MODBUS_CLOSED");
    expect((await readWords(line, 1, "holding", 0, 1)).failure).toBe("MODBUS_CLOSED");
  });
});

test("the bar grows with what is done", () => {
  expect(barText(0, 4, "unit 1")).toBe("[------------------------] 0/4  unit 1");
  expect(barText(3, 4, "unit 4")).toBe("[##################------] 3/4  unit 4");
});
