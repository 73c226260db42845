/** `accept --show`: the acceptance records beside the store, oldest first. Changes nothing. */
import { registerMapOf } from "../accept/register-map.ts";
import { listKept, shelfOf } from "../accept/shelf.ts";
import { keptLine } from "../accept/text.ts";
import type { Plant } from "../plant.ts";
import { EXIT, type GlobalOptions, print, say } from "./output.ts";

/** 0, or 1 when a file there holds no sound record. */
export function showAccepted(plant: Plant, options: GlobalOptions & { asset?: string }): number {
  const kept = listKept(shelfOf(plant));
  const shown = kept.flatMap(({ file, record }) => {
    if (!record || (options.asset !== undefined && record.asset !== options.asset)) return [];
    const isKnown = plant.model.assets.some(({ id }) => id === record.asset);
    const { fingerprint } = record.registerMap;
    const isSame = isKnown ? registerMapOf(plant, record.asset).fingerprint === fingerprint : null;
    return [{ file, isSame, record }];
  });
  const damaged = kept.flatMap(({ file, record }) => (record ? [] : [file]));
  if (options.json) {
    const records = shown.map(({ file, isSame, record }) => {
      const { asset, time, by, customer, result, registerMap } = record;
      const { fingerprint } = registerMap;
      return { file, asset, time, by, customer, result, fingerprint, isCurrentMap: isSame };
    });
    print(JSON.stringify({ records, damaged }));
  } else {
    for (const { record, isSame } of shown) print(keptLine(record, isSame));
    if (kept.length === 0) say("nothing was accepted yet; next: `uptime-agent accept --asset ID`");
  }
  for (const file of damaged) say(`${file} is no sound acceptance record`);
  return damaged.length === 0 ? EXIT.done : EXIT.failed;
}
