/**
 * `watch`: the machines live. Shows what a running agent sees; without one it polls by itself, stores nothing and
 * sends nothing. Until SIGINT, SIGTERM or `--timeout`.
 */
import { systemClock } from "../clock.ts";
import { openLookout } from "../commission/lookout.ts";
import type { Picture } from "../commission/picture.ts";
import { duration } from "../commission/target.ts";
import { changesOf, tableOf } from "../commission/watch-text.ts";
import { askAgent, askStatus } from "../control.ts";
import { Fault } from "../core/fault.ts";
import { loadPlant } from "../plant.ts";
import { storePaths } from "../storage.ts";
import { EXIT, type GlobalOptions, print, say } from "./output.ts";

const REDRAW_MS = 400;
const AGENT_MS = 5000;
const CLEAR = "\x1b[H\x1b[J";

type View = () => Promise<Picture> | Picture;

/** 0 after a signal or `--timeout`. Throws `AGENT_HOLDS_BUS` when the agent that was watched is gone. */
export async function watchCommand(options: GlobalOptions & { config: string }): Promise<number> {
  const plant = loadPlant(options.config);
  const { socket } = storePaths(plant);
  const isRunning = (await askStatus(socket, AGENT_MS)) !== null;
  const ending = endingOf(options.timeout);
  if (isRunning) {
    if (!options.quiet) say("watching through the running agent");
    await loop(() => askPicture(socket), options, ending);
    return EXIT.done;
  }
  if (!options.quiet)
    say("no agent runs: polling without one; nothing is stored and nothing is sent");
  const lookout = openLookout(plant, systemClock);
  try {
    await Promise.race([loop(lookout.picture, options, ending), lookout.done]);
  } finally {
    await lookout.close();
  }
  return EXIT.done;
}

async function askPicture(socket: string): Promise<Picture> {
  const answer = await askAgent(socket, { ask: "picture" }, AGENT_MS);
  if (answer === null)
    throw new Fault("AGENT_HOLDS_BUS", "the agent that was watched does not answer any more");
  return answer as Picture;
}

async function loop(view: View, { json }: GlobalOptions, ending: AbortSignal): Promise<void> {
  const { stdout } = process;
  let before: Picture | null = null;
  while (!ending.aborted) {
    const picture = await view();
    if (json) print(JSON.stringify(picture));
    else if (stdout.isTTY) stdout.write(`${CLEAR}${tableOf(picture, stdout.columns).join("\n")}\n`);
    else for (const line of changesOf(before, picture)) print(line);
    before = picture;
    await systemClock.sleep(systemClock.mono() + REDRAW_MS, ending);
  }
}

function endingOf(timeout: string | undefined): AbortSignal {
  const ending = new AbortController();
  const end = (): void => ending.abort();
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
  if (timeout !== undefined)
    void systemClock
      .sleep(systemClock.mono() + duration("--timeout", timeout), ending.signal)
      .then(end);
  return ending.signal;
}
