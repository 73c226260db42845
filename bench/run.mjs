/**
 * `npm run bench [-- --quick] [-- --only cpu,startup]`: every bench beside its anchors in one run, on this machine.
 * The full run takes about a quarter of an hour and writes docs/performance.md; `--quick` (some 4 minutes, with less warm-up) and
 * `--only` print the same tables and write nothing. Loopback only.
 */
import { writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findAnchors } from "./anchors.mjs";
import { cpu } from "./cases/cpu.mjs";
import { crowd } from "./cases/crowd.mjs";
import { disk } from "./cases/disk.mjs";
import { drain } from "./cases/drain.mjs";
import { startup } from "./cases/startup.mjs";
import { freePort, startBroker, startServer } from "./peers.mjs";
import { report } from "./report.mjs";

const { values } = parseArgs({ options: { quick: { type: "boolean" }, only: { type: "string" } } });
const quick = values.quick === true;
const pick = (full, short) => (quick ? short : full);

const CASES = {
  fast: (...ground) =>
    cpu(...ground, {
      pollMs: 100,
      ...pick(
        { rounds: 3, warmMs: 20_000, windowMs: 8_000 },
        { rounds: 1, warmMs: 8_000, windowMs: 5_000 },
      ),
    }),
  slow: (...ground) =>
    cpu(...ground, {
      pollMs: 1_000,
      ...pick(
        { rounds: 3, warmMs: 20_000, windowMs: 10_000 },
        { rounds: 1, warmMs: 8_000, windowMs: 6_000 },
      ),
    }),
  crowd: (...ground) =>
    crowd(
      ...ground,
      pick(
        { windowMs: 60_000, slowMs: 30_000, peerMs: 15_000 },
        { windowMs: 10_000, slowMs: 10_000, peerMs: 6_000 },
      ),
    ),
  startup: (...ground) => startup(...ground, { rounds: pick(5, 2) }),
  drain: (...ground) =>
    drain(...ground, pick({ count: 100_000, rounds: 2 }, { count: 20_000, rounds: 1 })),
  disk: (...ground) => disk(...ground, { seconds: pick(21_600, 7_200) }),
};

const chosen = values.only ? values.only.split(",") : Object.keys(CASES);
const unknown = chosen.filter((name) => !(name in CASES));
if (unknown.length > 0) {
  console.error(`bench: no case ${unknown.join(", ")}; there are ${Object.keys(CASES).join(", ")}`);
  process.exit(64);
}

const say = (line) => console.error(`bench: ${line}`);
const began = Date.now();
const load = [loadavg()[0]];
const anchors = findAnchors();
for (const line of anchors.missing) say(`SKIPPED ${line}`);
const server = await startServer();
const broker = anchors.mosquitto ? await startBroker(await freePort()) : null;
const world = { server, broker, ui: await freePort(), say };
const results = {};
try {
  for (const name of chosen) results[name] = await CASES[name](anchors, world);
} finally {
  server.close();
  await broker?.close();
}
load.push(loadavg()[0]);
const text = report(results, {
  anchors,
  began,
  minutes: (Date.now() - began) / 60_000,
  load,
  quick,
});
if (quick || values.only) console.log(text);
else {
  writeFileSync(join(import.meta.dirname, "../docs/performance.md"), text);
  say("docs/performance.md written");
}
