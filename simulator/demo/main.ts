/**
 * `uptime-agent demo`: a simulated plant, a broker and the real agent. On a terminal it is live and a key breaks a
 * machine; without one it is a scripted, accelerated shift that prints the records and a summary, and exits.
 */
import { parseArgs } from "node:util";
import { driverFor } from "../../drivers/registry.ts";
import { durationOf } from "../scenario-fields.ts";
import { liveDemo } from "./live.ts";
import { shiftDemo } from "./shift.ts";

const USAGE = `usage: uptime-agent demo [--shift] [--duration 8h] [--speed 60] [--seed N]
On a terminal: machines live at 60 times real time; keys 1 to 4 break one, q ends.
Without a terminal, or with --shift: an accelerated shift; records on stdout, summary on stderr.
`;

const fail = (message: string): never => {
  process.stderr.write(`${message}\n${USAGE}`);
  process.exit(64);
};

function wishes() {
  try {
    const text = { type: "string" } as const;
    return parseArgs({
      options: {
        shift: { type: "boolean" },
        duration: text,
        speed: text,
        seed: text,
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    return fail((error as Error).message);
  }
}

const whole = (name: string, value: string | undefined, fallback: number): number => {
  const number = value === undefined ? fallback : Number(value);
  return Number.isSafeInteger(number) && number > 0
    ? number
    : fail(`${name} must be a positive integer`);
};

const options = wishes();
if (options.help) process.stdout.write(USAGE);
else {
  const seed = whole("--seed", options.seed, 7);
  const durationMs =
    durationOf(options.duration ?? "8h") ?? fail("--duration must be like 30min or 8h");
  const isLive = process.stdout.isTTY && process.stdin.isTTY && !options.shift && !options.json;
  process.exitCode = isLive
    ? await liveDemo({ seed, speed: whole("--speed", options.speed, 60) })
    : await shiftDemo({ seed, durationMs, driver: driverFor });
}
