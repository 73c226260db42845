/**
 * Part of a plant day at full speed: the real pipeline, store, heartbeat and outbox under a clock that is set, every
 * record acknowledged at once. Prints bytes written, from /proc/self/io, and leaves the store and its records behind.
 *   node bench/day.mjs PLANT SECONDS RECORDS_FILE
 */
import { writeFileSync } from "node:fs";
import { openPipeline } from "../dist/agent/pipeline.js";
import { loadPlant } from "../dist/agent/plant.js";
import { openPlantStore, storePaths } from "../dist/agent/storage.js";
import { openHeartbeat } from "../dist/agent/store/heartbeat.js";
import { writtenBytes } from "./children.mjs";
import { FIRST_CHANNEL, machine } from "./machine.mjs";

const BEGIN = Date.UTC(2026, 2, 2, 5);
const SLOTS = [0, 250, 500, 750];
/** Growth at the beginning (tables, the first segment) is not part of a day. */
const WARM_S = 300;
const [file, seconds, out] = process.argv.slice(2);

const plant = loadPlant(file);
const registers = FIRST_CHANNEL + plant.sources[0].points.length - 5;
const { store, recovered } = await openPlantStore(plant, BEGIN);
const heartbeat = await openHeartbeat(storePaths(plant).heartbeat);
let committed = Promise.resolve();
let ahead = Promise.resolve();
const lines = [];
const pipeline = openPipeline(plant, recovered, {
  store: {
    append: (input) => store.append(input),
    writeAhead: () => {
      ahead = store.writeAhead();
      return ahead;
    },
    commit: (commit) => {
      for (const { topic, payload } of commit.records)
        lines.push(`{"topic":${JSON.stringify(topic)},"payload":${payload}}\n`);
      committed = store.commit(commit);
      return committed;
    },
  },
  kept: (utc) => heartbeat.beat({ boot: "bench", mono: utc - BEGIN, utc, clean: false }),
  committed: () => {},
  trouble: (fault) => {
    throw fault;
  },
});

const machines = plant.model.assets.map(({ id }, i) => ({
  id,
  registers: machine(i + 1, registers),
}));
const long = (words, at) => words[at] * 65_536 + words[at + 1];
function cycle(id, words, at) {
  const values = {
    status: words[0],
    reason: words[1],
    total: long(words, 2),
    good: long(words, 4),
    recipe: words[6],
  };
  for (let i = FIRST_CHANNEL; i < registers; i++) values[`c${i}`] = words[i] / 10;
  return { kind: "cycle", at, asset: id, source: "main", values, bad: {}, failure: null };
}

async function second(begin) {
  for (const ms of SLOTS) {
    const now = begin + ms;
    if (ms === 0)
      machines.forEach(({ id, registers: source }, i) => {
        pipeline.offer(cycle(id, source.read(now), now + Math.floor(i / 4)));
      });
    pipeline.tick(now);
    await committed;
    await ahead;
  }
  const waiting = await store.take(0, 500);
  if (waiting.length > 0) await store.settle(waiting.map(({ seq }) => seq));
}

pipeline.configure(BEGIN);
pipeline.enter({ kind: "clock", at: BEGIN, quality: "synced", stepMs: 0 });
let from = 0;
const began = performance.now();
for (let s = 1; s <= Number(seconds); s++) {
  await second(BEGIN + s * 1_000);
  if (s === WARM_S) from = writtenBytes("self");
}
const written = writtenBytes("self") - from;
const wallMs = performance.now() - began;
const { commits } = pipeline.statistics();
const { user, system } = process.cpuUsage();
const end = BEGIN + Number(seconds) * 1_000 + 1_000;
pipeline.enter({ kind: "agent-stopped", at: end });
await pipeline.drain(end);
await heartbeat.close({ boot: "bench", mono: end - BEGIN, utc: end, clean: true });
const sizes = await store.sizes();
await store.close();
writeFileSync(out, lines.join(""));
const scale = 86_400 / (Number(seconds) - WARM_S);
console.log(
  JSON.stringify({
    bytesPerDay: written * scale,
    commits,
    wallMs,
    cpuMs: (user + system) / 1_000,
    sizes,
    end,
  }),
);
