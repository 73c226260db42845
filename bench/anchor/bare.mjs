// The least a Node process must do to ask one unit for registers: what start-up is compared with.
import { connect } from "node:net";

const socket = connect(Number(process.argv[2]), "127.0.0.1");
socket.on("connect", () => socket.write(Buffer.from([0, 1, 0, 0, 0, 6, 1, 3, 0, 0, 0, 20])));
socket.resume();
