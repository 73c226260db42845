/** The verbs of a gateway that runs: acts and incidents, what waits for delivery, the broker. Each is loaded when it is called. */
import type { ActOptions } from "./act.ts";
import { ACT_VERBS, wordsText } from "./act-verbs.ts";
import type { MqttOptions } from "./mqtt.ts";
import type { OutboxOptions } from "./outbox.ts";
import { group, program, runs, verb, withOptions } from "./program.ts";

export function actVerbs(): void {
  const incidents = verb(
    "list",
    "incidents, the newest first: state, clocks, reason",
    ["uptime-agent incident list --open", "uptime-agent incident list --asset press-01 --json"],
    group("incident"),
  )
    .option("--asset <id>", "of this machine only")
    .option("--open", "open ones only");
  runs<ActOptions>(incidents, async (options) =>
    (await import("./incident.ts")).listIncidents(options),
  );
  const signals = verb(
    "list",
    "signals that are raised, the newest first, and what is watched",
    ["uptime-agent signals list --asset press-01", "uptime-agent signals list --json"],
    group("signals"),
  ).option("--asset <id>", "of this machine only");
  runs<ActOptions>(signals, async (options) =>
    (await import("./signal-list.ts")).listSignals(options),
  );
  for (const row of ACT_VERBS) {
    const parent = row.group === null ? program : group(row.group);
    const command = withOptions(verb(row.name, row.text, row.examples, parent), row.options)
      // Counted where they are understood: the first may be left out, which commander cannot say.
      .argument("[words...]", wordsText(row))
      .usage(`${wordsText(row)} [options]`);
    runs<ActOptions>(command, async (options) =>
      (await import("./act.ts")).actCommand(row, command.args, options),
    );
  }
}

export function deliveryVerbs(): void {
  const outbox = group("outbox");
  const stats = verb(
    "stats",
    "how much waits, since when, what was set aside",
    ["uptime-agent outbox stats --json"],
    outbox,
  );
  runs<OutboxOptions>(stats, async (options) => (await import("./outbox.ts")).outboxStats(options));
  const waiting = verb(
    "list",
    "records that wait or were set aside, the oldest first",
    ["uptime-agent outbox list --parked"],
    outbox,
  )
    .option("--limit <n>", "at most so many; default 20")
    .option("--parked", "only those that the broker does not take");
  runs<OutboxOptions>(waiting, async (options) =>
    (await import("./outbox.ts")).listOutbox(options),
  );
  const carried = verb(
    "export",
    "all of them as NDJSON; they stay in the outbox",
    ["uptime-agent outbox export --out records.ndjson"],
    outbox,
  ).option("--out <file>", "write there instead of stdout");
  runs<OutboxOptions>(carried, async (options) =>
    (await import("./outbox.ts")).exportOutbox(options),
  );
  const broker = group("mqtt");
  const look = verb(
    "test",
    "what the broker lets this gateway do; a client of its own, one test message",
    ["uptime-agent mqtt test -c plant.yaml"],
    broker,
  );
  runs<MqttOptions>(look, async (options) => (await import("./mqtt.ts")).testBroker(options));
  const tail = verb(
    "tail",
    "everything below this site as it arrives",
    ["uptime-agent mqtt tail", "uptime-agent mqtt tail --json --timeout 1min"],
    broker,
  );
  runs<MqttOptions>(tail, async (options) => (await import("./mqtt.ts")).tailBroker(options));
}
