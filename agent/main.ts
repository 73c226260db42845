#!/usr/bin/env node
/**
 * The command line: verbs, options and exit codes (DESIGN 5.2). Each verb is loaded when it is called, so that
 * `--help` and `check` stay quick. Does no work of its own.
 */
import { evidenceVerbs } from "./cli/evidence-verbs.ts";
import type { IdentifyOptions } from "./cli/identify.ts";
import { IDENTIFY, READ, SCAN } from "./cli/options.ts";
import { group, parse, program, runs, verb, withOptions } from "./cli/program.ts";
import type { ReadOptions } from "./cli/read.ts";
import type { ReportOptions } from "./cli/report-asked.ts";
import { REPORT, REPORT_EXAMPLES } from "./cli/report-options.ts";
import { setupVerbs } from "./cli/setup-verbs.ts";
import type { SignalOptions } from "./cli/signals.ts";
import { TABLE } from "./cli/signals-options.ts";
import { actVerbs, deliveryVerbs } from "./cli/site-verbs.ts";
import type { ScanOptions } from "./commission/scan.ts";

runs(
  verb("check", "check a configuration; prints every error at once", [
    "uptime-agent check -c plant.yaml",
    "uptime-agent check -c plant.yaml --json",
  ]),
  async (options) => (await import("./cli/check.ts")).checkCommand(options.config, options),
);
runs(
  verb("run", "run the agent until SIGTERM or SIGINT", [
    "uptime-agent run -c /etc/uptime-agent/plant.yaml",
  ]),
  async (options) => (await import("./cli/run.ts")).runCommand(options),
);
runs(
  verb("test", "poll every source once and print what would be sent; sends nothing", [
    "uptime-agent test -c plant.yaml",
  ]),
  async (options) => (await import("./cli/test.ts")).testCommand(options),
);
runs(
  verb(
    "doctor",
    "plans, bus time, sizes, clock, broker: what is wrong or will be; touches no machine",
    ["uptime-agent doctor -c plant.yaml"],
  ),
  async (options) => (await import("./cli/doctor.ts")).doctorCommand(options),
);
runs(
  verb("status", "how the agent of this configuration does: clock, connections, outbox, windows", [
    "uptime-agent status -c plant.yaml --json",
  ]),
  async (options) => (await import("./cli/status.ts")).statusCommand(options),
);
runs<{ input?: string; raw?: string; journal?: string; until?: string; out?: string }>(
  verb("replay", "run the accounting over recorded input and print every record", [
    "uptime-agent replay -c plant.yaml --input samples.ndjson --until 2026-11-23T15:00:00Z",
    "uptime-agent replay --raw data/raw --out records.ndjson",
    "uptime-agent replay --journal data/agent.db",
  ])
    .option("--input <file>", "recorded input, NDJSON; - for stdin")
    .option("--raw <dir>", "raw segments of a store")
    .option("--journal <file>", "the intervals of a store: final windows only")
    .option("--until <time>", "advance to this instant, inclusive; default: the last line")
    .option("--out <file>", "write the records here instead of stdout"),
  async (options) => (await import("./cli/replay.ts")).replayCommand(options),
);

evidenceVerbs();
runs<ReportOptions>(
  withOptions(verb("report", "outcomes over a span, from the journal", REPORT_EXAMPLES), REPORT),
  async (options) => (await import("./cli/report.ts")).reportCommand(options),
);
runs<ReadOptions>(
  withOptions(
    verb("read", "registers of one unit, raw and as everything they may mean", [
      "uptime-agent read --host 10.0.0.9 --unit 1 --reference 40001 --count 4",
      "uptime-agent read -c plant.yaml --connection bus --unit 7 --table input --address 52 --type float32",
      "uptime-agent read --device /dev/serial/by-id/usb-FTDI-A1 --baud 9600 --unit 3 --address 0 --trace",
    ]),
    READ,
  ),
  async (options) => (await import("./cli/read.ts")).readCommand(options),
);
runs<ScanOptions>(
  withOptions(
    verb("scan", "serial ports and GPIO chips, or the units of a bus; never a network sweep", [
      "uptime-agent scan",
      "uptime-agent scan --device /dev/serial/by-id/usb-FTDI-A1 --units 1-247 --baud 9600,19200 --parity even,none",
      "uptime-agent scan --host 10.0.0.9,10.0.0.12 --units 1-10",
    ]),
    SCAN,
  ),
  async (options) => (await import("./cli/scan.ts")).scanCommand(options),
);
runs(
  verb("watch", "the machines live: values, quality, age, condition", [
    "uptime-agent watch -c plant.yaml",
    "uptime-agent watch -c plant.yaml --json --timeout 10s",
  ]),
  async (options) => (await import("./cli/watch.ts")).watchCommand(options),
);
runs<IdentifyOptions>(
  withOptions(
    verb("identify", "who a device is: its own words, and the templates it fits", [
      "uptime-agent identify --host 10.0.0.9 --unit 1",
      "uptime-agent identify -c plant.yaml --connection plc --unit 1 --save",
    ]),
    IDENTIFY,
  ),
  async (options) => (await import("./cli/identify.ts")).identifyCommand(options),
);

