import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import { type ModbusServer, startModbus } from "../../simulator/modbus.ts";
import type { Device } from "../../simulator/modbus-request.ts";
import type { Action } from "../../simulator/serve.ts";
import { writingMyself } from "../support/no-writes.ts";
import { peer } from "../support/peers.ts";
import { type Wire, wire } from "./wire.ts";

const data: Record<string, number[]> = {
  holding: Array.from({ length: 130 }, (_, i) => 0x1000 + i),
  input: [0xfff6, 2],
  discrete: [1, 0, 1, 1, 0, 0, 0, 0, 1],
  coil: [0, 1],
};
const device: Device = {
  read: (table, address, quantity) => {
    const values = data[table]?.slice(address, address + quantity) ?? [];
    return values.length === quantity ? values : null;
  },
  identity: ["ACME", "P1", "1.0"],
};

let server: ModbusServer | null = null;
const wires: Wire[] = [];

async function serve(behave?: () => Action): Promise<Wire> {
  server = await startModbus({
    host: "127.0.0.1",
    port: 0,
    devices: new Map([
      [1, device],
      [2, device],
    ]),
    ...(behave ? { behave } : {}),
  });
  return open();
}

async function open(): Promise<Wire> {
  const one = await wire(server?.port ?? 0);
  wires.push(one);
  return one;
}

afterEach(async () => {
  for (const { socket } of wires.splice(0)) socket.destroy();
  await server?.close();
  server = null;
});

describe("reading", () => {
  test.each([
    ["holding", "0001 0000 0006 01 03 0000 0002", "000100000007010304" + "10001001"],
    ["input", "0002 0000 0006 01 04 0000 0002", "000200000007010404" + "fff60002"],
    ["coils", "0003 0000 0006 01 01 0000 0002", "000300000004010101" + "02"],
    ["discrete", "0004 0000 0006 02 02 0000 0009", "000400000005020202" + "0d01"],
  ])("%s", async (_, request, answer) => {
    const client = await serve();
    expect(await client.ask(request, answer.length / 2)).toBe(answer);
  });

  test.each([
    ["an address outside", "0001 0000 0006 01 03 0081 0002", "000100000003018302"],
    ["more than 125 registers", "0001 0000 0006 01 03 0000 007e", "000100000003018303"],
    ["no register", "0001 0000 0006 01 04 0000 0000", "000100000003018403"],
    ["a request that is too long", "0001 0000 0007 01 03 0000 0001 00", "000100000003018303"],
    ["an absent unit", "0001 0000 0006 09 03 0000 0001", "00010000000309830b"],
    ["a write of one register", "0001 0000 0006 01 06 0000 0001", "000100000003018601"],
    ["a write of many", "0001 0000 0009 01 10 0000 0001 02 0005", "000100000003019001"],
    ["diagnostics", "0001 0000 0006 01 08 0000 0000", "000100000003018801"],
    ["another 43", "0001 0000 0005 01 2b 0d 00 00", "00010000000301ab01"],
  ])("%s is an exception", async (_, request, answer) => {
    writingMyself();
    const client = await serve();
    expect(await client.ask(request, answer.length / 2)).toBe(answer);
  });

  test("writes are refused and counted", async () => {
    writingMyself();
    const client = await serve();
    await client.ask("0001 0000 0006 01 05 0000 ff00", 9);
    await client.ask("0002 0000 0006 01 03 0000 0001", 11);
    expect(server?.stats).toMatchObject({ requests: 2, refused: 1, connections: 1 });
  });

  test("identification by stream and by object", async () => {
    const client = await serve();
    const all = await client.ask("0001 0000 0005 01 2b 0e 01 00", 8 + 7 + 6 + 4 + 5 - 1);
    expect(all).toBe(
      `00010000001701${"2b0e0181000003"}${"0004"}${Buffer.from("ACME").toString("hex")}` +
        `${"0102"}${Buffer.from("P1").toString("hex")}${"0203"}${Buffer.from("1.0").toString("hex")}`,
    );
    const one = await client.ask("0002 0000 0005 01 2b 0e 04 01", 7 + 7 + 4);
    expect(one.slice(14)).toBe(`2b0e0481000001${"0102"}${Buffer.from("P1").toString("hex")}`);
    expect(await client.ask("0003 0000 0005 01 2b 0e 04 07", 9)).toBe("00030000000301ab02");
  });
});

