/** The verbs at the two ends of a commissioning, and for help with it. Each is loaded when it is called. */
import type { AcceptOptions } from "./accept.ts";
import type { BundleOptions } from "./bundle.ts";
import type { InitOptions } from "./init.ts";
import type { Options } from "./options.ts";
import { runs, verb, withOptions } from "./program.ts";

const INIT: Options = [
  ["--asset <id>", "id of the machine; default press-01"],
  ["--name <text>", "its name"],
  ["--template <name>", "its model, as `uptime-agent template list` names it"],
  ["--host <host>", "where it is: a Modbus TCP host"],
  ["--port <port>", "its TCP port; default 502"],
  ["--device <path>", "or a serial port, best by /dev/serial/by-id/…"],
  ["--baud <rate>", "of the serial port; default 19200"],
  ["--parity <word>", "none, even (default) or odd"],
  ["--chip <label>", "or a GPIO chip such as pinctrl-rp1"],
  ["--unit <id>", "its unit id; default 1"],
  ["--area <id>", "area of the plant"],
  ["--line <id>", "its line"],
  ["--enterprise <id>", "company"],
  ["--site <id>", "site"],
  ["--gateway <id>", "id of this gateway; default: its host name"],
  ["--timezone <zone>", "such as Europe/Berlin; default: that of this computer"],
  ["--broker <url>", "such as mqtt://10.0.0.2:1883"],
  ["--out <file>", "the file to write; default plant.yaml"],
  ["--force", "replace a file that is there"],
];

export function setupVerbs(): void {
  const init = verb("init", "a commented first configuration; asks at a terminal", [
    "uptime-agent init",
    "uptime-agent init --asset press-01 --template packml --host 10.0.0.9 --out plant.yaml",
  ]);
  runs<InitOptions>(withOptions(init, INIT), async (options) =>
    (await import("./init.ts")).initCommand(options),
  );
  const accept = verb(
    "accept",
    "guided acceptance at one machine: stop it, run it, make parts, pull the cable; a signed record",
    [
      'uptime-agent accept --asset press-01 --by "E. Ruiz" --customer "M. Vogt, ACME"',
      "uptime-agent accept --asset press-01 --steps stop,run,count,cable,fault --pieces 20",
      "uptime-agent accept --show",
    ],
  )
    .option("--asset <id>", "the machine; needed where there are several")
    .option("--by <name>", "who does it; default: the user")
    .option("--customer <name>", "who watches it for the customer")
    .option(
      "--steps <list>",
      "of stop, run, count, cable, rules, or a condition such as fault; default stop,run,count,cable",
    )
    .option("--pieces <n>", "pieces to make; default 10")
    .option("--out <file>", "a copy of the record")
    .option("--yes-from <file>", "answers, one a line, instead of a terminal; - for stdin")
    .option("--show", "the records there are");
  runs<AcceptOptions>(accept, async (options) =>
    (await import("./accept.ts")).acceptCommand(options),
  );
  const bundle = verb(
    "bundle",
    "one file for support: versions, check, status, sizes, last records",
    [
      "uptime-agent bundle -c plant.yaml",
      "uptime-agent bundle --raw --log /var/log/uptime-agent.log --out help.tar.gz",
    ],
  )
    .option("--out <file>", "the archive; default: a new name in this folder")
    .option("--log <file>", "its tail instead of the journal of systemd")
    .option("--raw", "what the machines said, too: up to 64 MiB of raw segments");
  runs<BundleOptions>(bundle, async (options) =>
    (await import("./bundle.ts")).bundleCommand(options),
  );
}
