/**
 * Writes to a store until it is killed. Its whole state is a number, told by snapshots and inputs; it prints what a
 * start found and every commit that was acknowledged.
 */
const [open, options] = process.argv.slice(2);
const { openStore } = await import(open);
const { store, recovered } = await openStore(JSON.parse(options));

let n = Number(recovered.snapshot ?? 0);
for (const input of recovered.inputs) if (input.kind === "cycle") n = input.values.total;
const { nextSeq, lost, quarantined } = recovered;
process.stdout.write(`${JSON.stringify({ found: n, nextSeq, lost, quarantined })}\n`);

const START = Date.UTC(2026, 10, 23, 6);
for (;;) {
  n += 1;
  const at = START + n * 1000;
  const base = { asset: "press-01", source: "main", bad: {}, failure: null };
  store.append({ kind: "cycle", at, values: { total: n }, ...base });
  const record = { seq: n, topic: "t", payload: `${n}`, retain: false, class: "state" };
  const result = await store.commit({
    at,
    facts: [
      {
        kind: "count",
        asset: "press-01",
        at,
        recipe: "a7",
        idealCycleUs: null,
        place: "loading",
        total: 1,
        good: 1,
        reject: 0,
      },
    ],
    records: [{ ...record, asset: "press-01", at, keep: false }],
    heads: {},
    ...(n % 7 === 0 ? { snapshot: `${n}` } : {}),
  });
  process.stdout.write(
    `${JSON.stringify(result.ok ? { kept: n } : { fault: result.fault.code })}\n`,
  );
}
