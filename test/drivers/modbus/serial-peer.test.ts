/** A serial server that is not ours, on a pty, in real time. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { driverClock, systemClock } from "../../../agent/clock.ts";
import type { Connection, PointOptions } from "../../../drivers/driver.ts";
import { modbusRtu } from "../../../drivers/modbus/driver.ts";
import { pathOf, peer } from "../../support/peers.ts";
import { until } from "../clock.ts";
import { holding, outcome } from "./line.ts";

let children: ChildProcess[] = [];
let folder: string | null = null;
let connection: Connection | null = null;
afterEach(async () => {
  await connection?.close();
  for (const child of children) child.kill("SIGKILL");
  if (folder) rmSync(folder, { recursive: true });
  [children, folder, connection] = [[], null, null];
});

/** Two ptys, joined; the server on one, the path of the other. */
async function served(framing: "rtu" | "ascii"): Promise<string> {
  folder = mkdtempSync(join(tmpdir(), "peer-"));
  const [ours, theirs] = [join(folder, "ours"), join(folder, "theirs")];
  const ends = [ours, theirs].map((path) => `pty,raw,echo=0,link=${path}`);
  children.push(spawn(pathOf("socat"), ends, { stdio: "ignore" }));
  await until(() => existsSync(ours) && existsSync(theirs));
  const script = join(import.meta.dirname, "fixtures/pymodbus-serial.py");
  const server = spawn(pathOf("pymodbus"), [script, theirs, framing], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  children.push(server);
  await new Promise((resolve) => server.stdout.once("data", resolve));
  return ours;
}

peer("socat", "pymodbus")("pymodbus on a pty", () => {
  describe.each(["rtu", "ascii"] as const)("%s", (framing) => {
    it("is read in all tables, its absent neighbor harms nothing, identity included", async () => {
      const device = await served(framing);
      const options = { device, baudRate: 115_200, dataBits: 8, framing, timeout: 400 };
      connection = modbusRtu(Math.random).open("bus", options, driverClock(systemClock));
      const points: PointOptions[] = [
        ...holding(0, 1, 150),
        { id: "input", table: "input", address: 7, type: "uint16" },
        { id: "coil", table: "coil", address: 4, type: "bool" },
        { id: "discrete", table: "discrete", address: 4, type: "bool" },
      ];
      const readers = [1, 2, 3].map((unit) => connection!.source(`u${unit}`, unit, points));
      // The server says that it is ready a moment before it listens.
      await readers[0]!.read();
      for (let poll = 0; poll < 20; poll++) {
        for (const unit of [1, 2]) {
          expect(outcome(await readers[unit - 1]!.read())).toEqual({
            h0: unit * 1000,
            h1: unit * 1000 + 1,
            h150: unit * 1000 + 150,
            input: unit * 100 + 7,
            coil: true,
            discrete: false,
          });
        }
        if (poll % 10 === 0) expect((await readers[2]!.read()).failure).toBe("MODBUS_TIMEOUT");
      }
      expect(connection.health()).toMatchObject({ state: "up", reconnects: 0 });
      const { objects } = await connection.identify!(1);
      expect(objects).toMatchObject({ 0: "Peer", 1: "P1" });
    }, 60_000);
  });
});
