/** `simulate` and `demo` are programs of their own, so that the agent never depends on the simulator. */
import { spawn } from "node:child_process";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";

const PROGRAM = { simulate: "../../simulator/main", demo: "../../simulator/demo/main" } as const;

/** Runs it with these arguments on this terminal; signals go to it as well. Resolves with its exit code. */
export function spawnSimulator(name: keyof typeof PROGRAM, args: string[]): Promise<number> {
  const extension = extname(fileURLToPath(import.meta.url));
  const file = fileURLToPath(new URL(`${PROGRAM[name]}${extension}`, import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, file, ...args], { stdio: "inherit" });
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on("SIGTERM", pass).on("SIGINT", () => {});
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      process.off("SIGTERM", pass);
      resolve(code ?? (signal === "SIGINT" ? 130 : 143));
    });
  });
}
