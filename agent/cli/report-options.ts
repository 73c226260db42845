/** Options of `report` as data: flags and what they say in the help. */
import type { Options } from "./options.ts";

export const REPORT: Options = [
  ["--asset <list>", "machines, such as press-01,pack-01; default all"],
  ["--line <id>", "the machines of a line"],
  ["--contract <id>", "the machines of a contract"],
  ["--shift <id@date>", "such as early@2026-11-23, the date it starts on"],
  ["--day <date>", "a business day; default the last complete one"],
  ["--month <month>", "such as 2026-11"],
  ["--from <time>", "RFC 3339, inclusive; with --to"],
  ["--to <time>", "RFC 3339, exclusive"],
  ["--last <duration>", "up to the newest commit, such as 24h"],
  ["--explain", "every interval with its rule, registers and samples; with --json as NDJSON"],
  ["--as <file>", "what if: the same journal under another configuration, side by side"],
  ["--terms <word>", "also in the words of e10, iso22400 or vdi3423"],
  [
    "--bundle <file>",
    "from an evidence bundle, with its own configuration, instead of the store; verify it first",
  ],
  ["--csv", "one row a machine, integers and ratios"],
  ["--html <file>", "a printable page that needs nothing else; - for stdout"],
];

export const REPORT_EXAMPLES = [
  "uptime-agent report -c plant.yaml",
  "uptime-agent report --shift early@2026-11-23 --asset press-01",
  "uptime-agent report --shift early@2026-11-23 --explain",
  "uptime-agent report --month 2026-11 --as stricter.yaml",
  "uptime-agent report --month 2026-11 --contract acme-2026 --html november.html",
  "uptime-agent report --bundle november.evidence --month 2026-11",
];
