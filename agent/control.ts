/**
 * The local socket of a running agent: a line of JSON asks, a line of JSON answers. It tells the status, shows the
 * machines, reads for a technician and takes acts; it orders no machine anything. Open to the agent's user alone.
 */
import { rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { PointOptions, Reading } from "../drivers/driver.ts";
import type { ActDesk } from "./acts/desk.ts";
import type { Desk } from "./commission/desk.ts";
import { Fault, type FaultCode } from "./core/fault.ts";
import { fromTaggedJson, toTaggedJson } from "./store/tagged-json.ts";

export type ControlRequest =
  | { ask: "status" }
  | { ask: "picture" }
  | { ask: "read"; connection: string; unit: number; points: PointOptions[] }
  | { ask: "identify"; connection: string; unit: number }
  | { ask: "incidents" }
  | { ask: "signals" }
  /** Puts an acceptance record on record. */
  | { ask: "accepted"; acceptance: unknown }
  /** A document as `act.json` describes it. */
  | { ask: "act"; document: unknown };

export interface ControlPorts {
  status(): Promise<object>;
  desk: Desk;
  /** Without one the agent takes no acts. */
  acts?: ActDesk;
}

/** What a new socket does not get: rights of group and others, and to be run. */
const OWNER_ONLY = 0o177;

/** Longer requests are nobody's. */
const LONGEST_REQUEST = 1_000_000;

/** Serves until closed. A socket file left by a kill is replaced; the store's lock keeps two agents apart. */
export function serveControl(path: string, ports: ControlPorts): Promise<Server> {
  rmSync(path, { force: true });
  const server = createServer({ allowHalfOpen: true }, (socket) => serve(socket, ports));
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    // Who acts through it is trusted: there is no moment in which somebody else could. `listen` makes the file at once.
    const usual = process.umask(OWNER_ONLY);
    server.listen(path, () => resolve(server));
    process.umask(usual);
  });
}

/** One request: whoever only connects and ends asks for the status. */
function serve(socket: Socket, ports: ControlPorts): void {
  let text = "";
  let isTaken = false;
  const answer = (line: string): void => {
    if (isTaken) return;
    isTaken = true;
    answerTo(line, ports).then(
      (document) => socket.end(`${toTaggedJson(document)}\n`),
      () => socket.destroy(),
    );
  };
  socket.on("error", () => socket.destroy());
  socket.setEncoding("utf8");
  socket.on("data", (chunk: string) => {
    text += chunk;
    const end = text.indexOf("\n");
    if (end >= 0) answer(text.slice(0, end));
    else if (text.length > LONGEST_REQUEST) socket.destroy();
  });
  socket.on("end", () => answer(text));
}

async function answerTo(line: string, { status, desk, acts }: ControlPorts): Promise<object> {
  try {
    const request = (line === "" ? { ask: "status" } : fromTaggedJson(line)) as ControlRequest;
    switch (request.ask) {
      case "status":
        return await status();
      case "picture":
        return desk.picture();
      case "read": {
        const { connection, unit, points } = request;
        const reading = await desk.read(connection, unit, points);
        return { ...reading, samples: [...reading.samples] };
      }
      case "identify":
        return await desk.identify(request.connection, request.unit);
      case "accepted":
        desk.accepted?.(request.acceptance);
        return {};
      case "incidents":
        return { incidents: deskFor(acts).incidents() };
      case "signals":
        return deskFor(acts).signals();
      case "act":
        return await deskFor(acts).take(request.document, OWNER);
      default:
        throw new Fault("USAGE_INVALID", `the agent cannot be asked: ${line.slice(0, 80)}`);
    }
  } catch (error) {
    const { code, message } =
      error instanceof Fault
        ? error
        : new Fault(error instanceof SyntaxError ? "USAGE_INVALID" : "INTERNAL", String(error));
    return { error: { code, message } };
  }
}

const OWNER = { via: "cli", as: null, allow: null } as const;

function deskFor(acts: ActDesk | undefined): ActDesk {
  if (acts) return acts;
  throw new Fault("USAGE_INVALID", "this agent takes no acts");
}

/** The answer of the agent at that socket, or null when there is none. Throws what it refuses, `AGENT_DENIED`, and `AGENT_LATE` when one is there and silent. */
export async function askAgent(
  path: string,
  request: ControlRequest,
  timeoutMs: number,
): Promise<unknown> {
  const text = await exchange(path, `${toTaggedJson(request)}\n`, timeoutMs);
  if (text === null) return null;
  const answer = fromTaggedJson(text) as { error?: { code: FaultCode; message: string } };
  if (answer.error) throw new Fault(answer.error.code, answer.error.message);
  return answer;
}

/** The status of the agent at that socket, or null when there is none. */
export const askStatus = (path: string, timeoutMs: number): Promise<unknown> =>
  askAgent(path, { ask: "status" }, timeoutMs);

export const readingOf = (answer: unknown): Reading => {
  const { samples, ...rest } = answer as Omit<Reading, "samples"> & {
    samples: [string, Reading["samples"] extends Map<string, infer S> ? S : never][];
  };
  return { ...rest, samples: new Map(samples) };
};

/** Null for whatever is not one whole line of JSON. Who may not ask is told so: an agent may well run. */
function exchange(path: string, request: string, timeoutMs: number): Promise<string | null> {
  return new Promise((resolve, reject) => {
    let text = "";
    let isThere = false;
    const socket = connect(path);
    const give = (value: string | null): void => {
      socket.destroy();
      resolve(value);
    };
    socket.setTimeout(timeoutMs, () => {
      // Whoever took the connection is an agent: it must not be mistaken for none.
      if (isThere) reject(new Fault("AGENT_LATE", `no answer on ${path}`, { path }));
      give(null);
    });
    socket.setEncoding("utf8");
    socket.on("connect", () => {
      isThere = true;
      socket.write(request);
    });
    socket.on("data", (chunk: string) => {
      text += chunk;
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EACCES" || error.code === "EPERM")
        reject(new Fault("AGENT_DENIED", `cannot open ${path}`, { path }, error));
      give(null);
    });
    socket.on("end", () => give(text.endsWith("\n") ? text : null));
  });
}
