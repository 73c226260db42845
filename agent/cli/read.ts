/** `read`: raw registers of one unit beside everything they may mean. Reads once; changes nothing. */
import { systemClock } from "../clock.ts";
import { openLine, type Trace } from "../commission/line.ts";
import { within } from "../commission/patience.ts";
import { type ReadResult, readText } from "../commission/read-text.ts";
import {
  functionOf,
  isBits,
  placeOfReference,
  readWords,
  TABLES,
  type Table,
} from "../commission/registers.ts";
import {
  oneOf,
  plantBeside,
  type TargetOptions,
  targetOf,
  usage,
  whole,
} from "../commission/target.ts";
import { VIEW_TYPES, VIEWED, type ViewType, viewsOf } from "../commission/views.ts";
import { FAULTS, Fault, type FaultCode } from "../core/fault.ts";
import { EXIT, type GlobalOptions, print, say } from "./output.ts";

export interface ReadOptions extends TargetOptions {
  table?: string;
  address?: string;
  reference?: string;
  count?: string;
  type?: string;
  trace?: boolean;
}

const DEFAULT_COUNT = "4";
/** Beyond this many words, every type at every place is no help any more. */
const MOST_VIEWED = 16;
const PATIENCE_MS = 30_000;

/** 0 when every address was read, 69 when some were refused. Throws the Fault when nothing was read. */
export async function readCommand(options: GlobalOptions & ReadOptions): Promise<number> {
  const target = targetOf(options);
  const { table, address } = placeIn(options);
  const most = isBits(table) ? 2000 : 125;
  const count = whole(
    "--count",
    options.count ?? DEFAULT_COUNT,
    1,
    Math.min(most, 65_536 - address),
  );
  const types = typesIn(options, count);
  const unit = whole("--unit", options.unit ?? "1", 0, 255);
  const trace = options.trace ? tracer() : undefined;
  const line = await openLine(plantBeside(options.config), target, trace ? { trace } : {});
  try {
    const began = systemClock.mono();
    const words = await within(
      options.timeout,
      PATIENCE_MS,
      readWords(line, unit, table, address, count),
    );
    const ms = Math.round(systemClock.mono() - began);
    const { failure } = words;
    if (failure !== null)
      throw new Fault(
        failure as FaultCode,
        `unit ${unit} at ${target.label}: ${table} ${address} could not be read`,
        { unit, table, address },
      );
    show({ ...words, label: target.label, unit, via: line.via, ms }, types, options);
    const refused = words.words.find(({ word }) => word === null);
    if (refused) say(`next: ${FAULTS[refused.reason as FaultCode].hint}`);
    return refused ? EXIT.unreachable : EXIT.done;
  } finally {
    await line.close();
  }
}

function placeIn({ table, address, reference }: ReadOptions): { table: Table; address: number } {
  if (reference === undefined) {
    const named = oneOf("--table", table ?? "holding", TABLES);
    if (address === undefined)
      throw usage("say what: --address N (on the wire, from 0) or --reference 40001");
    return { table: named, address: whole("--address", address, 0, 65_535) };
  }
  const place = placeOfReference(reference);
  if (address !== undefined) throw usage("--address and --reference say the same thing: give one");
  if (table !== undefined && table !== place.table)
    throw usage(`--reference ${reference} lies in table ${place.table}, not ${table}`);
  return place;
}

function typesIn({ type = "all" }: ReadOptions, count: number): ViewType[] {
  if (type !== "all") return type.split(",").map((each) => oneOf("--type", each, VIEW_TYPES));
  return VIEW_TYPES.filter((each) => count <= MOST_VIEWED || VIEWED[each] === 1);
}

function show(result: ReadResult, types: ViewType[], { json, quiet }: GlobalOptions): void {
  if (json) {
    print(JSON.stringify(plain(result, types)));
    return;
  }
  for (const line of readText(result, types)) print(line);
  const isCut = !isBits(result.table) && result.words.length > MOST_VIEWED && types.length > 1;
  if (isCut && !quiet) say("next: `--type float32` shows wider types, or read fewer words");
}

function plain({ words, failure: _, ...result }: ReadResult, types: ViewType[]): object {
  const views = isBits(result.table)
    ? []
    : viewsOf(
        words.map(({ word }) => word),
        types,
      ).flatMap(({ at, ...view }) => {
        const { address, reference } = words[at]!;
        return view.value === null ? [] : [{ address, reference, ...view }];
      });
  return { ...result, function: functionOf(result.table), words, views };
}

/** Frames on stderr, with the milliseconds since the first. */
function tracer(): Trace {
  let first: number | null = null;
  return (direction, bytes) => {
    const now = systemClock.mono();
    first ??= now;
    const at = (now - first).toFixed(1).padStart(8);
    const shown = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    say(`${at} ms  ${direction.padEnd(8)}  ${shown}`);
  };
}
