/** Log lines as they are written: context, secrets, repetition. */
import { describe, expect, it } from "vitest";
import { Fault } from "../../agent/core/fault.ts";
import { type LogLevel, levelOf, openLog } from "../../agent/log.ts";
import { redact } from "../../agent/redact.ts";
import { admit, REPEAT_MS, type Repeats } from "../../agent/repeat.ts";

const T0 = Date.parse("2026-11-23T05:00:00Z");

function open(level: LogLevel = "info") {
  const lines: Record<string, unknown>[] = [];
  const now = { mono: 0 };
  const clock = { utc: () => T0 + now.mono, mono: () => now.mono };
  const to = { write: (line: string) => lines.push(JSON.parse(line)) };
  return { lines, now, log: openLog({ level, to, clock }) };
}

describe("a line", () => {
  it("has level, time of the clock, context and text, and nothing else", () => {
    const { lines, log } = open();
    log.child({ connection: "plc" }).info("connected", { units: 3 });
    expect(lines).toEqual([
      {
        level: "info",
        time: "2026-11-23T05:00:00.000Z",
        connection: "plc",
        units: 3,
        msg: "connected",
      },
    ]);
  });

  it("shows a fault with its next step, and secrets nowhere", () => {
    const { lines, log } = open();
    const cause = Object.assign(new Error("connect mqtts://gw:hunter2@broker:8883"), {
      code: "EAUTH",
    });
    const context = { url: "mqtts://gw:hunter2@broker:8883", options: { password: "hunter2" } };
    log.error("mqtt", { error: new Fault("MQTT_REFUSED", "refused", context, cause) });
    expect(lines[0]).toMatchObject({
      error: {
        code: "MQTT_REFUSED",
        message: "refused",
        hint: expect.stringContaining("passwordFile"),
        context: { url: "mqtts://[redacted]@broker:8883", options: { password: "[redacted]" } },
        cause: { code: "EAUTH", message: "connect mqtts://[redacted]@broker:8883" },
      },
    });
    expect(JSON.stringify(lines)).not.toContain("hunter2");
  });

  it("is written at its level or above only", () => {
    const { lines, log } = open("warn");
    for (const level of ["trace", "debug", "info", "warn", "error"] as const) log[level](level);
    expect(lines.map((line) => line["msg"])).toEqual(["warn", "error"]);
  });
});

describe("levelOf", () => {
  it.each([
    [0, 0, "info"],
    [1, 0, "debug"],
    [2, 0, "trace"],
    [9, 0, "trace"],
    [0, 1, "warn"],
    [0, 2, "error"],
    [0, 9, "error"],
    [1, 1, "info"],
  ])("-v x %i, -q x %i is %s", (verbose, quiet, level) => {
    expect(levelOf(verbose, quiet)).toBe(level);
  });
});

describe("repetition", () => {
  it("leaves out identical warnings and says how many", () => {
    const { lines, now, log } = open();
    const plc = log.child({ connection: "plc" });
    const timeout = (attempt: number) =>
      plc.warn("no answer", { attempt, error: new Fault("MODBUS_TIMEOUT", `attempt ${attempt}`) });
    for (let attempt = 0; attempt < 100; attempt++) timeout(attempt);
    plc.warn("no answer", { error: new Fault("MODBUS_CLOSED", "gone") });
    log.child({ connection: "bus" }).warn("no answer");
    now.mono = REPEAT_MS;
    timeout(100);
    expect(lines.map((line) => [line["connection"], line["attempt"], line["repeated"]])).toEqual([
      ["plc", 0, undefined],
      ["plc", undefined, undefined],
      ["bus", undefined, undefined],
      ["plc", 100, 99],
    ]);
  });

  it("never leaves out what is not trouble", () => {
    const { lines, log } = open();
    log.info("started");
    log.info("started");
    expect(lines).toHaveLength(2);
  });

  it("passes once per interval, counted from the line that passed", () => {
    const repeats: Repeats = new Map();
    const passed = [0, 1, REPEAT_MS - 1, REPEAT_MS, REPEAT_MS + 1, 5 * REPEAT_MS].map((mono) =>
      admit(repeats, "line", mono),
    );
    expect(passed).toEqual([0, null, null, 2, null, 1]);
  });

  it("remembers a bounded number of lines, the most recent ones", () => {
    const repeats: Repeats = new Map();
    for (let i = 0; i < 1_000; i++) admit(repeats, `line ${i}`, i);
    expect(repeats.size).toBe(256);
    expect(admit(repeats, "line 999", 1_000)).toBeNull();
    expect(admit(repeats, "line 0", 1_000)).toBe(0);
  });
});

describe("redact", () => {
  it.each(["password", "passphrase", "mqttPassword", "key", "privateKey", "secret", "apiToken"])(
    "hides the field %s",
    (field) => {
      expect(redact({ [field]: "hunter2", deep: [{ [field]: 1 }] })).toEqual({
        [field]: "[redacted]",
        deep: [{ [field]: "[redacted]" }],
      });
    },
  );

  it("keeps what only names a secret", () => {
    const fields = { passwordFile: "/etc/uptime/mqtt", keyFile: "k.pem", monkey: 1, compass: "n" };
    expect(redact(fields)).toEqual(fields);
  });

  it("survives cycles, 64-bit values and bytes", () => {
    const loop: Record<string, unknown> = { count: 2n ** 63n, raw: new Uint8Array([1, 2]) };
    loop["self"] = loop;
    expect(redact(loop)).toMatchObject({ count: "9223372036854775808", raw: "1,2" });
    expect(() => JSON.stringify(redact(loop))).not.toThrow();
  });
});
