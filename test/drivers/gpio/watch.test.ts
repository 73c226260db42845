/** Edges, losses and re-reading through real child processes that print what gpiomon prints. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { driverClock, systemClock } from "../../../agent/clock.ts";
import type { Connection, PointOptions, Reading, SourceReader } from "../../../drivers/driver.ts";
import { guarded } from "../../../drivers/gpio/child.ts";
import { monitorArgs } from "../../../drivers/gpio/commands.ts";
import { gpio } from "../../../drivers/gpio/driver.ts";
import { type Board, type BoardOptions, openBoard } from "../../../simulator/gpio/board.ts";

const LINES = { 17: "GPIO17", 22: "GPIO22", 27: "GPIO27" };
const RED: PointOptions = { id: "red", line: "GPIO17", debounce: 0 };
const GREEN: PointOptions = { id: "green", line: "GPIO22", debounce: 0 };
const PIECES: PointOptions = { id: "pieces", line: "GPIO27", debounce: 5, counts: true };

const ending: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

interface Stand {
  board: Board;
  connection: Connection;
  reader: SourceReader;
  /** What came between reads. */
  heard: Reading[];
}

const clock = driverClock(systemClock);

async function stand(points: PointOptions[], board: Partial<BoardOptions> = {}): Promise<Stand> {
  const made = await openBoard({ major: 2, lines: LINES, ...board });
  ending.push(() => made.close());
  const connection = gpio.open("panel", { chip: "pinctrl-sim", tools: made.tools }, clock);
  ending.push(() => connection.close());
  const reader = connection.source("main", 0, points);
  const heard: Reading[] = [];
  reader.edges?.((reading) => heard.push(reading));
  return { board: made, connection, reader, heard };
}

const valuesOf = ({ samples }: Reading): Record<string, unknown> =>
  Object.fromEntries(
    [...samples].map(([id, s]) => [id, s.quality === "good" ? s.value : s.reason]),
  );

