/** The results as docs/performance.md: goals first, then what stands behind each. Measures nothing. */
import { cpus, release, totalmem } from "node:os";
import { NAMES } from "./cases/cpu.mjs";
import { isPinned } from "./children.mjs";
import { goals } from "./goals.mjs";
import { fix, percent, table } from "./table.mjs";

function cpuTable(title, found) {
  const rows = Object.entries(found).map(([name, one]) => [
    NAMES[name],
    fix(one.per1000, 3),
    one.rounds.map((value) => fix(value, 3)).join(" "),
    `${fix(one.percent)} %`,
    percent(one.delivered),
    `${fix(one.rss, 0)} MB`,
  ]);
  return `### ${title}\n\n${table(["peer", "CPU s per 1,000 polls", "rounds", "of a core", "delivered", "RSS"], rows)}`;
}

function crowdTable({ normal, slow, c, nodeRed }) {
  const row = (name, { timing, poller, loop, ...one }) => [
    name,
    percent(timing.delivered, 3),
    `${fix(timing.p50)} / ${fix(timing.p99)} / ${fix(timing.max)}`,
    fix(timing.driftMs, 2),
    percent(one.waited, 1),
    fix(one.per1000, 3),
    `${fix(one.rss, 0)} MB`,
    loop ? `${fix(loop.p99)} / ${fix(loop.max)}` : "–",
    poller
      ? `${poller.p50Ms} / ${poller.p99Ms} / ${fix(poller.maxMs)}, ${poller.missed} missed`
      : "–",
  ];
  const named = [
    [NAMES["c-quiet"], c],
    ["uptime-agent", normal],
    ["uptime-agent, every fsync and fdatasync 300 ms slower", slow],
    [NAMES.nodeRed, nodeRed],
  ];
  const rows = named.filter(([, one]) => one).map(([name, one]) => row(name, one));
  const head = [
    "peer",
    "delivered",
    "late p50 / p99 / max ms, at the server",
    "drift ms",
    "waited for the core",
    "CPU s per 1,000",
    "RSS",
    "loop delay p99 / max ms",
    "own account from the start: late p50 / p99 / max ms",
  ];
  const silence = slow?.silence
    ? `\n\nWith slow fsync the broker received ${slow.silence.records} state records; ${slow.silence.silent} of them called a machine silent.`
    : "";
  return `### 100 units × 20 registers × 10 Hz\n\n${table(head, rows)}${silence}\n\nLateness at the server is taken after start-up, from each unit's own grid, and includes the server's own; C asks one unit after the other, so its figure holds no queue. *Waited for the core* is how long the main thread could have run while other processes of this machine did: what a busy machine adds to lateness. The agent's own account (a histogram, upper bounds of buckets) holds its start, with connecting and loading the MQTT client.`;
}

function startupTable({ coldMs, agent, bare, nodeRed }) {
  const row = (name, one) => [
    name,
    fix(one.ms, 0),
    fix(one.cpuMs, 0),
    one.rounds.map((ms) => fix(ms, 0)).join(" "),
  ];
  const rows = [
    row("bare node, one hand-written request", bare),
    row("uptime-agent, 20 units, on its store", agent),
  ];
  if (nodeRed) rows.push(row("Node-RED + contrib-modbus, 20 units", nodeRed));
  return `### Start-up: from spawn to the first request at the server\n\n${table(["peer", "ms (median)", "CPU ms", "rounds, ms"], rows)}\n\nThe very first start, which creates the store, took ${fix(coldMs, 0)} ms.`;
}

function drainTable(drain) {
  const rows = drain.runs.map((one) => [
    fix(one.rate, 0),
    fix(one.alone, 0),
    fix(one.ratio),
    `${fix(one.idle.p99)} → ${fix(one.during.p99)}`,
    `${fix(one.idle.max)} → ${fix(one.during.max)}`,
    `+${fix(one.rssGrowth, 0)} MB`,
    fix(one.bytesPerMessage, 0),
  ]);
  const head = [
    "agent, records/s",
    "mqtt.js alone, messages/s",
    "ratio",
    "late p99 idle → draining ms",
    "late max ms",
    "RSS",
    "bytes written per record",
  ];
  return `### Backlog: ${drain.count.toLocaleString("en")} records of 500 B, QoS 1, window 100, while polling 20 × 10 Hz\n\n${table(head, rows)}\n\nLateness is taken at the server, on whose core the broker works too. The agent reads each record from SQLite and writes its acknowledgment there, synchronous=FULL.`;
}

