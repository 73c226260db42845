/** A Modbus server with the simulator's register map whose machines start and stop all the time; it counts requests. */
import { type ModbusServer, startModbus } from "../../simulator/modbus.ts";
import type { Device } from "../../simulator/modbus-request.ts";

const PRODUCING = 6;
const IDLE = 4;
const UNITS = 100;

export interface Toggling extends ModbusServer {
  /** `Date.now()` of every request to unit 1. */
  readonly asked: number[];
}

/** Units 1 to 100 produce for `everyMs`, then stand still for `everyMs`, and so on. */
export async function startToggling(everyMs: number): Promise<Toggling> {
  const asked: number[] = [];
  const status = (): number => (Math.floor(Date.now() / everyMs) % 2 === 0 ? PRODUCING : IDLE);
  const device: Device = {
    read: (table, address, quantity) =>
      Array.from({ length: quantity }, (_, i) =>
        table === "holding" && address + i === 0 ? status() : 0,
      ),
    identity: ["acme", "toggling", "1"],
  };
  const server = await startModbus({
    host: "127.0.0.1",
    port: 0,
    devices: new Map(Array.from({ length: UNITS }, (_, i) => [i + 1, device])),
    behave: ({ unit }) => {
      if (unit === 1) asked.push(Date.now());
      return { do: "answer" };
    },
  });
  return Object.assign(server, { asked });
}
