/** A first configuration with comments that say what to change next. Pure: text from facts; `check` judges it. */
import { flowText, word } from "./flow.ts";

export interface StarterFacts {
  gateway: string;
  enterprise: string;
  site: string;
  timezone: string;
  /** URL of the broker, null: none yet. */
  broker: string | null;
  /** As the driver's schema names them, `driver` first. */
  connection: Record<string, string | number>;
  asset: string;
  name: string;
  area: string;
  line: string;
  /** Null where the driver has none. */
  unit: number | null;
  /** Name of a machine model, null: points written out. */
  template: string | null;
  /** What the template leaves to the asset, with example values. */
  example: Record<string, unknown>;
}

export function starterText(facts: StarterFacts): string {
  const { gateway, enterprise, site, timezone, connection } = facts;
  return `# Made by \`uptime-agent init\`. After every change: \`uptime-agent check\`. All keys: docs/config.md.
version: 1
gateway: ${flowText({ id: gateway, enterprise, site, timezone })}
store:
  path: data/agent.db           # beside this file; \`uptime-agent doctor\` predicts its size
${broker(facts)}
connections:
  machine: ${flowText(connection)}
# calendars:                    # without one all time is scheduled
#   two-shift:
#     shifts:
#       - { id: early, days: mon-fri, start: "06:00", end: "14:00", breaks: [{ start: "10:00", end: "10:30" }] }
#       - { id: late, days: mon-fri, start: "14:00", end: "22:00" }
assets:
  ${word(facts.asset)}:
    name: ${word(facts.name)}
    area: ${word(facts.area)}
    line: ${word(facts.line)}
${source(facts)}
${facts.template === null ? PLAIN : modelled(facts.template, facts.example)}
    # idealCycle: 1.2s          # or idealRate: 50/min, or recipes: needed for performance and OEE
    # microStop: 5min           # shorter stops between production are micro-stops
    # calendar: two-shift
`;
}

const broker = ({ broker: url }: StarterFacts): string =>
  url === null
    ? `# mqtt:                         # without a broker records wait in the outbox
#   url: mqtts://broker.example:8883
#   username: gateway
#   passwordFile: /etc/uptime-agent/broker.password    # secrets are never in this file
#   namespace: uptime1`
    : `mqtt:
  url: ${JSON.stringify(url)}     # username with passwordFile: secrets are never in this file
  namespace: uptime1`;

/** A line with its comment in the usual column. */
const noted = (line: string, comment: string): string => `${line.padEnd(31)} # ${comment}`;

function source({ unit, template }: StarterFacts): string {
  const lines = ["    connection: machine"];
  if (unit !== null)
    lines.push(
      noted(`    unit: ${unit}`, "`uptime-agent identify --save` makes the agent insist on it"),
    );
  // A template knows how often its machine is to be read.
  if (template === null) lines.push("    poll: 1s");
  return lines.join("\n");
}

function modelled(template: string, example: Record<string, unknown>): string {
  const lines = [noted(`    template: ${word(template)}`, "`uptime-agent template show NAME`")];
  if (Object.keys(example).length > 0)
    lines.push(
      "    # What the template leaves open, with example values: change them to your machine.",
    );
  for (const [key, value] of Object.entries(example)) lines.push(...entry(key, value));
  return lines.join("\n");
}

/** One line each for what a map or a list holds. */
function entry(key: string, value: unknown): string[] {
  const head = `    ${word(key)}:`;
  if (Array.isArray(value)) return [head, ...value.map((each) => `      - ${flowText(each)}`)];
  if (typeof value !== "object" || value === null) return [`${head} ${flowText(value)}`];
  return [
    head,
    ...Object.entries(value).map(([name, each]) => `      ${word(name)}: ${flowText(each)}`),
  ];
}

const PLAIN = `    points:                     # \`uptime-agent read --host HOST --reference 40001\` shows what a register holds
      status: { table: holding, address: 0, type: uint16 }
      total:  { table: holding, address: 2, type: uint32, counter: { maxRate: 5/s } }
      good:   { table: holding, address: 4, type: uint32, counter: { maxRate: 5/s } }
    condition:                  # the first rule that is true wins
      - { is: fault,     when: { point: status, in: [8, 9] } }
      - { is: producing, when: { point: status, equals: 6 } }
      - { is: idle }
    counts: { total: total, good: good }`;
