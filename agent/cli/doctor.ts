/** `doctor`: what is wrong or will be, without touching a machine. */
import { duration } from "../commission/target.ts";
import { diagnose } from "../diagnosis.ts";
import { loadPlant } from "../plant.ts";
import { EXIT, type GlobalOptions, print, say } from "./output.ts";

/** 0 when all is well, 1 when something needs attention. */
export async function doctorCommand(options: GlobalOptions & { config: string }): Promise<number> {
  const plant = loadPlant(options.config);
  const timeoutMs = options.timeout === undefined ? 3_000 : duration("--timeout", options.timeout);
  const findings = await diagnose(plant, timeoutMs);
  const ok = findings.every((finding) => finding.ok);
  if (options.json) print(JSON.stringify({ ok, findings }));
  else
    for (const { about, ok: isWell, lines, next } of findings) {
      print(`${isWell ? "ok  " : "WARN"} ${about}`);
      for (const line of lines) print(`       ${line}`);
      if (next !== null) say(`next: ${next}`);
    }
  return ok ? EXIT.done : EXIT.failed;
}
