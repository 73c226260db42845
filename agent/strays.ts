/**
 * Frames that nobody asked for: another master on the bus, or a device that answers twice. A single one is noise;
 * several within half a minute are told, once until the bus was quiet for as long.
 */
import type { Connection } from "../drivers/driver.ts";

export interface StrayWatch {
  /** Due with every slot; `mono` in monotonic milliseconds. */
  look(mono: number): void;
}

const LOOK_MS = 30_000;
/** So many within one look are no accident. */
const MANY = 3;

/** `tell` gets the connection and how many frames came since the last look. */
export function watchStrays(
  connections: ReadonlyMap<string, Pick<Connection, "health">>,
  tell: (connection: string, frames: number) => void,
): StrayWatch {
  const seen = new Map<string, number>();
  const told = new Set<string>();
  let due = Number.NEGATIVE_INFINITY;
  return {
    look(mono) {
      if (mono < due) return;
      due = mono + LOOK_MS;
      for (const [id, connection] of connections) {
        const all = connection.health().strays ?? 0;
        // A port that was opened anew counts from 0.
        const before = seen.get(id) ?? 0;
        const frames = all >= before ? all - before : all;
        seen.set(id, all);
        if (frames < MANY) told.delete(id);
        else if (!told.has(id)) {
          told.add(id);
          tell(id, frames);
        }
      }
    },
  };
}
