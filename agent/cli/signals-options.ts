/** Options of `signals replay` and `signals plot` as data: flags and what they say in the help. */
import type { Options } from "./options.ts";

export const TABLE: Options = [
  ["--data <file>", "a CSV with a header; - for stdin"],
  ["--separator <char>", "between cells; default: found in the header. tab for a tabulator"],
  ["--time <column>", "time of the row; default: the first column that says and holds one"],
  ["--state <column>", "operating state: one baseline per state"],
  ["--columns <list>", "look at these channels only"],
  ["--exclude <list>", "leave these columns out"],
  ["--labels <column>", "above 0 where a fault is: prints scores"],
  ["--train <rows>", "learn from this many first rows, assumed healthy; default 400"],
  ["--sensitivity <word>", "quiet, normal (default) or keen"],
  ["--profile <file>", "knobs, YAML or JSON: docs/signals.md"],
];
