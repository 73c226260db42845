/** Options of the verbs that look at devices, as data: flags and what they say in the help. */

export type Options = readonly (readonly [flags: string, text: string])[];

/** Where a bus is. */
export const BUS: Options = [
  ["--connection <id>", "a connection of the configuration"],
  ["--host <host>", "a Modbus TCP device or gateway"],
  ["--port <port>", "its TCP port; default 502"],
  ["--device <path>", "a serial port, best by /dev/serial/by-id/…"],
  ["--baud <rate>", "of the serial port; default 19200"],
  ["--parity <word>", "none, even (default) or odd"],
  ["--stop-bits <n>", "1 (default) or 2"],
  ["--framing <word>", "rtu or ascii; with --host: serial frames over TCP"],
  ["--patience <duration>", "wait this long for one answer; default 1s"],
];

export const READ: Options = [
  ...BUS,
  ["--unit <id>", "unit id; default 1"],
  ["--table <word>", "coil, discrete, input or holding (default)"],
  ["--address <n>", "address on the wire, from 0"],
  ["--reference <n>", "the manual's number instead: 40001, 30001, 10001, 00001"],
  ["--count <n>", "registers or bits; default 4"],
  ["--type <list>", "all, or such as float32,uint16"],
  ["--trace", "every frame on stderr, with milliseconds"],
];

/** Lists where one bus has one value. */
const LISTS: Record<string, string> = {
  "--host <host>": "Modbus TCP devices or gateways, such as 10.0.0.9,10.0.0.12",
  "--baud <rate>": "such as 9600,19200 (default both)",
  "--parity <word>": "such as even,none (default both)",
  "--patience <duration>": "wait this long for one answer; default 300ms",
};

export const SCAN: Options = [
  ...BUS.map(([flags, text]) => [flags, LISTS[flags] ?? text] as const),
  ["--units <list>", "unit ids such as 1-10,17; default 1-32 serial, 0-10,255 TCP"],
];

export const IDENTIFY: Options = [
  ...BUS,
  ["--unit <id>", "unit id; default 1"],
  ["--save", "from now on the agent insists on this identity"],
  ["--replace", "also where another one is known"],
];
