/**
 * `uptime-agent simulate --template NAME`: one Modbus TCP device with the registers of a fixture of a template.
 * The registers stand still; a plant that lives is a scenario. Reads only, as every device here.
 */
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { chainOf, type Image, imageOf, readImage } from "../config/fixture.ts";
import { openTemplate, readTemplate } from "../config/template.ts";
import type { Template } from "../config/types.ts";
import { startModbus } from "./modbus.ts";
import type { Device } from "./modbus-request.ts";
import type { SimulateIo } from "./simulate-io.ts";

const USAGE = `usage: uptime-agent simulate --template NAME [--fixture NAME] [-c plant.yaml]
         [--host 127.0.0.1] [--port 5020] [--unit 1] [--json]
Serves the registers of a template's fixture (default: its first) until it is interrupted.
Example: uptime-agent simulate --template eastron-sdm630 --fixture standby
`;

/** A device with an image's registers; what it does not list does not exist. */
export const imageDevice = (image: Image, product: string): Device => ({
  read: (table, address, quantity) => readImage(image, table, address, quantity),
  identity: ["uptime-agent simulator", product, "1.0"],
});

/** Returns the exit code: 0 done, 64 usage, 73 the port cannot be opened, 78 no such template or fixture. */
export async function simulateTemplate(args: string[], io: SimulateIo): Promise<number> {
  const wishes = wishesOf(args, io);
  if (wishes === null) return 64;
  const { name, host, port, unit } = wishes;
  const document = openTemplate(name, dirname(wishes.config));
  const template = document && readTemplate(document).template;
  const found = template && deviceOf(template, wishes.fixture);
  if (!found) {
    io.stderr(`there is no template ${name} with a fixture ${wishes.fixture ?? ""} of registers\n`);
    io.stderr("next: `uptime-agent template list` and `uptime-agent template show NAME`\n");
    return 78;
  }
  const device = imageDevice(found.image, name);
  const server = await startModbus({ host, port, devices: new Map([[unit, device]]) }).catch(
    (error: Error) => error,
  );
  if (server instanceof Error) {
    io.stderr(`cannot listen on ${host}:${port}: ${server.message}; choose another --port\n`);
    return 73;
  }
  const served = { event: "serving", host, port: server.port, template: name, unit };
  if (wishes.json) io.stdout(`${JSON.stringify({ ...served, fixture: found.fixture })}\n`);
  io.stderr(
    `serving ${name}/${found.fixture} at modbus-tcp ${host}:${server.port}, unit ${unit}\n`,
  );
  await stopped(io.stop);
  await server.close();
  io.stderr(`ended after ${server.stats.requests} requests\n`);
  return 0;
}

/** The named fixture, or the first; null where it has no registers. */
function deviceOf(
  template: Template,
  wanted: string | undefined,
): { image: Image; fixture: string } | null {
  const fixture = wanted ?? template.fixtures[0]?.name ?? "";
  const image = imageOf(chainOf(template, fixture));
  const size = Object.values(image).reduce((sum, table) => sum + table.size, 0);
  return size > 0 ? { image, fixture } : null;
}

function wishesOf(args: string[], io: SimulateIo) {
  const text = { type: "string" } as const;
  try {
    const { values } = parseArgs({
      args,
      options: {
        template: text,
        fixture: text,
        config: { type: "string", short: "c" },
        host: text,
        port: text,
        unit: text,
        json: { type: "boolean" },
      },
    });
    return {
      name: values.template ?? "",
      fixture: values.fixture,
      config: values.config ?? "plant.yaml",
      host: values.host ?? "127.0.0.1",
      port: whole("--port", values.port ?? "5020", 65_535),
      unit: whole("--unit", values.unit ?? "1", 255),
      json: values.json ?? false,
    };
  } catch (error) {
    io.stderr(`${(error as Error).message}\n${USAGE}`);
    return null;
  }
}

function whole(option: string, text: string, most: number): number {
  if (/^\d+$/.test(text) && Number(text) <= most) return Number(text);
  throw new RangeError(`${option} must be an integer from 0 to ${most}`);
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
