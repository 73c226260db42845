/**
 * Child processes of the bench: started on a core, measured from /proc, ended by id. Whatever still runs when the
 * bench ends is ended with it; nothing else ever is.
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

const SERVER_CORE = 0;
const CLIENT_CORE = 1;
const running = new Set();

export const has = (tool) => {
  try {
    execFileSync("sh", ["-c", `command -v ${tool}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};
export const isPinned = has("taskset") && cpus().length > 1;

process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(130));

/** `role`: "server" and "client" run on cores of their own where the machine has two and taskset; "free" on any. */
export function start(role, command, args, options = {}) {
  const core = String(role === "server" ? SERVER_CORE : CLIENT_CORE);
  const line =
    isPinned && role !== "free" ? ["taskset", "-c", core, command, ...args] : [command, ...args];
  const child = spawn(line[0], line.slice(1), { stdio: ["ignore", "pipe", "pipe"], ...options });
  child.output = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk) => {
      child.output = (child.output + chunk).slice(-1_000_000);
    });
  running.add(child);
  child.on("exit", () => running.delete(child));
  return child;
}

/** SIGTERM, and after `patience` SIGKILL. */
export async function stop(child, patience = 5_000) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), patience);
  await gone;
  clearTimeout(timer);
}

/** Standard output of a child that ends by itself; rejects when it fails or does not end. `watch`: every 20 ms. */
export async function run(role, command, args, { timeout = 300_000, watch, ...options } = {}) {
  const child = start(role, command, args, options);
  const timer = setTimeout(() => child.kill("SIGKILL"), timeout);
  const watching = watch && setInterval(() => watch(child.pid), 20);
  const [code] = await once(child, "close");
  clearTimeout(timer);
  clearInterval(watching);
  if (code !== 0)
    throw new Error(`${command} ${args[0]} ended with ${code}: ${child.output.slice(-500)}`);
  return child.output;
}

/** CPU seconds of all its threads, user and system; NaN when it has ended. Precise where the kernel keeps schedstat. */
export function cpuSeconds(pid) {
  try {
    if (!hasSchedstat) return ticksOf(pid) / 100;
    let sum = 0;
    for (const task of readdirSync(`/proc/${pid}/task`))
      sum += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, "utf8").split(" ")[0]);
    return sum / 1e9;
  } catch {
    return Number.NaN;
  }
}

const hasSchedstat = existsSync("/proc/self/schedstat");
function ticksOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

/** Milliseconds its main thread was ready to run while others had the core: the noise of the machine. */
export function waitedMs(pid) {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, "utf8").split(" ")[1]) / 1e6;
  } catch {
    return Number.NaN;
  }
}

export const rssMb = (pid) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;

/** Bytes that this process caused to be written to a disk; page granular, file system metadata not included. */
export const writtenBytes = (pid) =>
  Number(/\bwrite_bytes: (\d+)/.exec(readFileSync(`/proc/${pid}/io`, "utf8"))[1]);

/** True once `probe` gives true; false when `ms` passed or the child ended before. */
export async function waitFor(probe, ms, child, everyMs = 50) {
  const end = performance.now() + ms;
  while (performance.now() < end) {
    if (await probe()) return true;
    if (child && (child.exitCode !== null || child.signalCode !== null)) return false;
    await sleep(everyMs);
  }
  return false;
}

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
