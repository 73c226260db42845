/** What a first configuration is made of: options as they were given, defaults, and what the template leaves open. */
import { hostname } from "node:os";
import { type Data, isData, merge, openTemplate, readTemplate } from "../../config/template.ts";
import { oneOf, usage, whole } from "../commission/target.ts";
import { Fault } from "../core/fault.ts";
import type { StarterFacts } from "./starter.ts";

/** As typed. */
export interface Given {
  gateway?: string;
  enterprise?: string;
  site?: string;
  timezone?: string;
  broker?: string;
  asset?: string;
  name?: string;
  area?: string;
  line?: string;
  template?: string;
  host?: string;
  port?: string;
  device?: string;
  baud?: string;
  parity?: string;
  chip?: string;
  unit?: string;
}

/** `directory`: beside it local templates are looked for. Throws `USAGE_INVALID`, `TEMPLATE_MISSING`. */
export function starterFacts(given: Given, directory: string): StarterFacts {
  const template = given.template ?? null;
  const asset = given.asset ?? "press-01";
  const connection = connectionOf(given);
  const hasUnits = connection["driver"] !== "gpio";
  return {
    gateway: given.gateway ?? ownName(),
    enterprise: given.enterprise ?? "my-company",
    site: given.site ?? "my-site",
    timezone: given.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    broker: given.broker ?? null,
    connection,
    ...{ asset, name: given.name ?? asset, template },
    ...{ area: given.area ?? "area-1", line: given.line ?? "line-1" },
    unit: hasUnits ? whole("--unit", given.unit ?? "1", 0, 255) : null,
    example: template === null ? {} : exampleOf(template, directory),
  };
}

const IDS: readonly (keyof Given)[] = ["asset", "area", "line", "enterprise", "site"];

/** Why an answer cannot be used, so that it is asked for again; null where it can. `check` judges the rest. */
export function wrongAnswer(key: keyof Given, answer: string, directory: string): string | null {
  if (key === "host" && answer === "") return "without it nothing can be read";
  if (key === "template" && answer !== "" && openTemplate(answer, directory) === null)
    return `there is no template ${answer}`;
  if (key === "unit" && !(/^\d{1,3}$/.test(answer) && Number(answer) <= 255))
    return "a whole number from 0 to 255";
  if (IDS.includes(key) && !/^[a-z0-9-]{1,32}$/.test(answer))
    return "1 to 32 lower-case letters, digits and hyphens, such as press-01";
  return null;
}

/** The host name as far as an id may hold it. */
const ownName = (): string =>
  hostname()
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .slice(0, 32) || "gateway";

function connectionOf({
  host,
  port,
  device,
  baud,
  parity,
  chip,
}: Given): StarterFacts["connection"] {
  const ways = [host, device, chip].filter((way) => way !== undefined);
  if (ways.length !== 1) throw usage("say where the machine is: one of --host, --device, --chip");
  if (chip !== undefined) return { driver: "gpio", chip };
  if (host !== undefined) {
    // People write `10.0.0.9:5020`; an IPv6 address has more colons.
    const [, name = host, own = "502"] = /^([^:]+):(\d+)$/.exec(host) ?? [];
    return { driver: "modbus-tcp", host: name, port: whole("--port", port ?? own, 1, 65_535) };
  }
  return {
    ...{ driver: "modbus-rtu", device: device ?? "" },
    baudRate: whole("--baud", baud ?? "19200", 300, 1_000_000),
    parity: oneOf("--parity", parity ?? "even", ["none", "even", "odd"]),
  };
}

/** What the template leaves to the asset. Throws `TEMPLATE_MISSING`. */
function exampleOf(name: string, directory: string): Data {
  const document = openTemplate(name, directory);
  if (!document) throw new Fault("TEMPLATE_MISSING", `there is no template ${name}`, { name });
  return (readTemplate(document).template?.example ?? {}) as Data;
}

/** The template's points are lines of the gateway. */
export function isOnLines(name: string | undefined, directory: string): boolean {
  const document = name === undefined ? null : openTemplate(name, directory);
  const read = document && readTemplate(document);
  const points = (merge(read?.asset ?? {}, read?.template?.example ?? {}) as Data)["points"];
  return isData(points) && Object.values(points).some((point) => isData(point) && "line" in point);
}
