/** `simulate --template`: a fixture as a device on a real socket, and what is said when there is none. */
import { expect, test } from "vitest";
import { driverClock, systemClock } from "../../agent/clock.ts";
import { modbusTcp } from "../../drivers/modbus/driver.ts";
import { simulate } from "../../simulator/simulate.ts";

async function serve(args: string[], visit: (port: number) => Promise<void>) {
  const stop = new AbortController();
  const said = { stdout: "", stderr: "" };
  let open = (_port: number): void => {};
  const listening = new Promise<number>((resolve) => {
    open = resolve;
  });
  const code = simulate([...args, "--port", "0", "--json"], {
    stdout: (text) => {
      said.stdout += text;
      open((JSON.parse(text) as { port: number }).port);
    },
    stderr: (text) => {
      said.stderr += text;
    },
    stop: stop.signal,
  });
  const port = await Promise.race([listening, code.then(() => null)]);
  if (port !== null) await visit(port);
  stop.abort();
  return { code: await code, ...said };
}

test("a fixture is served under its unit id until the end", async () => {
  const args = ["--template", "siemens-g120", "--fixture", "reverse", "--unit", "7"];
  const { code, stdout } = await serve(args, async (port) => {
    const options = { host: "127.0.0.1", port, timeout: 2000 };
    const connection = modbusTcp(Math.random).open("g120", options, driverClock(systemClock));
    const point = { id: "speed", table: "holding", address: 340, type: "int16" };
    const reading = await connection.source("main", 7, [point]).read();
    await connection.close();
    expect(reading.samples.get("speed")).toMatchObject({ value: -1455 });
  });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    template: "siemens-g120",
    fixture: "reverse",
    unit: 7,
  });
});

test.each([
  [["--template", "nope"], 78, "there is no template nope"],
  [["--template=packml", "--fixture", "nope"], 78, "fixture nope"],
  [["--template", "stack-light"], 78, "of registers"],
  [["--template", "packml", "--unit", "999"], 64, "--unit must be"],
  [["--template", "packml", "--nonsense"], 64, "usage:"],
])("%j ends with %d", async (args, exit, text) => {
  const { code, stderr } = await serve(args, () => Promise.reject(new Error("it serves")));
  expect({ code, stderr }).toMatchObject({ code: exit, stderr: expect.stringContaining(text) });
});

test("a port in use is said", async () => {
  await serve(["--template", "packml"], async (port) => {
    let text = "";
    const code = await simulate(["--template", "packml", "--port", String(port)], {
      stdout: () => {},
      stderr: (more) => {
        text += more;
      },
      stop: AbortSignal.abort(),
    });
    expect([code, text]).toEqual([73, expect.stringContaining("choose another --port")]);
  });
});
