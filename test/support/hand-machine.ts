/**
 * A machine over Modbus TCP whose states, buttons and measurements the test sets by hand; it counts a piece every
 * 100 ms while it produces. The register map is that of the simulator. Real time.
 */
import { type ModbusServer, startModbus } from "../../simulator/modbus.ts";

export const PRODUCING = 6;
export const IDLE = 4;
export const FAULT = 9;
const PIECE_MS = 100;

const words32 = (value: number): number[] => [value >>> 16, value & 0xffff];

export interface HandMachine {
  port: number;
  status: number;
  reason: number;
  /** Of the discrete input 3: a key switch at the machine. */
  isPressed: boolean;
  /** Degrees of the oil, tenths. */
  oilTemp10: number;
  close(): Promise<void>;
}

export async function startHandMachine(): Promise<HandMachine> {
  const state = { status: PRODUCING, reason: 0, isPressed: false, oilTemp10: 400 };
  const began = Date.now();
  let [made, since] = [0, began];
  const total = (): number => {
    const now = Date.now();
    if (state.status === PRODUCING) made += now - since;
    since = now;
    return Math.floor(made / PIECE_MS);
  };
  const holding = (): number[] => {
    const pieces = words32(total());
    return [state.status, state.reason, ...pieces, ...pieces, 7];
  };
  const input = (): number[] => [state.oilTemp10, 200, 0x4086, 0x6666, 0x4148, 0, 612, 0, 0, 0];
  const image = {
    holding,
    input,
    discrete: () => [0, 0, 0, Number(state.isPressed)],
    coil: () => [1, 1],
  };
  const server: ModbusServer = await startModbus({
    host: "127.0.0.1",
    port: 0,
    devices: new Map([
      [
        1,
        {
          read: (table, address, quantity) => {
            const words = image[table]();
            return address + quantity > words.length
              ? null
              : words.slice(address, address + quantity);
          },
          identity: ["acme", "hand", "1"],
        },
      ],
    ]),
  });
  return Object.assign(state, { port: server.port, close: () => server.close() });
}