describe("streams of bytes", () => {
  const REQUEST = "0001 0000 0006 01 03 0000 0001";

  test("requests in pieces and requests in one piece are the same", async () => {
    const client = await serve();
    for (const byte of REQUEST.replaceAll(" ", "").slice(0, -2).match(/../g) ?? []) {
      client.socket.write(Buffer.from(byte, "hex"));
    }
    expect(await client.ask("01", 11)).toBe("0001000000050103021000");
    const two = REQUEST + REQUEST.replace("0001", "0002");
    expect(await client.ask(two, 22)).toBe("0001000000050103021000" + "0002000000050103021000");
  });

  test.each([
    ["another protocol", "0001 0001 0006 01 03 0000 0001"],
    ["a length of 0", "0001 0000 0000 01 03 0000 0001"],
    ["a length beyond the standard", "0001 0000 ffff 01 03 0000 0001"],
    ["text", Buffer.from("GET / HTTP/1.1\r\n\r\n").toString("hex")],
  ])("%s ends the connection, and only that one", async (_, garbage) => {
    const good = await serve();
    const bad = await open();
    bad.socket.write(Buffer.from(garbage.replaceAll(" ", ""), "hex"));
    expect(await bad.fate(2_000)).not.toBe("silence");
    expect(await good.ask(REQUEST, 11)).toBe("0001000000050103021000");
    expect(server?.stats.broken).toBe(1);
  });
});

describe("misbehavior on demand", () => {
  const REQUEST = "0001 0000 0006 01 03 0000 0001";

  test("silence, exception, other bytes", async () => {
    let action: Action = { do: "silent" };
    const client = await serve(() => action);
    client.socket.write(Buffer.from(REQUEST.replaceAll(" ", ""), "hex"));
    expect(await client.fate(50)).toBe("silence");
    action = { do: "exception", code: 6 };
    expect(await client.ask(REQUEST, 9)).toBe("000100000003018306");
    action = { do: "bytes", make: (answer) => answer.subarray(0, 4) };
    expect(await client.ask(REQUEST, 4)).toBe("00010000");
  });

  test("a late answer comes late and holds up those behind it", async () => {
    const actions: Action[] = [{ do: "delay", ms: 80 }, { do: "answer" }];
    const client = await serve(() => actions.shift() ?? { do: "answer" });
    const begin = performance.now();
    const both = await client.ask(REQUEST + REQUEST.replace("0001", "0002"), 22);
    expect(performance.now() - begin).toBeGreaterThanOrEqual(75);
    expect(both.slice(0, 4)).toBe("0001");
  });

  test.each(["close", "reset"] as const)("%s", async (how) => {
    const client = await serve(() => ({ do: how }));
    client.socket.write(Buffer.from(REQUEST.replaceAll(" ", ""), "hex"));
    expect(await client.fate(2_000)).toBe(how === "close" ? "end" : "reset");
  });

  test("a port that is not listened to refuses, and serves again on the same number", async () => {
    const client = await serve();
    const port = server?.port;
    await server?.listen(false);
    expect(await client.fate(2_000)).toBe("reset");
    await expect(open()).rejects.toThrow(/ECONNREFUSED/);
    await server?.listen(true);
    expect(server?.port).toBe(port);
    expect(await (await open()).ask(REQUEST, 11)).toBe("0001000000050103021000");
  });
});

peer("mbpoll")("mbpoll, a client that is not ours", () => {
  const mbpoll = async (...args: string[]): Promise<string> => {
    await serve();
    const all = ["-m", "tcp", "-p", String(server?.port), "-0", "-1", "-o", "2", ...args];
    const { stdout } = await promisify(execFile)("mbpoll", [...all, "127.0.0.1"], {
      timeout: 10_000,
    });
    return stdout;
  };

  test("reads holding registers, input registers and bits", async () => {
    expect(await mbpoll("-a", "1", "-t", "4:hex", "-r", "2", "-c", "2")).toMatch(
      /\[2\]:\s+0x1002\s+\[3\]:\s+0x1003/,
    );
    await server?.close();
    expect(await mbpoll("-a", "2", "-t", "3", "-r", "0", "-c", "2")).toMatch(/\[1\]:\s+2/);
    await server?.close();
    expect(await mbpoll("-a", "1", "-t", "1", "-r", "2", "-c", "2")).toMatch(
      /\[2\]:\s+1\s+\[3\]:\s+1/,
    );
  });

  test("is told that it may not write", async () => {
    writingMyself();
    await serve();
    const args = ["-m", "tcp", "-p", String(server?.port), "-0", "-a", "1", "-t", "4", "-r", "0"];
    const run = promisify(execFile)("mbpoll", [...args, "127.0.0.1", "5"], { timeout: 10_000 });
    await expect(run).rejects.toThrow(/Illegal function/);
    expect(server?.stats.refused).toBe(1);
    expect(data["holding"]?.[0]).toBe(0x1000);
  });
});
