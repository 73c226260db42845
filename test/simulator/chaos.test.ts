import { createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { type ChaosProxy, startChaos } from "../../simulator/chaos.ts";
import { listenOn } from "../../simulator/listen.ts";
import { type Wire, wire } from "./wire.ts";

let echo: Server | null = null;
let proxy: ChaosProxy | null = null;
const sockets: Socket[] = [];
const wires: Wire[] = [];

/** An echo server behind a proxy, and a client in front of it. */
async function chain(): Promise<Wire> {
  echo = createServer({ noDelay: true }, (socket) => {
    sockets.push(socket);
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk) => socket.write(chunk));
  });
  const port = await listenOn(echo, 0, "127.0.0.1");
  proxy = await startChaos({ host: "127.0.0.1", port });
  return open();
}

async function open(): Promise<Wire> {
  const one = await wire(proxy?.port ?? 0);
  wires.push(one);
  return one;
}

afterEach(async () => {
  for (const { socket } of wires.splice(0)) socket.destroy();
  for (const socket of sockets.splice(0)) socket.destroy();
  await proxy?.close();
  await new Promise((resolve) => echo?.close(resolve));
});

describe("the proxy", () => {
  test("passes bytes on unchanged, both ways", async () => {
    const client = await chain();
    expect(await client.ask("00ff10", 3)).toBe("00ff10");
    expect(proxy?.open).toBe(1);
  });

  test("delays each direction, and keeps the order", async () => {
    const client = await chain();
    proxy?.set({ mode: "delay", ms: 40 });
    const begin = performance.now();
    client.socket.write(Buffer.from([1]));
    expect(await client.ask("0203", 3)).toBe("010203");
    expect(performance.now() - begin).toBeGreaterThanOrEqual(75);
  });

  test("freezes without a sign, and delivers after the thaw", async () => {
    const client = await chain();
    proxy?.set({ mode: "freeze" });
    client.socket.write(Buffer.from([7, 8]));
    expect(await client.fate(60)).toBe("silence");
    proxy?.set({ mode: "pass" });
    expect(await client.ask("09", 3)).toBe("070809");
  });

  test("drops with FIN and resets with RST", async () => {
    const client = await chain();
    await client.ask("01", 1);
    proxy?.drop();
    expect(await client.fate(2_000)).toBe("end");
    const second = await open();
    await second.ask("01", 1);
    proxy?.reset();
    expect(await second.fate(2_000)).toBe("reset");
    expect(proxy?.accepted).toBe(2);
  });

  test("cuts after exactly that many bytes from the server", async () => {
    const client = await chain();
    proxy?.set({ mode: "cut", bytes: 5 });
    expect(await client.ask("0102030405060708", 5)).toBe("0102030405");
    // Node reports data and a reset that arrive together as data and an end.
    expect(await client.fate(2_000)).not.toBe("silence");
    await expect(client.ask("", 1)).rejects.toThrow(/ended/);
  });

  test("refuses new connections and leaves the others alone", async () => {
    const client = await chain();
    await client.ask("01", 1);
    proxy?.set({ mode: "refuse" });
    const second = await open();
    expect(await second.fate(2_000)).toBe("end");
    expect(await client.ask("02", 1)).toBe("02");
  });

  test("ends the client's connection when the server ends its own", async () => {
    const client = await chain();
    await client.ask("01", 1);
    sockets[0]?.end();
    expect(await client.fate(2_000)).toBe("end");
  });

  test("leaks no connection", async () => {
    const first = await chain();
    for (let i = 0; i < 30; i++) {
      const one = await open();
      await one.ask("01", 1);
      if (i % 2) one.socket.destroy();
      else one.socket.resetAndDestroy();
    }
    await first.ask("02", 1);
    await expect.poll(() => proxy?.open).toBe(1);
  });
});
