/** Bytes to flash per day, split by the raw log, and the replay of what was recorded: speed, and equality with live. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { cpuSeconds, run } from "../children.mjs";
import { AGENT_NODE, agentMain, folderOf } from "../peers.mjs";
import { writePlant } from "../plant.mjs";

const WORK = { units: 20, registers: 30, pollMs: 1_000 };
const MONTH_S = 30 * 86_400;
/** Not part of the promise that live and replay are identical. */
const APART = ["seq", "replayed", "prev", "hash", "signature"];

async function day(folder, seconds) {
  const script = join(import.meta.dirname, "../day.mjs");
  const args = [
    ...AGENT_NODE,
    script,
    writePlant(folder, WORK),
    String(seconds),
    join(folder, "live.ndjson"),
  ];
  return JSON.parse(await run("client", process.execPath, args, { timeout: 400_000 }));
}

const bodies = (file) =>
  readFileSync(file, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const { topic, payload } = JSON.parse(line);
      for (const key of APART) delete payload[key];
      return `${topic} ${JSON.stringify(payload)}`;
    });

/** How many of the live records the replay did not give, in the same order. */
function differences(live, replayed) {
  const rest = replayed.slice(0, live.length);
  return live.filter((body, i) => body !== rest[i]).length;
}

async function replayOf(folder, seconds) {
  const out = join(folder, "replay.ndjson");
  const args = [agentMain, "replay", "--raw", join(folder, "data/raw"), "--out", out];
  let cpuMs = 0;
  const watch = (pid) => {
    cpuMs = Math.max(cpuMs, cpuSeconds(pid) * 1_000 || 0);
  };
  const began = performance.now();
  await run("client", process.execPath, args, { watch });
  const ms = performance.now() - began;
  const live = bodies(join(folder, "live.ndjson"));
  const replayed = bodies(out);
  return {
    ms,
    cpuMs,
    monthS: ((ms / 1_000) * MONTH_S) / seconds,
    live: live.length,
    replayed: replayed.length,
    differences: differences(live, replayed),
  };
}

/** The same day with the raw log in memory: what remains is the database, the heartbeat and the lease. */
async function withoutRaw(seconds) {
  if (!existsSync("/dev/shm")) return null;
  const folder = folderOf("day-db");
  const memory = mkdtempSync("/dev/shm/uptime-bench-");
  try {
    mkdirSync(join(folder, "data"), { recursive: true });
    symlinkSync(memory, join(folder, "data/raw"));
    return await day(folder, seconds);
  } finally {
    rmSync(memory, { recursive: true, force: true });
  }
}

export async function disk(_anchors, world, { seconds }) {
  const folder = folderOf("day");
  const all = await day(folder, seconds);
  const database = await withoutRaw(seconds);
  const mb = (bytes) => bytes / 1e6;
  const total = mb(all.bytesPerDay);
  const dbMb = database ? mb(database.bytesPerDay) : null;
  world.say(
    `to disk: ${total.toFixed(0)} MB a day, database ${dbMb?.toFixed(0)}, ${all.commits} commits in ${seconds} s of plant`,
  );
  const replayed = await replayOf(folder, seconds);
  world.say(
    `replay: a month in ${replayed.monthS.toFixed(0)} s, ${replayed.differences} of ${replayed.live} records differ`,
  );
  return {
    seconds,
    totalMb: total,
    databaseMb: dbMb,
    rawMb: dbMb === null ? null : total - dbMb,
    rawGrowthMb: mb(all.sizes.raw) * (86_400 / seconds),
    speed: (seconds * 1_000) / all.wallMs,
    replay: replayed,
  };
}
