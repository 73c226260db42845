/** Interned ids and words: each once in the database, by number in the rows. Assumes one writer. */
import type { Db } from "./sqlite.ts";

export interface Words {
  /** The number of a word, made on first use, inside the transaction at hand. */
  id(word: string): number;
  /** The same, with null for null. */
  idOrNull(word: string | null): number | null;
  /** The number of a word that may never have been used; -1 then. */
  find(word: string): number;
  word(id: number): string;
  /** Forgets what a rolled-back transaction interned. */
  reload(): void;
}

export function openWords(db: Db): Words {
  const ids = new Map<string, number>();
  const words = new Map<number, string>();
  const insert = db.prepare("INSERT INTO words (word) VALUES (?)");

  const reload = (): void => {
    ids.clear();
    words.clear();
    for (const row of db.prepare("SELECT id, word FROM words").all() as {
      id: number;
      word: string;
    }[]) {
      ids.set(row.word, row.id);
      words.set(row.id, row.word);
    }
  };
  const id = (word: string): number => {
    const known = ids.get(word);
    if (known !== undefined) return known;
    const made = Number(insert.run(word).lastInsertRowid);
    ids.set(word, made);
    words.set(made, word);
    return made;
  };

  reload();
  return {
    id,
    idOrNull: (word) => (word === null ? null : id(word)),
    // A reader beside the agent meets words that are younger than it is.
    find(word) {
      if (!ids.has(word)) reload();
      return ids.get(word) ?? -1;
    },
    word(number) {
      if (!words.has(number)) reload();
      return words.get(number) ?? "";
    },
    reload,
  };
}
