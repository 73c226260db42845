/**
 * Stands for gpiodetect, gpioinfo, gpioget and gpiomon: a real process with real pipes and signals. What it prints
 * comes from the simulated board (board.ts) over a socket; it knows nothing itself.
 *
 *   node tool.mjs SOCKET TOOL ARGUMENTS…
 */
import { connect } from "node:net";

const [socketPath, tool, ...args] = process.argv.slice(2);
const board = connect(socketPath);
let rest = "";

const obey = ({ out, err, exit }) => {
  if (out !== undefined) process.stdout.write(out);
  if (err !== undefined) process.stderr.write(`${tool}: ${err}\n`);
  if (exit !== undefined) process.exitCode = exit;
};

board.setEncoding("utf8");
board.on("connect", () => board.write(`${JSON.stringify({ tool, args })}\n`));
board.on("data", (text) => {
  const lines = (rest + text).split("\n");
  rest = lines.pop();
  for (const line of lines) obey(JSON.parse(line));
});
board.on("end", () => board.end());
board.on("error", () => {
  process.exitCode = 1;
});
// The real tools die of a closed pipe too.
process.stdout.on("error", () => board.destroy());
