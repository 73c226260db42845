// Publishes messages of 500 bytes with mqtt.js alone, QoS 1, a fixed window refilled on each acknowledgment.
// Prints the milliseconds from the first publish to the last acknowledgment.
import { connectAsync } from "mqtt";

const [port, count, window] = process.argv.slice(2).map(Number);
const client = await connectAsync(`mqtt://127.0.0.1:${port}`, {
  protocolVersion: 5,
  manualConnect: false,
});
const payload = "x".repeat(500);
let sent = 0;
let acknowledged = 0;
const began = performance.now();
await new Promise((resolve, reject) => {
  const send = () => {
    client.publish(`bench/plain/${sent % 20}`, payload, { qos: 1 }, (error) => {
      if (error) reject(error);
      acknowledged++;
      if (acknowledged === count) resolve();
      else if (sent < count) send();
    });
    sent++;
  };
  for (let i = 0; i < window; i++) send();
});
console.log(JSON.stringify({ ms: performance.now() - began }));
await client.endAsync();
