import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Answer } from "../../simulator/answers.ts";
import type { Device } from "../../simulator/modbus-request.ts";
import { type SerialServer, startSerial } from "../../simulator/serial.ts";
import { FRAMINGS } from "../../simulator/serial-frame.ts";
import { writingMyself } from "../support/no-writes.ts";
import { peer } from "../support/peers.ts";

const device: Device = {
  identity: ["ACME", "P1", "1.0"],
  read: (table, address, quantity) =>
    address + quantity > 200
      ? null
      : Array.from({ length: quantity }, (_, i) =>
          table === "coil" || table === "discrete" ? (address + i) & 1 : 0x1000 + address + i,
        ),
};

test.each([
  ["rtu", "010300000002c40b", "0103000000010a"],
  ["ascii", "3a3031303330303030303030324641 0d0a".replace(" ", ""), "3a30313033"],
] as const)("%s requests are cut from a stream; damaged ones are broken", (name, hex, rest) => {
  const framing = FRAMINGS[name];
  const whole = Buffer.from(hex, "hex");
  const taken = framing.take(Buffer.concat([whole, Buffer.from(rest, "hex")]));
  expect(taken).toMatchObject({ size: whole.length, request: { unit: 1, code: 3 } });
  expect(framing.take(whole.subarray(0, -1))).toBe("more");
  expect(framing.take(framing.spoil(whole))).toBe("broken");
});

peer("socat", "mbpoll")("mbpoll, a client that is not ours, over a pseudo terminal", () => {
  let folder: string;
  let server: SerialServer;
  let answers: Answer[];
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "uptime-serial-"));
    answers = [];
    server = await startSerial({
      device: join(folder, "tty"),
      devices: new Map([[7, device]]),
      onAnswer: (answer) => answers.push(answer),
    });
  });
  afterEach(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const mbpoll = async (...args: string[]): Promise<string> => {
    const line = ["-m", "rtu", "-b", "19200", "-P", "none", "-0", "-1", "-o", "1", "-a", "7"];
    const run = promisify(execFile)(
      "mbpoll",
      [...line, ...args.slice(0, -1), server.device, ...args.slice(-1).filter(Boolean)],
      {
        timeout: 10_000,
      },
    );
    return run.then(
      ({ stdout }) => stdout,
      (error: { stdout: string; stderr: string }) => error.stdout + error.stderr,
    );
  };

  test("reads registers and bits, is refused beyond them, and each answer is noted", async () => {
    expect(await mbpoll("-t", "4:hex", "-r", "2", "-c", "3", "")).toMatch(
      /\[2\]:\s+0x1002\s+\[3\]:\s+0x1003\s+\[4\]:\s+0x1004/,
    );
    expect(await mbpoll("-t", "1", "-r", "4", "-c", "2", "")).toMatch(/\[4\]:\s+0\s+\[5\]:\s+1/);
    expect(await mbpoll("-t", "3", "-r", "300", "")).toMatch(/Illegal data address/);
    expect(answers.map(({ unit, table, values }) => [unit, table, values])).toEqual([
      [7, "holding", [0x1002, 0x1003, 0x1004]],
      [7, "discrete", [0, 1]],
      [7, "input", null],
    ]);
    expect(server.stats).toMatchObject({ requests: 3, refused: 0, broken: 0 });
  });

  test("cannot write", async () => {
    writingMyself();
    expect(await mbpoll("-t", "4", "-r", "2", "5")).toMatch(/Illegal function/);
    expect(server.stats.refused).toBe(1);
  });
});
