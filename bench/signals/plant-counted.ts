/**
 * The part `counted`: the cycle time told by nothing but a counter of pieces, read every 10 s. A piece takes about 30 s, or
 * half a second; false alarms of healthy months, and leads of the wear that slows the machine.
 */
import { countedModel } from "./plant-model.ts";
import { runFailure, runHealthy } from "./plant-run.ts";
import { poissonBound, quantile } from "./plant-statistics.ts";
import { cpu, fixed, head, leadOf, type PlantOptions, row, STINT } from "./plant-table.ts";
import { bankWatch } from "./plant-watch.ts";

const MACHINES: [name: string, perCycle: number][] = [
  ["a piece in 22 to 42 s", 1],
  ["a piece in 0.4 to 0.7 s", 60],
];

export function countedTable({ months, runs, firstSeed, say }: PlantOptions): void {
  const begin = cpu();
  say(head("machine", "false alarms", "per month", "95 % bound", "tool 5 %", "belt 5 %", "missed"));
  for (const [name, perCycle] of MACHINES) {
    const model = countedModel();
    let alarms = 0;
    for (let done = 0; done < months; done += STINT) {
      const seed = firstSeed + done / STINT;
      const span = Math.min(STINT, months - done);
      const run = runHealthy(seed, span, model, bankWatch(model), 1, perCycle);
      alarms += run.alarms.length;
      for (const { kind, channel, reason, plantAt } of run.alarms)
        console.error(
          `seed ${seed} ${new Date(plantAt).toISOString()} ${kind} ${channel} ${reason}`,
        );
    }
    let missed = 0;
    const leads = (["tool", "belt"] as const).map((kind) => {
      const all = Array.from({ length: runs }, (_, i) =>
        leadOf(runFailure(kind, firstSeed + i, model, bankWatch(model), 1, perCycle)),
      );
      missed += all.filter((lead) => lead === null).length;
      const days = all.map((lead) => lead ?? 0);
      return `${fixed(quantile(days, 0.05), 2)} (${fixed(quantile(days, 0.5), 2)})`;
    });
    const bound = poissonBound(alarms) / months;
    say(row(name, alarms, fixed(alarms / months, 3), fixed(bound, 3), ...leads, missed));
  }
  say(`\n${fixed(cpu() - begin, 0)} s of CPU.`);
}
