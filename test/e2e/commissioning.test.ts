/** The verbs read, scan, identify and watch of the compiled program, over TCP and over a pseudo terminal. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { ModbusServer } from "../../simulator/modbus.ts";
import { type SerialServer, startSerial } from "../../simulator/serial.ts";
import { deviceOf, serveUnits } from "../agent/commission/device.ts";
import { type Folder, folderWith } from "../agent/commission/folder.ts";
import { cli, endProcesses } from "../support/cli.ts";

const DEVICE = deviceOf({ holding: [6, 1500, 0x42f6, 0xe979] });

let server: ModbusServer;
let folder: Folder;
let there: string[];

beforeAll(async () => {
  server = await serveUnits(new Map([[1, DEVICE]]));
  folder = folderWith(server.port);
  there = ["--host", "127.0.0.1", "--port", String(server.port)];
});
afterEach(endProcesses);
afterAll(async () => {
  await server.close();
  folder.remove();
});

test("read prints the words and what they may mean, and the frames with --trace", async () => {
  const read = ["read", ...there, "--reference", "40003", "--count", "2", "--type", "float32"];
  const { code, stdout, stderr } = await cli([...read, "--trace"]);
  expect(stdout.replace(/\d+ ms$/m, "N ms").replaceAll(String(server.port), "PORT")).toBe(
    `holding 2..3 (40003..40004), unit 1 at 127.0.0.1:PORT, function 3, N ms
wire  manual   hex  bits
   2   40003  42f6  0100 0010 1111 0110
   3   40004  e979  1110 1001 0111 1001

wire  manual  order  float32
   2   40003   ABCD  123.456
`,
  );
  expect(stderr).toMatch(
    /^ +0\.0 ms {2}sent {6}00 01 00 00 00 06 01 03 00 02 00 02\n +[\d.]+ ms {2}received {2}00 01 00 00 00 07 01 03 04 42 f6 e9 79\n$/,
  );
  expect(code).toBe(0);
  const json = await cli([...read, "--json"]);
  expect(JSON.parse(json.stdout)).toMatchObject({
    function: 3,
    via: null,
    words: [
      { address: 2, reference: "40003", word: 0x42f6, reason: null },
      { address: 3, reference: "40004", word: 0xe979, reason: null },
    ],
    views: [{ address: 2, type: "float32", order: "ABCD", value: Math.fround(123.456) }],
  });
});

test.each([
  [
    "a refused address among good ones",
    ["--address", "3", "--count", "2"],
    69,
    "Check the address",
  ],
  ["a unit that is not there", ["--address", "0", "--unit", "9"], 69, "MODBUS_EXCEPTION_11"],
  ["nothing to read", [], 64, "say what: --address N"],
  ["both forms", ["--address", "0", "--reference", "40001"], 64, "give one"],
  [
    "a table that does not fit",
    ["--table", "input", "--reference", "40001"],
    64,
    "in table holding",
  ],
])("read of %s", async (_, args, code, said) => {
  const done = await cli(["read", ...there, ...args]);
  expect(done.stderr).toContain(said);
  expect(done.stderr).toContain("next: ");
  expect(done.code).toBe(code);
});

test("a port that nobody serves, and a serial device that is not there", async () => {
  const gone = await cli([
    "read",
    "--host",
    "127.0.0.1",
    "--port",
    "1",
    "--address",
    "0",
    "--json",
  ]);
  expect(JSON.parse(gone.stdout)).toMatchObject({ error: { code: "MODBUS_REFUSED", exit: 69 } });
  const absent = await cli(["read", "--device", "/dev/serial/by-id/none", "--address", "0"]);
  expect(absent.stderr).toContain("MODBUS_ABSENT");
  expect(absent.code).toBe(69);
});

test("identify tells who it is, saves it once, and never learns another by itself", async () => {
  const identify = ["identify", "-c", folder.config, "--connection", "plc", "--save"];
  const first = await cli(identify);
  expect(first.code).toBe(0);
  expect(first.stdout).toContain("  product code      X1\n");
  const saved = join(folder.config, "../identity.json");
  const known = { vendor: "Acme", product: "X1", version: "1.2" };
  expect(JSON.parse(readFileSync(saved, "utf8"))).toEqual({ "plc/1": known });
  writeFileSync(saved, JSON.stringify({ "plc/1": { product: "X0" } }));
  const second = await cli(identify);
  expect(second.code).toBe(1);
  expect(second.stderr).toContain("--replace");
  expect(JSON.parse(readFileSync(saved, "utf8"))).toEqual({ "plc/1": { product: "X0" } });
  expect((await cli([...identify, "--replace"])).code).toBe(0);
  expect(JSON.parse(readFileSync(saved, "utf8"))).toEqual({ "plc/1": known });
});

test("scan finds the units of a host, and without a bus looks at this machine only", async () => {
  const { code, stdout } = await cli(["scan", ...there, "--units", "1-3", "--json"]);
  expect(JSON.parse(stdout)).toMatchObject({
    found: [{ unit: 1, identity: { vendor: "Acme" } }],
    asked: 3,
    warning: expect.stringContaining("silence is no proof"),
  });
  expect(code).toBe(0);
  const here = await cli(["scan", "--json"]);
  expect(Object.keys(JSON.parse(here.stdout))).toEqual(["serialPorts", "gpio"]);
  expect(here.code).toBe(0);
});

test("watch without an agent shows the machines until its time is over", async () => {
  const { code, stdout, stderr } = await cli([
    "watch",
    "-c",
    folder.config,
    "--timeout",
    "2s",
    "--json",
  ]);
  const pictures = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(pictures.length).toBeGreaterThan(2);
  expect(pictures.at(-1)).toMatchObject({ assets: [{ id: "press-01", condition: "producing" }] });
  expect(stderr).toContain("no agent runs");
  expect(code).toBe(0);
});

describe.skipIf(spawnSync("socat", ["-V"]).error !== undefined)("on a serial line", () => {
  let line: SerialServer | null = null;
  const made = mkdtempSync(join(tmpdir(), "line-"));
  const device = join(made, "usb-A1");
  afterEach(async () => {
    await line?.close();
  });
  afterAll(() => rmSync(made, { recursive: true }));

  test("scan finds a unit among silent ones, and read reads it", async () => {
    line = await startSerial({ device, devices: new Map([[3, DEVICE]]) });
    const scan = ["scan", "--device", device, "--baud", "9600", "--parity", "even"];
    const found = await cli([...scan, "--units", "2-4", "--patience", "100ms"]);
    expect(found.stdout).toContain(`unit 3 at ${device} 9600 8E1`);
    expect(found.stdout).toContain("vendor            Acme");
    expect(found.stderr).toContain("note: silence is no proof of absence");
    expect(found.code).toBe(0);
    const read = await cli([
      "read",
      "--device",
      device,
      "--unit",
      "3",
      "--address",
      "1",
      "--count",
      "1",
    ]);
    expect(read.stdout).toContain("1   40002  05dc    1500");
    expect(read.code).toBe(0);
  });
});
