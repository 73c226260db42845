/** The machines live: polled without an agent over a real socket, and told as a table or as changes. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { systemClock } from "../../../agent/clock.ts";
import { type Lookout, openLookout } from "../../../agent/commission/lookout.ts";
import type { AssetPicture, Picture, PointPicture } from "../../../agent/commission/picture.ts";
import { serialPorts } from "../../../agent/commission/serial-ports.ts";
import { ageText, changesOf, tableOf } from "../../../agent/commission/watch-text.ts";
import { loadPlant } from "../../../agent/plant.ts";
import type { ModbusServer } from "../../../simulator/modbus.ts";
import { deviceOf, serveUnits } from "./device.ts";
import { type Folder, folderWith } from "./folder.ts";

const point = (id: string, changes: Partial<PointPicture> = {}): PointPicture => ({
  id,
  source: "main",
  value: 6,
  unit: null,
  quality: "good",
  reason: null,
  ageMs: 300,
  ...changes,
});

const picture = (points: PointPicture[], changes: Partial<AssetPicture> = {}): Picture => ({
  at: "2026-11-23T06:00:00.000Z",
  assets: [
    {
      id: "press-01",
      condition: "producing",
      cause: null,
      reason: null,
      since: "2026-11-23T05:00:00.000Z",
      edgeFrom: null,
      points,
      ...changes,
    },
  ],
});

describe("the text", () => {
  const points = [
    point("status"),
    point("temp", { value: Math.fround(21.7), unit: "degC", ageMs: 12_345 }),
    point("recipe", { value: "A 7", quality: "stale", ageMs: 300_000 }),
    point("guard", { value: null, quality: "bad", reason: "VALUE_RANGE", ageMs: null }),
  ];

  test("a table", () => {
    expect(tableOf(picture(points), 100)).toEqual([
      "2026-11-23T06:00:00.000Z",
      "",
      "press-01: producing since 2026-11-23T05:00:00.000Z",
      "   point  value  unit    age  quality",
      "  status      6        0.3 s  good",
      "    temp   21.7  degC   12 s  good",
      '  recipe  "A 7"        5 min  stale',
      "   guard      -            -  bad  VALUE_RANGE: The value lies outside the `range` of the point.",
    ]);
    expect(tableOf(picture(points), 20).every((line) => line.length <= 20)).toBe(true);
  });

  test("changes, and nothing for what only grew older", () => {
    const first = picture([point("status")]);
    expect(changesOf(null, first)).toHaveLength(2);
    expect(changesOf(first, picture([point("status", { ageMs: 900 })]))).toEqual([]);
    const broken = picture([point("status", { quality: "bad", reason: "MODBUS_TIMEOUT" })], {
      condition: "unknown",
      cause: "device-silent",
    });
    expect(changesOf(first, broken)).toEqual([
      "2026-11-23T06:00:00.000Z press-01: unknown (device-silent) since 2026-11-23T05:00:00.000Z",
      "2026-11-23T06:00:00.000Z press-01/status 6 bad  MODBUS_TIMEOUT: The device did not answer within the request timeout.",
    ]);
  });

  test.each([
    [null, "-"],
    [0, "0.0 s"],
    [9999, "10.0 s"],
    [119_999, "119 s"],
    [120_000, "2 min"],
  ])("%s ms is %s", (ms, text) => {
    expect(ageText(ms)).toBe(text);
  });
});

describe("without an agent", () => {
  let server: ModbusServer | null = null;
  let folder: Folder | null = null;
  let lookout: Lookout | null = null;

  afterEach(async () => {
    await lookout?.close();
    await server?.close();
    folder?.remove();
  });

  async function seen(wanted: object): Promise<void> {
    const limit = performance.now() + 5000;
    for (;;) {
      try {
        expect(lookout?.picture().assets[0]).toMatchObject(wanted);
        return;
      } catch (error) {
        if (performance.now() > limit) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  test("values are judged as the agent would", async () => {
    const devices = new Map([[1, deviceOf({ holding: [6, 1500] })]]);
    server = await serveUnits(devices);
    folder = folderWith(server.port);
    lookout = openLookout(loadPlant(folder.config), systemClock);
    await seen({
      condition: "producing",
      points: [{ value: 6, quality: "good" }, { value: 1500 }],
    });
    devices.set(1, deviceOf({ holding: [0, 9999] }));
    const speed = { value: 1500, quality: "bad", reason: "VALUE_RANGE" };
    await seen({ condition: "idle", points: [{ value: 0 }, speed] });
    await lookout.close();
    expect(server.open).toBe(0);
  });
});

test("serial ports by the name that stays, and those that have none", () => {
  const dev = mkdtempSync(join(tmpdir(), "dev-"));
  mkdirSync(join(dev, "serial/by-id"), { recursive: true });
  for (const name of ["ttyUSB0", "ttyUSB1", "ttyS0", "tty7"]) writeFileSync(join(dev, name), "");
  symlinkSync("../../ttyUSB1", join(dev, "serial/by-id/usb-FTDI-A1"));
  const found = serialPorts(dev).map(({ path, isStable }) => [path.slice(dev.length), isStable]);
  rmSync(dev, { recursive: true });
  expect(found).toEqual([
    ["/serial/by-id/usb-FTDI-A1", true],
    ["/ttyUSB0", false],
  ]);
});
