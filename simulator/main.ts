/** Entry point of `uptime-agent simulate`, as its own process. Wires streams and signals, nothing else. */
import { simulate } from "./simulate.ts";

const stop = new AbortController();
process.once("SIGINT", () => stop.abort());
process.once("SIGTERM", () => stop.abort());

process.exitCode = await simulate(process.argv.slice(2), {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  stop: stop.signal,
  onTruthRequest: (write) => void process.on("SIGUSR2", write),
});
