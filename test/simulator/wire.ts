/** A raw TCP client for the tests: whole frames as hex, so that nothing between test and bytes can be wrong. */
import { connect, type Socket } from "node:net";

export interface Wire {
  socket: Socket;
  /** Sends hex and resolves with the next `bytes` bytes as hex; rejects when the connection ends first. */
  ask(hex: string, bytes: number): Promise<string>;
  /** Resolves with "end" (FIN), "reset" (RST), or "silence" after `ms`. */
  fate(ms: number): Promise<"end" | "reset" | "silence">;
}

export function wire(port: number): Promise<Wire> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port, noDelay: true });
    let buffer = Buffer.alloc(0);
    let ended: "end" | "reset" | null = null;
    let wake = (): void => {};
    socket.on("data", (chunk: Buffer) => {
      buffer = Buffer.concat([buffer, chunk]);
      wake();
    });
    socket.on("end", () => {
      ended ??= "end";
      wake();
    });
    socket.on("error", () => {
      ended ??= "reset";
      wake();
    });
    const changed = (ms: number): Promise<void> =>
      new Promise((done) => {
        const timer = setTimeout(done, ms);
        wake = () => {
          clearTimeout(timer);
          done();
        };
      });
    const take = async (bytes: number): Promise<string> => {
      const deadline = performance.now() + 5_000;
      while (buffer.length < bytes) {
        if (ended) throw new Error(`connection ended (${ended})`);
        if (performance.now() > deadline) throw new Error(`no answer, ${buffer.toString("hex")}`);
        await changed(100);
      }
      const taken = buffer.subarray(0, bytes);
      buffer = buffer.subarray(bytes);
      return taken.toString("hex");
    };
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.off("error", reject);
      resolve({
        socket,
        ask: (hex, bytes) => {
          socket.write(Buffer.from(hex.replaceAll(" ", ""), "hex"));
          return take(bytes);
        },
        fate: async (ms) => {
          const deadline = performance.now() + ms;
          while (!ended && performance.now() < deadline) await changed(20);
          return ended ?? "silence";
        },
      });
    });
  });
}
