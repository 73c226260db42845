/** The verbs at the two ends of a commissioning, and for help with it. Each is loaded when it is called. */
import type { AcceptOptions } from "./accept.ts";
import { runs, verb } from "./program.ts";

export function setupVerbs(): void {
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
}
