/** A template against devices on real sockets: the model itself, another one, one with a bad point, and silence. */
import { afterEach, expect, test } from "vitest";
import { driverClock, systemClock } from "../../../agent/clock.ts";
import { type DeviceReading, hasRegisters, readDevice } from "../../../agent/template/device.ts";
import { type Trial, trialOf } from "../../../agent/template/trial.ts";
import { chainOf, imageOf } from "../../../config/fixture.ts";
import { openTemplate, readTemplate } from "../../../config/template.ts";
import type { Connection } from "../../../drivers/driver.ts";
import { modbusTcp } from "../../../drivers/modbus/driver.ts";
import { type ModbusServer, startModbus } from "../../../simulator/modbus.ts";
import { imageDevice } from "../../../simulator/template-device.ts";

let server: ModbusServer | null = null;
let connection: Connection | null = null;

afterEach(async () => {
  await connection?.close();
  await server?.close();
  [server, connection] = [null, null];
});

function trialFor(name: string): Trial {
  const document = openTemplate(name, "/nowhere")!;
  return trialOf(document, readTemplate(document).template!).trial!;
}

/** What template `asked` says of a device that is `real` in one of its fixtures. */
async function meet(
  asked: string,
  real: string,
  fixture: string,
  unit = 1,
): Promise<DeviceReading> {
  const image = imageOf(chainOf(trialFor(real).template, fixture));
  const devices = new Map([[1, imageDevice(image, real)]]);
  server = await startModbus({ host: "127.0.0.1", port: 0, devices });
  const options = { host: "127.0.0.1", port: server.port, timeout: 500 };
  connection = modbusTcp(Math.random).open("device", options, driverClock(systemClock));
  return await readDevice(trialFor(asked), connection, unit);
}

test("the model itself passes its probe and says its condition", async () => {
  const reading = await meet("siemens-g120", "siemens-g120", "running");
  expect(reading).toMatchObject({ failure: null, condition: "producing" });
  expect(reading.checks.map(({ id, fits }) => [id, fits])).toEqual([
    ["speed", true],
    ["frequency", true],
  ]);
  expect(reading.samples.get("speed")).toMatchObject({ quality: "good", value: 1455 });
  expect(reading.plan.join()).toContain("unit 1 holding");
});

test("a register check is read beside the points", async () => {
  const reading = await meet("simulated", "simulated", "running");
  expect(reading.checks).toMatchObject([
    { id: "probe1", fits: true },
    { id: "status", fits: true },
  ]);
});

test("rules and points that the template leaves open are not asked for", async () => {
  const reading = await meet("sunspec", "sunspec", "running");
  expect(reading.condition).toBeNull();
  expect([...reading.samples.keys()]).not.toContain("power");
  expect(reading.checks.every(({ fits }) => fits)).toBe(true);
  expect(hasRegisters(trialFor("packml"))).toBe(false);
  expect(hasRegisters(trialFor("stack-light"))).toBe(false);
});

test("another device does not pass", async () => {
  const reading = await meet("eastron-sdm630", "siemens-pac2200", "running");
  expect(reading.checks.map(({ fits }) => fits)).toEqual([false, false]);
  expect(reading.samples.get("voltageL1")).toEqual({
    quality: "bad",
    reason: "MODBUS_EXCEPTION_2",
  });
});

test("a bad value is no plausible one", async () => {
  const reading = await meet("eastron-sdm630", "eastron-sdm630", "float-nan");
  expect(reading.samples.get("power")).toEqual({ quality: "bad", reason: "VALUE_NOT_FINITE" });
  expect(reading.checks.every(({ fits }) => fits)).toBe(true);
});

test("a unit that is not there gives the reason", async () => {
  const reading = await meet("siemens-g120", "siemens-g120", "running", 9);
  expect(reading).toMatchObject({ failure: "MODBUS_EXCEPTION_11", condition: null });
  expect(reading.checks.every(({ fits }) => fits)).toBe(false);
});
