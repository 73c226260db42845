/** `scan`: serial ports and GPIO chips of this gateway, and the units of a bus that is named. Never sweeps a network. */
import { type SurveyedChip, surveyChips } from "../../drivers/gpio/survey.ts";
import { driverClock, systemClock } from "../clock.ts";
import { examinedText, meaningOf } from "../commission/examine.ts";
import { within } from "../commission/patience.ts";
import { progressBar } from "../commission/progress.ts";
import {
  type Place,
  placesOf,
  type ScanOptions,
  type ScanResult,
  scanPlaces,
} from "../commission/scan.ts";
import { type SerialPortFound, serialPorts } from "../commission/serial-ports.ts";
import { plantBeside } from "../commission/target.ts";
import { EXIT, type GlobalOptions, print, say } from "./output.ts";

const WARNING =
  "silence is no proof of absence: a unit with another id, baud rate or parity, or a slow one (--patience), was not heard";

/** 0, or 69 when a bus was scanned and nobody answered. Throws `AGENT_HOLDS_BUS` and `USAGE_INVALID`. */
export async function scanCommand(options: GlobalOptions & ScanOptions): Promise<number> {
  const places = placesOf(options);
  if (places.length === 0) return await survey(options);
  const total = places.reduce((sum, { units }) => sum + units.length, 0);
  const isShown = process.stderr.isTTY && !options.json && !options.quiet;
  const bar = progressBar(total, isShown, () => systemClock.mono());
  const work = scanPlaces(places, plantBeside(options.config), options.config, (step) =>
    bar.step(`${step.label} unit ${step.unit}, ${step.found} found`),
  );
  const result = await within(options.timeout, null, work).finally(() => bar.end());
  if (options.json) print(JSON.stringify({ ...result, warning: WARNING }));
  else show(result, places);
  return result.found.length > 0 ? EXIT.done : EXIT.unreachable;
}

function show({ found, unreachable, asked }: ScanResult, places: readonly Place[]): void {
  for (const unit of found) {
    print(`unit ${unit.unit} at ${unit.label}`);
    for (const line of examinedText(unit)) print(line);
  }
  for (const { label, reason } of unreachable) say(`${label}: ${meaningOf(reason)}`);
  const units = places[0]?.units ?? [];
  say(`${found.length} found; asked ${asked} times, units ${units[0]} to ${units.at(-1)}`);
  if (unreachable.length === places.length) {
    say("next: check power, cable, and address and port (--port) or path of the device");
    return;
  }
  say(`note: ${WARNING}`);
  if (found.length > 0)
    say("next: `uptime-agent read` shows registers, `uptime-agent template show NAME` a template");
  else
    say(
      "next: check power, wiring (A/B), unit id and settings; widen with --units 1-247 --baud … --parity …",
    );
}

async function survey(options: GlobalOptions): Promise<number> {
  const ports = serialPorts();
  const ending = new AbortController();
  const look = surveyChips(null, driverClock(systemClock), ending.signal);
  const chips = await within(options.timeout, null, look).finally(() => ending.abort());
  if (options.json) {
    const gpio = typeof chips === "string" ? { reason: chips, chips: [] } : { reason: null, chips };
    print(JSON.stringify({ serialPorts: ports, gpio }));
    return EXIT.done;
  }
  showPorts(ports);
  if (typeof chips === "string") print(`GPIO: ${meaningOf(chips)}`);
  else for (const chip of chips) showChip(chip);
  say(
    "next: `uptime-agent scan --device PATH` or `uptime-agent scan --host HOST[,HOST]` asks for units",
  );
  return EXIT.done;
}

function showPorts(ports: readonly SerialPortFound[]): void {
  if (ports.length === 0) print("serial ports: none found");
  for (const { path, device, isStable } of ports)
    print(
      `serial port ${path}${isStable ? ` (now ${device})` : " (may be another adapter after a restart)"}`,
    );
}

function showChip({ name, label, lines }: SurveyedChip): void {
  print(`GPIO chip ${label} (${name}), ${lines.length} lines`);
  for (const line of lines)
    if (line.name !== null)
      print(`  ${line.name}${line.consumer === null ? "" : ` (used by ${line.consumer})`}`);
}
