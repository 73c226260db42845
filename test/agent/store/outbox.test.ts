/** The outbox of the store keeps what every outbox promises the publisher. */
import { rmSync } from "node:fs";
import { openStore } from "../../../agent/store/open.ts";
import { outboxContract } from "../../publisher/outbox-contract.ts";
import { commitOf, optionsFor, START, temporary } from "./plant.ts";

outboxContract("the store", async () => {
  const { folder } = temporary();
  const { store } = await openStore(optionsFor(folder));
  return {
    outbox: { ...store, stats: () => store.outbox() },
    commit: async (rows) => {
      const records = rows.map((row) => ({ ...row, keep: row.seq % 2 === 0 }));
      const result = await store.commit(commitOf(START, { records }));
      if (!result.ok) throw result.fault;
    },
    close: async () => {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
});
