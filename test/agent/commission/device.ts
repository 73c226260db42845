/** A device of plain registers behind the simulator's server, for tests of commissioning. */
import { type ModbusServer, startModbus } from "../../../simulator/modbus.ts";
import type { Device } from "../../../simulator/modbus-request.ts";

export interface Registers {
  holding?: number[];
  input?: number[];
  bits?: number[];
  identity?: [string, string, string];
}

/** Tables begin at address 0 and end with the last word that is given. */
export function deviceOf({ holding, input, bits, identity }: Registers): Device {
  const tables = { holding, input, coil: bits, discrete: bits };
  return {
    identity: identity ?? ["Acme", "X1", "1.2"],
    read(table, address, quantity) {
      const words = tables[table] ?? [];
      return address + quantity <= words.length ? words.slice(address, address + quantity) : null;
    },
  };
}

/** Units by id. The map may be changed while it serves. */
export const serveUnits = (devices: Map<number, Device>): Promise<ModbusServer> =>
  startModbus({ host: "127.0.0.1", port: 0, devices });
