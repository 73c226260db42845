/** The store's thread: runs the engine's requests one after the other. Everything that waits for a disk happens here. */
import { parentPort } from "node:worker_threads";
import { systemDisk } from "./disk.ts";
import { createEngine } from "./engine.ts";
import { answer, type Request } from "./link.ts";

const engine = createEngine(systemDisk);

parentPort?.on("message", (request: Request) => {
  parentPort?.postMessage(answer(engine, request));
});