function diskTable(disk) {
  const rows = [
    ["all writes", fix(disk.totalMb, 0), fix(disk.totalMb / 20)],
    [
      "database, heartbeat, lease (raw log in memory)",
      fix(disk.databaseMb, 0),
      fix(disk.databaseMb === null ? null : disk.databaseMb / 20),
    ],
    [
      "raw log (the difference)",
      fix(disk.rawMb, 0),
      fix(disk.rawMb === null ? null : disk.rawMb / 20),
    ],
    ["size of the raw log", fix(disk.rawGrowthMb, 0), fix(disk.rawGrowthMb / 20)],
  ];
  const { replay } = disk;
  return `### To flash: 20 machines × 30 registers × 1 Hz\n\n${table(["", "MB a day", "MB per machine-day"], rows)}\n\nFrom ${disk.seconds / 3_600} h of plant at ${fix(disk.speed, 0)} × real time through the real pipeline, store and heartbeat (\`/proc/self/io\`, write_bytes: page granular, without the file system's own metadata), scaled to a day; every record acknowledged at once; a machine changes state every 45 s on average and all its 23 channels move at every poll.

### Replay: \`replay --raw\` of the same ${disk.seconds / 3_600} h

${fix(replay.ms / 1_000)} s, of which ${fix(replay.cpuMs / 1_000)} s on the CPU, ${fix((disk.seconds * 1_000) / replay.ms, 0)} × real time; a month would take ${fix(replay.monthS / 60)} min (${fix((replay.monthS / 60) * (replay.cpuMs / replay.ms))} min of CPU). ${replay.live} live records, ${replay.differences} differ from the replayed ones in their body.`;
}

export function report(results, { anchors, began, minutes, load, quick }) {
  const [cpu] = cpus();
  const skipped =
    anchors.missing.length === 0 ? "" : `\n\n**Skipped:** ${anchors.missing.join("; ")}.`;
  const parts = [
    "# Performance\n\nGenerated by `npm run bench`; do not edit. The goals are ratios between processes of one run on one machine, and carry over to another one far better than the absolute figures do.",
    table(
      ["", ""],
      [
        ["date", new Date(began).toISOString().slice(0, 16).replace("T", " ")],
        [
          "machine",
          `${cpus().length} × ${cpu.model.trim()}, ${fix(totalmem() / 2 ** 30, 0)} GB, Linux ${release()}`,
        ],
        ["Node.js", process.versions.node],
        [
          "run",
          `${quick ? "quick, " : ""}${fix(minutes)} min; load average ${load.map((value) => fix(value)).join(" at the start, ")} at the end`,
        ],
      ],
    ) + skipped,
    `## Goals\n\n${goals(results)}`,
    "## How it was measured\n\nServer and broker (mosquitto) on one core, the measured process on the other" +
      (isPinned ? "" : " (**not on this machine: no taskset or one core**)") +
      "; start-up alone is on any core; peers run one at a time, in turn, several rounds, medians. CPU is user and system time of all threads of the process, warm-up excluded. The peers in C and Node-RED publish each poll as a JSON array and keep nothing; the agent decodes, accounts, keeps everything in SQLite with synchronous=FULL and publishes outcomes. That is how each is used, and not the same work: the row without messages shows what polling alone costs in C. All poll over one TCP connection per unit, all units in one slot." +
      "\n\nNoise: CPU figures of virtual machines vary by about 30 % between rounds and rates to disk and broker by a factor of 2 to 3; the rounds are listed so that it can be seen. Short windows see no daily growth: memory is that of the first minute, and V8 is warm after some 20 s only (the quick run waits less). Lateness is that of the machine as well: where C is late too, others had the core. None of this was measured on a Raspberry Pi.",
    "## Results",
  ];
  if (results.fast) parts.push(cpuTable("20 units × 20 registers × 10 Hz", results.fast));
  if (results.slow) parts.push(cpuTable("20 units × 20 registers × 1 Hz", results.slow));
  if (results.crowd) parts.push(crowdTable(results.crowd));
  if (results.startup) parts.push(startupTable(results.startup));
  if (results.drain) parts.push(drainTable(results.drain));
  if (results.disk) parts.push(diskTable(results.disk));
  return `${parts.join("\n\n")}\n`;
}
