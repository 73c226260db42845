/** `schema [name]`: the JSON Schemas that ship with the agent, for editors and for receivers of records. */
import { bundledSchema, schemaNames } from "../../config/schemas.ts";
import { EXIT, print, say } from "./output.ts";

export function schemaCommand(name: string | undefined): number {
  if (name === undefined) {
    for (const known of schemaNames()) print(known);
    return EXIT.done;
  }
  const found = bundledSchema(name) ?? bundledSchema(`records/${name}`);
  if (!found) {
    say(`there is no schema "${name}"`);
    say("next: `uptime-agent schema` lists the names");
    return EXIT.usage;
  }
  print(JSON.stringify(found, null, 2));
  return EXIT.done;
}
