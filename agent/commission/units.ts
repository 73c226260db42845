/**
 * Which units of a bus answer. Any sound answer counts, an exception too: it is the unit that speaks. Silence is no
 * proof of absence, and that is said.
 */
import type { Reading } from "../../drivers/driver.ts";
import type { Line } from "./line.ts";

export type Presence =
  /** The unit, or a gateway that knows it, answered. */
  | { state: "answers"; reason: string | null }
  /** Nothing came, or the gateway says that nothing came. */
  | { state: "silent"; reason: string }
  /** The bus itself could not be used. */
  | { state: "unreachable"; reason: string };

const POINT = { id: "0", table: "holding", address: 0, type: "uint16" };
const UNREACHABLE = /^(MODBUS_(REFUSED|ABSENT|CLOSED)|PORT_)/;
const GATEWAY = /^MODBUS_EXCEPTION_1[01]$/;

/** One holding register is asked for: a device without it says so, and that is an answer. */
export async function presenceOf(line: Pick<Line, "read">, unit: number): Promise<Presence> {
  return presence(await line.read(unit, [POINT]));
}

function presence({ failure, samples }: Reading): Presence {
  const sample = samples.get("0");
  const reason = failure ?? (sample?.quality === "bad" ? sample.reason : null);
  if (reason === null) return { state: "answers", reason };
  if (UNREACHABLE.test(reason)) return { state: "unreachable", reason };
  const isSilence = GATEWAY.test(reason) || !reason.startsWith("MODBUS_EXCEPTION");
  return { state: isSilence ? "silent" : "answers", reason };
}

/** Asks each unit over a fresh line where the last one was silent: its rest and its doubts are not the next unit's. */
export async function scanUnits(
  open: () => Line,
  units: readonly number[],
  before: (unit: number) => void,
  each: (unit: number, presence: Presence, line: Line) => Promise<void>,
): Promise<void> {
  let line: Line | null = null;
  try {
    for (const unit of units) {
      before(unit);
      line ??= open();
      const found = await presenceOf(line, unit);
      await each(unit, found, line);
      if (found.state === "unreachable") return;
      if (found.state === "answers") continue;
      await line.close();
      line = null;
    }
  } finally {
    await line?.close();
  }
}