setupVerbs();

const templates = program
  .command("template")
  .description("machine models: those that ship, and `templates/` beside the configuration");
runs(
  verb("list", "all templates with grade and products", ["uptime-agent template list"], templates),
  async (options) => (await import("./cli/template.ts")).listTemplates(options),
);
const show = verb(
  "show <name>",
  "the file of a template, with its sources and caveats",
  ["uptime-agent template show eastron-sdm630"],
  templates,
);
runs(show, async (options) =>
  (await import("./cli/template.ts")).showTemplate(show.args[0] ?? "", options),
);
const lint = verb(
  "lint [files-or-names...]",
  "check templates: schema, plan, fixtures, rules, sources",
  ["uptime-agent template lint templates/our-press.yaml", "uptime-agent template lint"],
  templates,
);
runs(lint, async (options) =>
  (await import("./cli/template.ts")).lintTemplates(lint.args, options),
);
const trial = verb(
  "test <name>",
  "a template against its fixtures, or with --host against a device",
  [
    "uptime-agent template test eastron-sdm630",
    "uptime-agent template test siemens-pac2200 --host 10.0.0.9 --unit 1",
  ],
  templates,
)
  .option("--host <host>", "a Modbus TCP device or gateway")
  .option("--port <port>", "its TCP port; default 502")
  .option("--unit <id>", "its unit id; default 1");
runs<{ host?: string; port?: string; unit?: string }>(trial, async (options) =>
  (await import("./cli/template-test.ts")).testTemplate(trial.args[0] ?? "", options),
);

for (const [name, description] of [
  ["simulate", "serve simulated machines over Modbus TCP, with their exact truth"],
  ["demo", "a simulated plant, a broker and an agent, live"],
] as const)
  program
    .command(name)
    .description(description)
    .allowUnknownOption()
    .helpOption(false)
    .argument("[options...]", `see \`uptime-agent ${name} --help\``)
    .action(async (args: string[]) => {
      process.exitCode = await (await import("./cli/simulate.ts")).spawnSimulator(name, args);
    });

actVerbs();

const signals = group("signals");
const examined = "uptime-agent signals";
runs<SignalOptions>(
  withOptions(
    verb(
      "replay",
      "run the detectors over a CSV and print what they would have told",
      [
        `${examined} replay --data october.csv --exclude operator,lot`,
        `${examined} replay --data press.csv --separator ';' --time datetime --state mode --train 5000 --json`,
        `${examined} replay --data labelled.csv --labels anomaly --exclude changepoint --rows`,
      ],
      signals,
    ),
    [...TABLE, ["--rows", "one line per row after the training rows, NDJSON"]],
  ),
  async (options) => (await import("./cli/signals.ts")).replaySignals(options),
);
runs<SignalOptions>(
  withOptions(
    verb(
      "plot",
      "a picture of channels, baseline, statistic and events: one HTML file",
      [`${examined} plot --data october.csv --out october.html`],
      signals,
    ),
    [...TABLE, ["--out <file>", "the page to write"]],
  ),
  async (options) => (await import("./cli/signals.ts")).plotSignals(options),
);

deliveryVerbs();

const schemas = program
  .command("schema")
  .description("print a JSON Schema, or the names of all")
  .argument("[name]", "such as plant or window");
schemas.action(async (name: string | undefined) => {
  process.exitCode = (await import("./cli/schema.ts")).schemaCommand(name);
});

await parse();