/** Until it holds, at most ten seconds: children of a busy machine take their time. */
async function eventually(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`never: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Read, and the watch stands: every line is held by a monitor. */
async function started({ reader, board }: Stand, monitors: number): Promise<void> {
  expect((await reader.read()).failure).toBeNull();
  await eventually(() => board.monitors() === monitors);
}

describe.each([1, 2] as const)("gpiod %i.x", (major) => {
  test("edges arrive by themselves, dated by the kernel", async () => {
    const it = await stand([RED, GREEN], { major });
    await started(it, 1);
    const base = clock.now();
    it.board.set("GPIO17", true, base - 80);
    it.board.set("GPIO22", true, base - 77);
    it.board.set("GPIO17", false, base - 40);
    await eventually(() => it.heard.some((reading) => valuesOf(reading)["red"] === false));
    // how many share a reading depends on how they arrive
    const merged = Object.assign({}, ...it.heard.slice(0, -1).map(valuesOf));
    expect(merged).toEqual({ red: true, green: true });
    expect(it.heard.slice(-2).map(({ at }) => Math.round(at - base))).toEqual([-77, -40]);
    expect(valuesOf(await it.reader.read())).toEqual({ red: false, green: true });
  });
});

test("1.x leaves debouncing to us: each pulse counts once, whatever the contact does", async () => {
  const it = await stand([PIECES], { major: 1 });
  await started(it, 1);
  let at = clock.now() - 2000;
  const contact = [true, 1, false, 1, true, 12, false, 2, true, 2, false, 12] as const;
  for (let k = 0; k < 50; k++) {
    for (let i = 0; i < contact.length; i += 2) {
      it.board.set("GPIO27", contact[i] === true, at);
      at += Number(contact[i + 1]);
    }
  }
  await eventually(() => it.heard.some((reading) => valuesOf(reading)["pieces"] === 50));
  expect(valuesOf(await it.reader.read())).toEqual({ pieces: 50 });
});

test("2.x debounces in the kernel: one slow pulse is one, a spike is none", async () => {
  const it = await stand([{ ...PIECES, debounce: 20 }]);
  await started(it, 1);
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  it.board.set("GPIO27", true);
  it.board.set("GPIO27", false);
  await pause(100);
  it.board.set("GPIO27", true);
  await pause(100);
  it.board.set("GPIO27", false);
  await pause(100);
  await eventually(() => it.heard.length > 0);
  expect(valuesOf(await it.reader.read())).toEqual({ pieces: 1 });
});

test("the two versions agree on bias, and a counter has a monitor of its own", async () => {
  const it = await stand([{ ...RED, bias: "pull-up" }, { ...GREEN, bias: "pull-up" }, PIECES]);
  await started(it, 2);
  expect(it.reader.plan()).toEqual(["GPIO17: red", "GPIO22: green", "GPIO27: pieces (pulses)"]);
});

describe("lost", () => {
  test("a monitor that dies is told at once, and replaced within 2 s", async () => {
    const it = await stand([RED, GREEN]);
    await started(it, 1);
    it.board.drop("GPIO17", true);
    const died = clock.now();
    it.board.cut();
    await eventually(() => it.heard.length > 0);
    expect(it.heard[0]).toMatchObject({ failure: "GPIO_GONE", samples: new Map() });
    await eventually(() => it.connection.health().state === "up");
    expect(clock.now() - died).toBeLessThan(2000);
    expect(valuesOf(await it.reader.read())).toEqual({ red: true, green: false });
    expect(it.connection.health()).toMatchObject({ reconnects: 1, lastFailure: "GPIO_GONE" });
  });

  test.each([
    ["denied", "GPIO_DENIED"],
    ["absent", "GPIO_GONE"],
  ] as const)("%s: %s, until it is not", async (trouble, reason) => {
    const it = await stand([RED]);
    it.board.trouble(trouble);
    expect(await it.reader.read()).toMatchObject({ failure: reason, samples: new Map() });
    expect(it.connection.health()).toMatchObject({ state: "down", lastFailure: reason });
    it.board.trouble("none");
    await eventually(() => it.connection.health().state === "up");
    expect(valuesOf(await it.reader.read())).toEqual({ red: false });
  });

  test("a line of another program is busy", async () => {
    const it = await stand([RED]);
    it.board.hold("GPIO17", true);
    expect((await it.reader.read()).failure).toBe("GPIO_BUSY");
  });

  test.each([
    ["a line that is not there", { id: "x", line: "GPIO99" }],
    ["an output is never touched", { id: "x", line: "GPIO22" }],
  ])("%s", async (_, point) => {
    const it = await stand([point], { outputs: [22] });
    expect((await it.reader.read()).failure).toBe("GPIO_LINE");
    expect(it.board.calls()).not.toContain("gpioget");
  });

  test("no tools at all", async () => {
    const connection = gpio.open(
      "panel",
      { chip: "x", tools: "/nowhere", backend: "gpiomon" },
      clock,
    );
    ending.push(() => connection.close());
    expect((await connection.source("main", 0, [RED]).read()).failure).toBe("GPIO_TOOLS");
  });
});

test("a lost edge is found by reading again, and healed", async () => {
  // ten seconds pass for the driver, not for the test
  let ahead = 0;
  const hurried = { ...clock, now: () => clock.now() + ahead };
  const board = await openBoard({ major: 2, lines: LINES });
  ending.push(() => board.close());
  const connection = gpio.open("panel", { chip: "pinctrl-sim", tools: board.tools }, hurried);
  ending.push(() => connection.close());
  const reader = connection.source("main", 0, [RED, { ...PIECES, debounce: 0 }]);
  const heard: Reading[] = [];
  reader.edges?.((reading) => heard.push(reading));
  await reader.read();
  await eventually(() => board.monitors() === 2);
  board.drop("GPIO17", true);
  board.drop("GPIO27", true);
  expect(valuesOf(await reader.read())).toEqual({ red: false, pieces: 0 });
  ahead = 10_000;
  expect(valuesOf(await reader.read())).toEqual({ red: true, pieces: 1 });
  expect(heard.length).toBeGreaterThan(0);
  await eventually(() => board.monitors() === 2);
  board.set("GPIO17", false);
  await eventually(() => heard.some((reading) => valuesOf(reading)["red"] === false));
  expect(connection.health()).toMatchObject({ state: "up", reconnects: 0, edgesLost: 2 });
});

describe("no orphans", () => {
  const isAlive = (pid: number): boolean => {
    try {
      return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
    } catch {
      return false;
    }
  };

  test("close ends every child", async () => {
    const it = await stand([RED, PIECES]);
    await started(it, 2);
    await it.connection.close();
    await eventually(() => it.board.monitors() === 0);
    expect(it.connection.health().state).toBe("closed");
  });

  test("killed without a word, the process takes its monitors along", async () => {
    const board = await openBoard({ major: 2, lines: LINES });
    ending.push(() => board.close());
    const args = monitorArgs(2, "gpiochip0", [17], { bias: "as-is", debounceMs: 0 });
    const script = `
      const { spawn } = require("node:child_process");
      console.log(spawn(...${JSON.stringify(guarded(join(board.tools, "gpiomon"), args))}).pid);
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ["-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    ending.push(async () => void parent.kill("SIGKILL"));
    const pid = await new Promise<number>((resolve) =>
      parent.stdout.once("data", (text) => resolve(Number(text))),
    );
    await eventually(() => board.monitors() === 1);
    parent.kill("SIGKILL");
    await eventually(() => board.monitors() === 0 && !isAlive(pid));
  });
});
