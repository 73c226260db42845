/**
 * The skeleton of the command line: what every verb has, how one runs, what a wrong option ends with. Knows no verb.
 * The only file that knows commander.
 */
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { GROUPS } from "./act-verbs.ts";
import type { Options } from "./options.ts";
import { EXIT, explain, type GlobalOptions } from "./output.ts";

const { version } = JSON.parse(
  readFileSync(new URL("../../../package.json", import.meta.url), "utf8"),
) as { version: string };

export type Run<O> = (options: O & GlobalOptions & { config: string }) => Promise<number> | number;

export const program = new Command("uptime-agent")
  .description(
    "Uptime you can invoice: polls machines, accounts for every millisecond, forwards outcome records.",
  )
  .version(version)
  .exitOverride()
  .configureHelp({ showGlobalOptions: true })
  .showHelpAfterError("next: `uptime-agent --help` or `uptime-agent VERB --help`")
  .addHelpText(
    "after",
    `
Examples:
  uptime-agent demo                              a simulated plant, live
  uptime-agent check -c plant.yaml               every error of a configuration at once
  uptime-agent test -c plant.yaml                poll once, print what would be sent, send nothing
  uptime-agent run -c plant.yaml                 run the agent
  uptime-agent status -c plant.yaml              how a running agent does
  uptime-agent read --host 10.0.0.9 --reference 40001    what a device holds
  uptime-agent replay -c plant.yaml --input samples.ndjson
  uptime-agent simulate --port 5020              simulated machines on Modbus TCP

Exit codes: 0 done, 1 a check failed, 64 usage, 65 bad data, 69 unreachable, 70 internal,
73 cannot create, 74 I/O, 75 try again, 77 permission, 78 configuration.`,
  );

/** A verb with the options every verb has. */
export function verb(
  name: string,
  description: string,
  examples: string[],
  parent: Command = program,
): Command {
  const command = parent
    .command(name)
    .description(description)
    .option("-c, --config <file>", "configuration file", "plant.yaml")
    .option("--json", "one JSON document on stdout; streams are NDJSON")
    .option("-q, --quiet", "less talk", (_, n: number) => n + 1, 0)
    .option("-v, --verbose", "more talk", (_, n: number) => n + 1, 0)
    .option("--timeout <duration>", "give up after this long, such as 10s")
    .exitOverride();
  return command.addHelpText(
    "after",
    `\nExamples:\n${examples.map((line) => `  ${line}`).join("\n")}`,
  );
}

export function runs<O>(command: Command, run: Run<O>): void {
  command.action(async () => {
    const options = command.opts<O & GlobalOptions & { config: string }>();
    try {
      process.exitCode = await run(options);
    } catch (error) {
      process.exitCode = explain(error, options);
    }
  });
}

export const withOptions = (command: Command, options: Options): Command => {
  for (const [flags, text] of options) command.option(flags, text);
  return command;
};

/** A word that several verbs begin with. */
export const group = (name: string): Command =>
  program.commands.find((command) => command.name() === name) ??
  program.command(name).description(GROUPS[name] ?? "");

/** Runs what was typed. Sets the exit code. */
export async function parse(): Promise<void> {
  try {
    await program.parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
  }
}
