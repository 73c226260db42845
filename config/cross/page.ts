/** The local page must not be open to a network by mistake. */
import type { Draft } from "../draft.ts";
import { errorAtKey, type Report } from "./report.ts";

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

/** Only programs on the gateway itself reach such an address. */
export const isLoopback = (host: string): boolean => LOOPBACK.test(host);

export function checkPage(report: Report, { host, passwordFile }: Draft["page"]): void {
  if (host === undefined || isLoopback(host) || passwordFile !== undefined) return;
  const hint = "add `passwordFile`, or listen on 127.0.0.1";
  errorAtKey(report, ["page", "host"], "is open to the network without a password", hint);
}
