/**
 * The Modbus TCP server all peers poll: a process of its own, so that its cost is not the client's. Counts polls
 * and notes when each came. Forked; speaks over IPC: "mark" begins a measurement, "take" gives it.
 */
import { createServer } from "node:net";
import { machine } from "./machine.mjs";

const now = () => Number(process.hrtime.bigint()) / 1e6;
const machines = new Map();
/** Arrivals in milliseconds (CLOCK_MONOTONIC) by unit, since the mark. */
let arrivals = new Map();
let keeps = false;
let polls = 0;
let first = null;

function answer(request) {
  const unit = request[6];
  const count = request.readUInt16BE(10);
  const key = unit * 1_000 + count;
  let found = machines.get(key);
  if (!found) {
    found = machine(unit, count);
    machines.set(key, found);
  }
  const at = now();
  note(unit, at);
  const words = found.read(at);
  const reply = Buffer.allocUnsafe(9 + 2 * count);
  request.copy(reply, 0, 0, 4);
  reply.writeUInt16BE(3 + 2 * count, 4);
  reply[6] = unit;
  reply[7] = request[7];
  reply[8] = 2 * count;
  for (let i = 0; i < count; i++) reply.writeUInt16BE(words[i], 9 + 2 * i);
  return reply;
}

function note(unit, at) {
  polls++;
  first ??= at;
  if (!keeps) return;
  const list = arrivals.get(unit);
  if (list) list.push(at);
  else arrivals.set(unit, [at]);
}

const server = createServer({ noDelay: true }, (socket) => {
  let bytes = Buffer.alloc(0);
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk) => {
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
    while (bytes.length >= 12) {
      socket.write(answer(bytes.subarray(0, 12)));
      bytes = bytes.subarray(12);
    }
  });
});

process.on("message", ({ ask, keep }) => {
  if (ask === "mark") {
    arrivals = new Map();
    keeps = keep === true;
    polls = 0;
    first = null;
    process.send({ marked: now() });
  } else process.send({ polls, first, at: now(), arrivals: [...arrivals.values()] });
});
process.on("disconnect", () => process.exit(0));
server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
