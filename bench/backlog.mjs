/** Fills the outbox of a plant's store with records of about 500 bytes: `node bench/backlog.mjs PLANT COUNT`. */
import { loadPlant } from "../dist/agent/plant.js";
import { openPlantStore } from "../dist/agent/storage.js";

const BATCH = 1_000;
const [file, count] = process.argv.slice(2);
const at = Date.now();
const { store, recovered } = await openPlantStore(loadPlant(file), at);
const first = recovered.nextSeq;
for (let seq = first; seq < first + Number(count); seq += BATCH) {
  const records = [];
  for (let n = seq; n < Math.min(seq + BATCH, first + Number(count)); n++) {
    const topic = `uptime1/acme/ulm/hall/l1/m-${(n % 20) + 1}/window/hour`;
    const payload = JSON.stringify({ id: `bench/${n}`, seq: n, filler: "x".repeat(460) });
    records.push({
      seq: n,
      topic,
      payload,
      retain: false,
      class: "window",
      asset: `m-${(n % 20) + 1}`,
      at,
      keep: n % 2 === 0,
    });
  }
  const result = await store.commit({ at, facts: [], records, heads: {} });
  if (!result.ok) throw result.fault;
}
await store.close();
