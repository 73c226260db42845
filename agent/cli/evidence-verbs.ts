/** The verbs about evidence as the command line knows them: what they say of themselves, and where they are. */
import type { ExportOptions } from "./export.ts";
import type { ImportOptions } from "./import.ts";
import { runs, verb } from "./program.ts";
import type { VerifyOptions } from "./verify.ts";

const each = (value: string, known: string[] = []): string[] => [...known, value];
const KEY = ["--key <file>", "a public key you trust, PEM or base64; repeatable"] as const;

export function evidenceVerbs(): void {
  const verify = verb(
    "verify [targets...]",
    "check evidence offline: a store, an exported bundle, an acceptance record, or a stream of records",
    [
      "uptime-agent verify -c plant.yaml",
      "uptime-agent verify november.evidence --key gw-ulm-01.pem --against heads.ndjson",
      'mosquitto_sub -t \'uptime1/#\' -F \'{"topic":"%t","payload":%p}\' | uptime-agent verify -',
    ],
  )
    .option(...KEY, each)
    .option("--against <file>", "chain heads kept elsewhere: status records, NDJSON or JSON")
    .option("--allow-declared-breaks", "breaks the gateway itself declared are no failure");
  runs<VerifyOptions>(verify, async (options) =>
    (await import("./verify.ts")).verifyCommand(verify.args, options),
  );
  runs<ExportOptions>(
    verb("export", "write evidence as one file, to be verified anywhere", [
      "uptime-agent export --last 31d --out november.evidence",
      "uptime-agent export --from 2026-11-01T00:00:00Z --to 2026-12-01T00:00:00Z --asset press-01 --out press.evidence",
      "uptime-agent export --hand-over --out gw-ulm-01.evidence",
    ])
      .option("--from <time>", "records of windows that end after it; default: everything")
      .option("--to <time>", "and begin before it")
      .option("--last <duration>", "such as 31d, back from the last commit")
      .option("--asset <ids>", "such as press-01,press-02; default: all, and the contracts")
      .option("--out <file>", "the bundle")
      .option("--hand-over", "everything another gateway needs to go on; stop the agent first"),
    async (options) => (await import("./export.ts")).exportCommand(options),
  );
  runs<ImportOptions>(
    verb("import", "go on where another gateway ended", [
      "uptime-agent import --take-over gw-ulm-01.evidence -c plant.yaml",
    ])
      .option("--take-over <bundle>", "made with `uptime-agent export --hand-over`")
      .option(...KEY, each),
    async (options) => (await import("./import.ts")).importCommand(options),
  );
}
