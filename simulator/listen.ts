/** Opens a server's port as a promise. Nothing else. */
import type { Server } from "node:net";

/** Resolves with the port once the server listens (0 took a free one); rejects with the system's error. */
export function listenOn(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : port);
    });
  });
}
