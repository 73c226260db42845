/** Held databases behave as before, and survive what aborts loose ones on Node 24.19 and later. */
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { hold } from "../../../agent/store/hold.ts";

const open = (): Database.Database => hold(new Database(":memory:"));

test("pragmas answer as the library's own do", () => {
  const db = open();
  expect(db.pragma("synchronous")).toEqual([{ synchronous: 2 }]);
  expect(db.pragma("synchronous = NORMAL")).toEqual([]);
  expect(db.pragma("user_version = 7", { simple: true })).toBeUndefined();
  expect(db.pragma("synchronous", { simple: true })).toBe(1);
  expect(db.pragma("user_version", { simple: true })).toBe(7);
});

test("transactions and statements work, a closed database stays closed", () => {
  const db = open();
  db.exec("CREATE TABLE t (x)");
  const insert = db.prepare("INSERT INTO t VALUES (?)");
  db.transaction(() => insert.run(1))();
  expect(() =>
    db.transaction(() => {
      insert.run(2);
      throw new Error("undone");
    })(),
  ).toThrow("undone");
  expect(db.prepare("SELECT x FROM t").pluck().all()).toEqual([1]);
  db.close();
  expect(() => insert.run(3)).toThrow("not open");
});

test("calls whose objects nobody could hold are refused", () => {
  const db = open();
  expect(() => db.prepare("SELECT 1").iterate()).toThrow("LIMIT");
  expect(() => db.backup("copy.db")).toThrow("VACUUM INTO");
});

test("collection of garbage at any moment leaves the process alive", async () => {
  for (let i = 0; i < 50; i += 1) {
    const db = open();
    db.pragma("synchronous");
    db.prepare("SELECT 1").get();
    db.close();
  }
  let garbage: unknown[] = [];
  for (let turn = 0; turn < 60; turn += 1) {
    await new Promise((next) => setImmediate(next));
    for (let i = 0; i < 200; i += 1) garbage.push(new Array(1000).fill(turn));
    if (garbage.length > 5000) garbage = [];
  }
  expect(open().prepare("SELECT 1").pluck().get()).toBe(1);
});
