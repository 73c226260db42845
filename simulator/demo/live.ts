/** The demo on a terminal: machines, states, OEE and arriving records, redrawn four times a second. */
import { type Clock, systemClock } from "../../agent/clock.ts";
import type { Millis } from "../../agent/core/time.ts";
import { runningTime } from "../plant-time.ts";
import { loadScenario } from "../scenario-file.ts";
import { type ContractRecord, contractGist, type IncidentRecord, incidentGist } from "./outcome.ts";
import { type Rig, startRig } from "./rig.ts";

export interface LiveDemo {
  seed: number;
  speed: number;
}

interface Seen {
  condition: string;
  since: string;
  cause: string | null;
  oee: number | null;
  availability: number | null;
  hour: string;
}

const REDRAW_MS = 250;
const LOG_LINES = 14;
const BREAK_MS = 15 * 60_000;

const COLOR: Record<string, string> = {
  producing: "32",
  fault: "31;1",
  unknown: "35",
  starved: "33",
  blocked: "33",
  setup: "36",
  idle: "34",
};

const paint = (text: string, code: string | undefined): string =>
  code && process.stdout.hasColors() ? `\u001b[${code}m${text}\u001b[0m` : text;

export async function liveDemo({ seed, speed }: LiveDemo): Promise<number> {
  const scenario = { ...loadScenario("demo"), seed };
  const time = runningTime(scenario.from, speed);
  const clock = fastClock(speed, () => time.now());
  const seen = new Map<string, Seen>();
  const lines: string[] = [];
  const log = (line: string): void => {
    lines.push(line);
    if (lines.length > LOG_LINES) lines.shift();
  };
  const rig = await startRig({
    scenario,
    clock,
    time,
    poll: "5s",
    logLevel: "error",
    onEvent: (event) =>
      log(
        paint(
          `${at(event.at)} plant: ${event.kind}${"machine" in event ? ` ${event.machine}` : ""}`,
          "90",
        ),
      ),
  });
  rig.broker.onMessage(({ topic, payload }) => {
    const record = JSON.parse(payload.toString());
    note(seen, record);
    log(
      `${String(record.time).slice(11, 19)} ${topic.split("/").slice(3).join("/")} ${gist(record)}`,
    );
  });
  process.stdout.write("\u001b[?1049h\u001b[?25l");
  const redraw = setInterval(() => draw(rig, seen, lines, speed), REDRAW_MS);
  await keys(rig, log);
  clearInterval(redraw);
  process.stdout.write("\u001b[?25h\u001b[?1049l");
  await rig.close();
  return 0;
}

/** Real time, `speed` times as fast. */
function fastClock(speed: number, utc: () => Millis): Clock {
  const begin = systemClock.mono();
  return {
    utc,
    mono: () => (systemClock.mono() - begin) * speed,
    sleep: (until, signal) => systemClock.sleep(begin + until / speed, signal),
  };
}

const at = (ms: Millis): string => new Date(ms).toISOString().slice(11, 19);

interface Arrived {
  asset: string | null;
  state?: { condition: string; since: string; cause: string | null; reason: string | null };
  window?: { kind: string; from: string; revision: number };
  oee?: { oee: number | null; availability: number | null };
  event?: { type: string; end: string | null };
  status?: { online: boolean; outbox: { depth: number } };
  incident?: IncidentRecord["incident"];
  contract?: ContractRecord["contract"];
}

function note(seen: Map<string, Seen>, { asset, state, window, oee }: Arrived): void {
  if (asset === null) return;
  const known = seen.get(asset) ?? {
    condition: "unknown",
    since: "",
    cause: null,
    oee: null,
    availability: null,
    hour: "",
  };
  if (state)
    Object.assign(known, { condition: state.condition, since: state.since, cause: state.cause });
  if (window?.kind === "hour" && oee)
    Object.assign(known, {
      oee: oee.oee,
      availability: oee.availability,
      hour: window.from.slice(11, 16),
    });
  seen.set(asset, known);
}

const percent = (value: number | null): string =>
  value === null ? "-" : `${(100 * value).toFixed(1)} %`;

function gist({ state, window, oee, event, status, incident, contract }: Arrived): string {
  if (state) return stateGist(state);
  if (window && oee)
    return `${window.from.slice(11, 16)} revision ${window.revision}: OEE ${percent(oee.oee)}`;
  if (incident) return incidentGist(incident);
  if (contract) return contractGist(contract);
  if (event) return event.end === null ? "began" : "ended";
  if (status) return `${status.online ? "online" : "offline"}, ${status.outbox.depth} waiting`;
  return "";
}

function stateGist({ condition, reason, cause }: NonNullable<Arrived["state"]>): string {
  const why = reason && reason !== "0" ? ` reason ${reason}` : "";
  return `${condition}${why}${cause ? ` (${cause})` : ""}`;
}

function draw(rig: Rig, seen: Map<string, Seen>, lines: string[], speed: number): void {
  const width = Math.max(60, (process.stdout.columns ?? 80) - 1);
  const head = paint("uptime-agent demo", "1");
  const rows = rig.plant.machines.map((machine, i) => {
    const { condition, since, cause, oee, availability, hour } = seen.get(machine.id) ?? {
      condition: "unknown",
      since: "",
      cause: null,
      oee: null,
      availability: null,
      hour: "",
    };
    const word = paint((condition + (cause ? ` (${cause})` : "")).padEnd(24), COLOR[condition]);
    return `  ${i + 1}  ${machine.id.padEnd(10)} ${word} ${since.slice(11, 19).padEnd(9)} ${percent(availability).padStart(8)} ${percent(oee).padStart(8)}  ${hour}`;
  });
  const screen = [
    `${head}   plant time ${at(rig.plant.now())} UTC, ${speed} times real time`,
    `keys: 1-${rows.length} break a machine, q quit`,
    "",
    "     machine    condition                since     avail.      OEE    hour",
    ...rows,
    "",
    "records at the broker:",
  ];
  // What does not fit would scroll the machines away.
  const room = Math.max(0, (process.stdout.rows ?? 30) - screen.length);
  screen.push(...lines.slice(lines.length - room).map((line) => `  ${line}`.slice(0, width)));
  process.stdout.write(`\u001b[H${screen.map((line) => `${line}\u001b[K`).join("\n")}\u001b[J`);
}

/** Resolves at q, Ctrl-C or a signal. */
function keys(rig: Rig, log: (line: string) => void): Promise<void> {
  return new Promise((resolve) => {
    process.stdin.setRawMode(true).resume().setEncoding("utf8");
    const end = (): void => {
      process.stdin.setRawMode(false).pause();
      resolve();
    };
    process.once("SIGTERM", end);
    process.stdin.on("data", (key: string) => {
      if (key === "q" || key === "\u0003") end();
      const machine = rig.plant.machines[Number(key) - 1];
      if (!machine) return;
      const now = rig.plant.now();
      rig.plant.strike({
        kind: "fault",
        at: now,
        to: now + BREAK_MS,
        machine: machine.id,
        reason: 99,
      });
      log(paint(`${at(now)} you broke ${machine.id} for 15 minutes`, "31"));
    });
  });
}
