/** The page that a configuration asks for, with its password read; null where none is configured. */
import { Fault } from "../core/fault.ts";
import { besideConfig, type Plant } from "../plant.ts";
import { readSecrets } from "../publisher/secret.ts";
import { type Page, type PagePorts, servePage } from "./server.ts";

/** Throws Fault `PAGE_UNAVAILABLE`; a page that cannot be served stops nothing else. */
export async function openPage(plant: Plant, ports: PagePorts): Promise<Page | null> {
  const { page } = plant.config;
  if (page === undefined) return null;
  const { host, port, passwordFile } = page;
  const password =
    passwordFile === undefined ? null : await passwordIn(besideConfig(plant, passwordFile), ports);
  const opened = await servePage({ host, port, password }, ports);
  ports.log.info("page", { host, port: opened.port, isGuarded: password !== null });
  return opened;
}

async function passwordIn(path: string, { log }: PagePorts): Promise<string> {
  try {
    const secrets = await readSecrets({ passwordFile: path, ca: null, cert: null, keyFile: null });
    if (secrets.exposed.length > 0)
      log.warn("every user of the gateway can read the page's password", { path });
    if (secrets.password !== undefined) return secrets.password;
  } catch (error) {
    throw new Fault(
      "PAGE_UNAVAILABLE",
      `the password of the page cannot be read: ${path}`,
      { path },
      error,
    );
  }
  throw new Fault("PAGE_UNAVAILABLE", `the password of the page is missing: ${path}`, { path });
}
