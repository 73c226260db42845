/** The compiled command line as processes, and what they said. Every one of them ends with `endProcesses`. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** `UPTIME_AGENT` names another program to test, such as an installed one. */
const PROGRAM =
  process.env["UPTIME_AGENT"] ?? join(import.meta.dirname, "../../dist/agent/main.js");

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface Running {
  child: ChildProcess;
  stdout(): string;
  stderr(): string;
  exit: Promise<Exit>;
}

const open = new Set<Running>();

/** Starts `uptime-agent …`; `env` comes on top of a terminal-less surrounding. `stdin`: a file that is open. */
export function startCli(
  args: string[],
  env: Record<string, string> = {},
  stdin: number | "ignore" = "ignore",
): Running {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is missing: run \`npm run build\` first`);
  return startProcess(process.execPath, [PROGRAM, ...args], env, stdin);
}

export function startProcess(
  program: string,
  args: string[],
  env: Record<string, string> = {},
  stdin: number | "ignore" = "ignore",
): Running {
  const child = spawn(program, args, {
    stdio: [stdin, "pipe", "pipe"],
    // A group of its own, because `demo` and `simulate` have a child.
    detached: true,
    env: { ...process.env, ...env },
  });
  let [stdout, stderr] = ["", ""];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const exit = new Promise<Exit>((resolve) => {
    child.once("error", () => resolve({ code: null, signal: null }));
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  const running: Running = { child, stdout: () => stdout, stderr: () => stderr, exit };
  open.add(running);
  void exit.then(() => open.delete(running));
  return running;
}

/** Runs a verb to its end. */
export async function cli(
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const running = startCli(args, env);
  const { code } = await running.exit;
  return { code, stdout: running.stdout(), stderr: running.stderr() };
}

/** Waits for a text on stderr. Throws, with all that was said, when the process ends or the time is over. */
export async function said(running: Running, text: string | RegExp, ms = 15_000): Promise<void> {
  const limit = Date.now() + ms;
  const isThere = (): boolean =>
    typeof text === "string" ? running.stderr().includes(text) : text.test(running.stderr());
  while (!isThere()) {
    const isOver = running.child.exitCode !== null || running.child.signalCode !== null;
    if (isOver || Date.now() > limit)
      throw new Error(`"${text}" was not said:\n${running.stdout()}\n${running.stderr()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** SIGKILL for all that still run. Call in `afterEach`. */
export async function endProcesses(): Promise<void> {
  const left = [...open];
  for (const { child } of left) if (child.pid !== undefined) killGroup(child.pid);
  await Promise.all(left.map(({ exit }) => exit));
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
