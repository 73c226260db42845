/** The page of all shipped templates in Markdown, from their files. Text only; `generate.ts` decides where it goes. */
import { catalog } from "./catalog.ts";
import type { Template, TemplateReference } from "./types.ts";

const INTRO = `# Machine templates

Generated from \`config/templates/*.yaml\` by \`npm run docs\`; do not edit. An asset uses one with \`template: NAME\`; maps merge by
key, lists are replaced whole, the asset wins. A file of the same name in \`templates/\` beside the configuration takes its place.

\`\`\`
uptime-agent template list                      what there is
uptime-agent template show NAME                 the file, its sources and caveats
uptime-agent template lint FILE|NAME            schema, plan, fixtures, rules and sources of one of your own
uptime-agent template test NAME --host 10.0.0.9 --unit 1       read a device, compare with what the model plausibly shows
uptime-agent simulate --template NAME           serve the fixture as a Modbus TCP device
\`\`\`

Grades: \`verified\` was read from a device whose display agreed; \`from-manual\` is transcribed from the maker's document;
\`community\` rests on other people's maps or on a convention, and must be confirmed on the machine. **No template has been
verified on hardware yet.** Every one is loaded, planned, decoded, simulated and judged by its rules in the tests.
`;

/** The whole page. Broken templates are left out; a test finds them. */
export function templatesPage(): string {
  const known = catalog("/").flatMap(({ name, template }) =>
    template ? [{ name, template }] : [],
  );
  const rows = known.map(({ name, template }) => {
    const { grade, vendor, products } = template;
    return `| [${name}](#${name}) | ${grade ?? "–"} | ${vendor ?? "–"} | ${cell(products.join(", "))} |`;
  });
  const table = ["| template | grade | vendor | products |", "|---|---|---|---|", ...rows];
  const parts = known.map(({ name, template }) => section(name, template));
  return `${INTRO}\n${table.join("\n")}\n\n${parts.join("\n\n")}\n`;
}

function section(name: string, template: Template): string {
  const lines = [`## ${name}`, "", template.description.trim(), "", "Sources:", ""];
  lines.push(...template.sources.map((source) => `- ${sourceText(source)}`));
  if (template.caveats.length > 0) lines.push("", "Mind:", "");
  lines.push(...template.caveats.map((caveat) => `- ${caveat}`));
  return lines.join("\n");
}

function sourceText({ title, edition, place, url, points }: TemplateReference): string {
  const covered = points ? `for ${points.map((id) => `\`${id}\``).join(", ")}` : undefined;
  const name = url?.startsWith("http") ? `[${title}](${url})` : title;
  return [name, edition, place, covered].filter((part) => part !== undefined).join(", ");
}

const cell = (text: string): string => text.replaceAll("|", "\\|");
