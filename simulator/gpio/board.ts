/**
 * A simulated GPIO chip behind stand-ins of Debian's gpiod tools: a folder of programs that behave, print and fail as
 * 1.6 or 2.2 do, each a child process of its own. A monitored line is busy for every other program, as in the kernel.
 * Stamps are of CLOCK_MONOTONIC. Imitates no hardware below the tools.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { answerOf, type BoardLine, type BoardTrouble, type Call } from "./answer.ts";
import { type Monitor, newMonitor } from "./monitor.ts";

export interface BoardOptions {
  /** Version of the tools. */
  major: 1 | 2;
  label?: string;
  /** Names by offset; others are unnamed inputs. */
  lines: Record<number, string>;
  /** Offsets that are outputs. */
  outputs?: number[];
}

export interface Board {
  /** Folder of the stand-ins, for the connection option `tools`. */
  tools: string;
  /** Makes an edge, dated now or at `stampMs` of the kernel's clock. No edge where the level stays. */
  set(line: string, level: boolean, stampMs?: number): void;
  /** Changes the level without anyone being told: an edge that the kernel lost. */
  drop(line: string, level: boolean): void;
  /** Ends every monitor, as if it had been killed. */
  cut(): void;
  /** What every tool meets from now on; running monitors go on. */
  trouble(kind: BoardTrouble): void;
  /** Another program holds a line, or lets it go. */
  hold(line: string, isHeld: boolean): void;
  /** Tools that were started, by name. */
  calls(): string[];
  /** Monitors that are connected. */
  monitors(): number;
  close(): Promise<void>;
}

const TOOLS = ["gpiodetect", "gpioinfo", "gpioget", "gpiomon"];
const CHIP_LINES = 54;

export async function openBoard(options: BoardOptions): Promise<Board> {
  const { major, label = "pinctrl-sim", outputs = [] } = options;
  const lines: BoardLine[] = Array.from({ length: CHIP_LINES }, (_, offset) => {
    const name = options.lines[offset] ?? null;
    return { offset, name, level: false, isOutput: outputs.includes(offset), holder: null };
  });
  const monitors = new Map<Monitor, Socket>();
  const seen: string[] = [];
  let trouble: BoardTrouble = "none";
  const serve = (socket: Socket, call: Call): void => {
    seen.push(call.tool);
    if (trouble === "hanging") return;
    const answer = answerOf(call, { major, label, lines, trouble });
    if (!("offsets" in answer)) {
      tell(socket, answer);
      socket.end();
      return;
    }
    const monitor = newMonitor(answer, lines, (line, stampMs) =>
      tell(socket, { out: eventText(major, line, stampMs) }),
    );
    monitors.set(monitor, socket);
    socket.on("close", () => {
      monitors.delete(monitor);
      monitor.end();
    });
  };
  const tools = mkdtempSync(join(tmpdir(), "gpio-"));
  const path = join(tools, "board");
  const close = await listen(path, serve);
  writeTools(tools, path);

  const lineOf = (name: string): BoardLine => {
    const line = lines.find((each) => each.name === name);
    if (!line) throw new RangeError(`no line ${name}`);
    return line;
  };
  return {
    tools,
    set(name, level, stampMs) {
      const line = lineOf(name);
      if (line.level === level) return;
      line.level = level;
      const at = stampMs ?? Number(process.hrtime.bigint()) / 1e6;
      for (const monitor of monitors.keys()) monitor.change(line, at);
    },
    drop: (name, level) => {
      lineOf(name).level = level;
    },
    cut() {
      for (const socket of monitors.values()) socket.destroy();
    },
    trouble: (kind) => {
      trouble = kind;
    },
    hold: (name, isHeld) => {
      lineOf(name).holder = isHeld ? "elsewhere" : null;
    },
    calls: () => [...seen],
    monitors: () => monitors.size,
    async close() {
      await close();
      rmSync(tools, { recursive: true, force: true });
    },
  };
}

/** Serves the stand-ins over a socket, one call each. Returns what ends it. */
async function listen(
  path: string,
  serve: (socket: Socket, call: Call) => void,
): Promise<() => Promise<void>> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    let text = "";
    socket.setEncoding("utf8").on("data", (more: string) => {
      text += more;
      if (text.endsWith("\n")) serve(socket, JSON.parse(text) as Call);
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
}

function writeTools(folder: string, socket: string): void {
  const script = join(import.meta.dirname, "tool.mjs");
  for (const tool of TOOLS) {
    const command = [process.execPath, script, socket, tool].map((word) => `'${word}'`).join(" ");
    writeFileSync(join(folder, tool), `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o755 });
  }
}

const tell = (socket: Socket, answer: object): void => {
  if (socket.writable) socket.write(`${JSON.stringify(answer)}\n`);
};

/** As gpiomon prints it; 1.x does not pad the nanoseconds. */
function eventText(major: 1 | 2, { offset, level }: BoardLine, stampMs: number): string {
  const total = BigInt(Math.round(stampMs * 1e6));
  const nanoseconds = String(total % 1_000_000_000n).padStart(major === 1 ? 1 : 9, "0");
  const falling = major === 1 ? 0 : 2;
  return `${level ? 1 : falling} ${offset} ${total / 1_000_000_000n}.${nanoseconds}\n`;
}
