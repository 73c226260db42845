/** The local socket on which a running agent tells its status: connect, read one JSON document, done. Takes no orders. */
import { rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";

/** Serves until closed. A socket file left by a kill is replaced; the store's lock keeps two agents apart. */
export function serveStatus(path: string, status: () => Promise<object>): Promise<Server> {
  rmSync(path, { force: true });
  const server = createServer((socket) => {
    socket.on("error", () => {});
    status().then(
      (document) => socket.end(`${JSON.stringify(document)}\n`),
      () => socket.destroy(),
    );
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => resolve(server));
  });
}

/** The status of the agent at that socket, or null when none answers within `timeoutMs`. */
export function askStatus(path: string, timeoutMs: number): Promise<unknown> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect(path);
    const give = (value: unknown): void => {
      socket.destroy();
      resolve(value);
    };
    socket.setTimeout(timeoutMs, () => give(null));
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => {
      text += chunk;
    });
    socket.on("error", () => give(null));
    socket.on("end", () => {
      try {
        give(JSON.parse(text));
      } catch {
        give(null);
      }
    });
  });
}
