/**
 * Calls the engine from the main thread: through a worker, or directly where there is none (sources that run
 * without a build). Either way a call is asynchronous and calls are answered in order. Faults survive the crossing.
 */
import { Worker } from "node:worker_threads";
import { Fault, type FaultCode } from "../core/fault.ts";
import type { Engine } from "./engine.ts";
import type { CommitResult } from "./port.ts";

export type Operation = keyof Engine;

export interface Request {
  id: number;
  operation: Operation;
  args: unknown[];
}

/** A Fault without its class, which a structured clone would lose. */
interface FaultText {
  code: FaultCode;
  message: string;
  context: Record<string, unknown>;
}

export interface Answer {
  id: number;
  result?: unknown;
  fault?: FaultText;
}

export interface Link {
  call<K extends Operation>(
    operation: K,
    ...args: Parameters<Engine[K]>
  ): Promise<ReturnType<Engine[K]>>;
  /** Ends the thread. */
  end(): Promise<void>;
}

/** Runs one request; never throws. */
export function answer(engine: Engine, { id, operation, args }: Request): Answer {
  try {
    const work = engine[operation] as (...values: unknown[]) => unknown;
    return { id, result: portable(work(...args)) };
  } catch (error) {
    return { id, fault: toText(error) };
  }
}

function toText(error: unknown): FaultText {
  if (error instanceof Fault) {
    const { code, message, context } = error;
    return { code, message, context };
  }
  return { code: "INTERNAL", message: String((error as Error)?.stack ?? error), context: {} };
}

const toFault = ({ code, message, context }: FaultText): Fault => new Fault(code, message, context);

/** Only the result of a commit carries a fault inside. */
const portable = (result: unknown): unknown =>
  isRefusal(result) ? { ...result, fault: toText(result.fault) } : result;
const restored = (result: unknown): unknown =>
  isRefusal(result) ? { ...result, fault: toFault(result.fault) } : result;
const isRefusal = (result: unknown): result is Extract<CommitResult, { ok: false }> =>
  typeof result === "object" && result !== null && "fault" in result;

interface Waiting {
  resolve(result: unknown): void;
  reject(fault: Fault): void;
}

/** `entry`: the compiled `worker.js`. */
export function workerLink(entry: URL): Link {
  const worker = new Worker(entry, { name: "store" });
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let ended: Fault | null = null;

  const fail = (cause: string): void => {
    ended ??= new Fault("STORE_IO", `the store's thread ended: ${cause}`);
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  };
  worker.on("message", ({ id, result, fault }: Answer) => {
    const caller = waiting.get(id);
    waiting.delete(id);
    if (fault) caller?.reject(toFault(fault));
    else caller?.resolve(restored(result));
  });
  worker.on("error", (error) => fail(error.message));
  worker.on("exit", (code) => fail(`exit ${code}`));

  return {
    call: (operation, ...args) =>
      new Promise((resolve, reject) => {
        if (ended) {
          reject(ended);
          return;
        }
        lastId += 1;
        waiting.set(lastId, { resolve: resolve as Waiting["resolve"], reject });
        worker.postMessage({ id: lastId, operation, args } satisfies Request);
      }),
    async end() {
      await worker.terminate();
    },
  };
}

/** The engine in this very thread. */
export function directLink(engine: Engine): Link {
  let last: Promise<unknown> = Promise.resolve();
  return {
    call(operation, ...args) {
      const request: Request = { id: 0, operation, args: structuredClone(args) };
      const next = last.then(() => {
        const { result, fault } = answer(engine, request);
        if (fault) throw toFault(fault);
        return restored(result);
      });
      last = next.catch(() => undefined);
      return next as Promise<ReturnType<Engine[typeof operation]>>;
    },
    async end() {
      await last;
    },
  };
}
