/** The watchdog is fed by progress alone; and once with the real systemd-notify. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type Notifier,
  type NotifyEnvironment,
  startNotifier,
  systemdNotify,
  watchdogMs,
} from "../../agent/notify.ts";
import { mayPing, PARTS, type Part } from "../../agent/watchdog.ts";
import { virtualClock } from "../support/clock.ts";
import { pathOf, peer } from "../support/peers.ts";

const WATCHED = { NOTIFY_SOCKET: "/run/systemd/notify", WATCHDOG_USEC: "60000000" };

describe("mayPing", () => {
  it("needs every part that should move to have moved", () => {
    const counts = fc.record({ poll: fc.nat(3), commit: fc.nat(3), publish: fc.nat(3) });
    fc.assert(
      fc.property(counts, counts, fc.subarray([...PARTS]), (before, more, due) => {
        const now = {
          poll: before.poll + more.poll,
          commit: before.commit + more.commit,
          publish: before.publish + more.publish,
        };
        const standing = due.filter((part) => more[part] === 0);
        expect(mayPing(now, before, due)).toBe(standing.length === 0);
      }),
    );
  });
});

describe("watchdogMs", () => {
  it.each<[string, NotifyEnvironment, number | null]>([
    ["as systemd sets it", { ...WATCHED, WATCHDOG_PID: "42" }, 60_000],
    ["without a process id", WATCHED, 60_000],
    ["meant for another process", { ...WATCHED, WATCHDOG_PID: "41" }, null],
    ["without a socket", { WATCHDOG_USEC: "60000000" }, null],
    ["without a watchdog", { NOTIFY_SOCKET: "/run/systemd/notify" }, null],
    ["nonsense", { ...WATCHED, WATCHDOG_USEC: "soon" }, null],
    ["zero", { ...WATCHED, WATCHDOG_USEC: "0" }, null],
  ])("%s", (_name, env, timeoutMs) => {
    expect(watchdogMs(env, 42)).toBe(timeoutMs);
  });
});

describe("the notifier", () => {
  const open = (env: NotifyEnvironment, due: () => readonly Part[] = () => PARTS) => {
    const clock = virtualClock();
    const sent: string[] = [];
    const failures: unknown[] = [];
    const send = async (assignments: string[]) => {
      sent.push(`${assignments.join()} @${clock.mono()}`);
      if (assignments.includes("STATUS=fail")) throw new Error("no such command");
    };
    const failed = (error: unknown) => failures.push(error);
    const notifier = startNotifier({ env, pid: 42, clock, send, due, failed });
    return { clock, sent, failures, notifier };
  };
  const move = (notifier: Notifier, ...parts: Part[]) => {
    for (const part of parts) notifier.progress(part);
  };

  it("sends what happens, on one line each", async () => {
    const { clock, sent, notifier } = open(WATCHED);
    notifier.ready();
    notifier.status("3 machines,\nbroker up");
    await notifier.stopping();
    expect(sent).toEqual(["READY=1 @0", "STATUS=3 machines, broker up @0", "STOPPING=1 @0"]);
    await clock.advance(600_000);
    expect(sent).toHaveLength(3);
  });

  it("is silent without systemd", async () => {
    const { clock, sent, notifier } = open({});
    notifier.ready();
    await clock.advance(600_000);
    await notifier.stopping();
    expect(sent).toEqual([]);
  });

  it("pings while all parts move, and stops when one stands", async () => {
    const { clock, sent, notifier } = open(WATCHED);
    move(notifier, "poll", "commit", "publish");
    await clock.advance(15_000);
    move(notifier, "poll", "publish");
    await clock.advance(15_000);
    move(notifier, "poll", "publish");
    await clock.advance(15_000);
    expect(sent).toEqual(["WATCHDOG=1 @15000"]);
    move(notifier, "commit");
    await clock.advance(15_000);
    expect(sent).toEqual(["WATCHDOG=1 @15000", "WATCHDOG=1 @60000"]);
    await clock.advance(120_000);
    expect(sent).toHaveLength(2);
  });

  it("does not wait for parts that are not there", async () => {
    const { clock, sent, notifier } = open(WATCHED, () => ["poll", "commit"]);
    move(notifier, "poll", "commit");
    await clock.advance(15_000);
    expect(sent).toEqual(["WATCHDOG=1 @15000"]);
  });

  it("reports a message that could not be sent, and goes on", async () => {
    const { clock, sent, failures, notifier } = open(WATCHED);
    notifier.status("fail");
    move(notifier, ...PARTS);
    await clock.advance(15_000);
    expect(failures).toEqual([new Error("no such command")]);
    expect(sent.at(-1)).toBe("WATCHDOG=1 @15000");
  });
});

/** Node cannot receive on such a socket, so Python stands in for systemd. */
const MANAGER = `
import socket, sys
manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
manager.bind(sys.argv[1])
print("bound", flush=True)
while True:
    print(manager.recv(4096).decode(), flush=True)
`;

peer("systemd-notify", "python3")("systemdNotify", () => {
  let folder = "";
  let manager: ChildProcess | null = null;
  const before = process.env["NOTIFY_SOCKET"];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "notify-"));
    process.env["NOTIFY_SOCKET"] = join(folder, "socket");
  });
  afterEach(() => {
    manager?.kill();
    manager = null;
    if (before === undefined) delete process.env["NOTIFY_SOCKET"];
    else process.env["NOTIFY_SOCKET"] = before;
    rmSync(folder, { recursive: true });
  });

  it("reaches the service manager", async () => {
    const socket = join(folder, "socket");
    const receiver = spawn(pathOf("python3"), ["-c", MANAGER, socket], { stdio: "pipe" });
    manager = receiver;
    let heard = "";
    receiver.stdout.on("data", (data: Buffer) => {
      heard += data.toString();
    });
    await expect.poll(() => heard, { timeout: 10_000 }).toContain("bound");
    await systemdNotify(["READY=1", "STATUS=3 machines"]);
    await expect.poll(() => heard, { timeout: 10_000 }).toContain("READY=1\nSTATUS=3 machines");
  });

  it("rejects when nobody listens", async () => {
    await expect(systemdNotify(["READY=1"])).rejects.toThrow();
  });
});
